import { InvalidFlow } from "../../flow/invalid.js"
import { flow, nodeOf } from "../../flow/build.js"
import { joinsBefore } from "../../flow/derived.js"
import * as make from "../../flow/make.js"
import type { Fn, Node } from "../../flow/node.js"
import { isName } from "../../flow/scope.js"
import type { AnyFlow } from "../../flow/types.js"
import { nearest } from "../../data/nearest.js"
import { kindOf, plain, type Tree, whereIs } from "../tree.js"
import { descend } from "./code.js"
import { decorators, stepFields } from "./decorators.js"
import { decodeFields, snake } from "./field.js"
import { inList } from "./flows.js"
import { nodeForms } from "./nodes.js"
import type { Known, Reader } from "./reader.js"
import { remedy } from "./remedies.js"

type StepTree = Extract<Tree, { kind: "mapping" }>

interface Step {
  readonly node: Node
  readonly as: string | undefined
}

const always: readonly string[] = ["steps", ...decorators.map(({ key }) => key), ...Object.keys(stepFields)]
const besides: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(nodeForms).map(([key, { beside }]) => [key, Object.keys(beside).map(snake)]),
)

/** Reads a step that stands alone. */
export function readStep(tree: Tree, cx: Reader): Node | undefined {
  const { node, as } = readOne(tree, cx)
  return as === undefined ? node : cx.make(tree, () => make.letIn(as, node, make.seq([])), valueOf(tree, "as"))
}

/** Reads a list of steps. What a step binds with `as` is in scope for the steps after it. */
function readSteps(tree: Tree, cx: Reader): Node | undefined {
  if (tree.kind !== "list") {
    const glued = tree.kind === "mapping" && tree.entries[0]?.key.startsWith("-")
    const hint = glued ? "put a space after the `-`" : inList
    return cx.wrong(tree, `steps is ${kindOf(tree)}`, "a list of steps", hint)
  }
  let inner = cx
  const ids = new Map<string, Tree>()
  const steps = tree.items.map((item) => {
    const step = readOne(item, inner)
    const as = step.as ?? boundBy(item)
    if (as !== undefined) inner = inner.binding(as, valueOf(item, "as") ?? item)
    if (step.node.id !== undefined) uniqueId(step.node.id, item, ids, cx)
    return step
  })
  let tail: Node[] = []
  for (let i = steps.length; i-- > 0; ) {
    const step = steps[i]
    const item = tree.items[i]
    if (step === undefined || item === undefined) continue
    const { node, as } = step
    if (as === undefined) tail.push(node)
    else {
      const rest = tail.length === 1 && tail[0] !== undefined ? tail[0] : make.seq(tail.toReversed())
      const bound = cx.make(item, () => make.letIn(as, node, rest), valueOf(item, "as"))
      if (bound === undefined) return undefined
      tail = [bound]
    }
  }
  const [first, last] = tail.toReversed()
  const joined = tail.length === 2 && first !== undefined && last !== undefined && joinsBefore(last)
  return cx.make(tree, () => (joined ? make.unit([first, last]) : make.seq(tail.toReversed())))
}

const valueOf = (tree: Tree, key: string): Tree | undefined =>
  tree.kind === "mapping" ? tree.entries.find((one) => one.key === key)?.value : undefined

/** A name is bound once along a way from the root. */
function boundOnce(as: string, tree: Tree, cx: Reader): void {
  const first = cx.bound(as)
  if (first === undefined) return
  const where = first.range === undefined ? undefined : cx.report.source?.position(first.range.start)
  cx.report.at(valueOf(tree, "as") ?? tree, {
    code: "name_rebound",
    message: `the name \`${as}\` is bound already${where === undefined ? `, at ${whereIs(first)}` : `, on line ${where.line}`}`,
    hint: "choose another name",
    related: [{ message: `\`${as}\` is bound here`, ...where }],
  })
}

/** A step that is wrong still binds its name, or every later use of it would be called free. */
function boundBy(tree: Tree): string | undefined {
  const found = valueOf(tree, "as")
  return found?.kind === "scalar" && typeof found.value === "string" ? found.value : undefined
}

function uniqueId(id: string, tree: Tree, ids: Map<string, Tree>, cx: Reader): void {
  const first = ids.get(id)
  if (first === undefined) {
    ids.set(id, tree)
    return
  }
  cx.report.at(valueOf(tree, "id") ?? tree, {
    code: "id_twice",
    message: `two steps of this sequence have the id \`${id}\``,
    hint: remedy("id_twice"),
  })
}

/** What was likely meant by a step that is no mapping. */
function stepHint(tree: Exclude<Tree, StepTree>, { agents, flows, names }: Known): string | undefined {
  if (tree.kind === "list") return "put the list under `steps:`"
  if (typeof tree.value !== "string") return "write `agent: name`, or another node key"
  if (/^[\w.-]+$/.test(tree.value)) {
    const kinds = {
      agent: [...agents.keys(), ...names.agents.keys()],
      flow: [...flows],
      fn: [...names.functions.keys()],
    }
    const known = Object.values(kinds).flat()
    const meant = known.includes(tree.value) ? tree.value : nearest(tree.value, known)
    const kind = Object.entries(kinds).find(([, some]) => meant !== undefined && some.includes(meant))?.[0]
    return kind === undefined ? `write \`agent: ${tree.value}\` for an agent` : `did you mean \`${kind}: ${meant}\`?`
  }
  const [, key, value] = /^([a-z_]+):(\S{1,60})$/.exec(tree.value) ?? []
  return key === undefined ? undefined : `put a space after the colon: \`${key}: ${value}\``
}

/** What stands for a step that is wrong, so that what stands around it is judged all the same: nothing is known of it. */
const unread: Fn = { _tag: "Fn", name: undefined, run: (value: unknown) => value }

function readOne(tree: Tree, cx: Reader): Step {
  const step = readSound(tree, cx)
  if (step !== undefined) return step
  const as = boundBy(tree)
  return {
    node: cx.places.claim(make.pure(unread), tree),
    as: as !== undefined && isName(as) ? as : undefined,
  }
}

function readSound(tree: Tree, cx: Reader): Step | undefined {
  if (tree.kind !== "mapping") {
    return cx.wrong(tree, `a step is ${kindOf(tree)}`, "a mapping with one of the node keys", stepHint(tree, cx.known))
  }
  const keys = tree.entries.filter(({ key }) => isNode(key, cx))
  const [first, second] = keys
  if (second !== undefined) {
    return cx.report.key(second, {
      code: "two_nodes",
      message: `a step has both \`${first?.key}\` and \`${second.key}\``,
      hint: "put them one after the other under `steps:`",
    })
  }
  const known = [...always, ...(besides.get(first?.key ?? "") ?? [])]
  let unknown = false
  for (const one of tree.entries) {
    if (one === first || known.includes(one.key)) continue
    unknown = true
    cx.unknownKey(one, "a step", first === undefined ? [...Object.keys(nodeForms), ...known] : known)
  }
  if (tree.entries.length === 0) return cx.wrong(tree, "a step is empty", "one of the node keys")
  const said = decodeFields(stepFields, tree, cx, "a step")
  if (said?.as !== undefined) boundOnce(said.as, tree, cx)
  const bare = first === undefined ? make.seq([]) : readNode(first.key, first.value, tree, cx)
  const node = decorated(bare, tree, cx)
  if (node === undefined || said === undefined || unknown) return undefined
  const { id, note } = said
  let outer: Node | undefined = node
  if (said.with !== undefined) outer = make.prepare(said.with, outer)
  if (note !== undefined) outer = make.withNote(outer, note)
  if (id !== undefined) {
    const inner = outer
    outer = cx.make(tree, () => make.withId(inner, id), valueOf(tree, "id"))
  }
  return outer === undefined ? undefined : { node: cx.places.claim(outer, tree), as: said.as }
}

/** Every decorator is read, also around a node that could not be, so that all that is wrong is said at once. */
function decorated(bare: Node | undefined, tree: StepTree, cx: Reader): Node | undefined {
  let node = bare
  let failed = bare === undefined
  for (const decorator of decorators) {
    const found = tree.entries.find((one) => one.key === decorator.key)
    if (found === undefined) continue
    const outer: Node | undefined = decorator.wrap(node ?? make.seq([]), found.value, cx)
    if (outer === undefined) failed = true
    else node = outer
  }
  return failed ? undefined : node
}

const isNode = (key: string, cx: Reader): boolean =>
  key === "steps" || Object.hasOwn(nodeForms, key) || cx.known.names.sugar.has(key)

function readNode(key: string, body: Tree, step: StepTree, cx: Reader): Node | undefined {
  if (key === "steps") return readSteps(body, cx)
  const form = Object.hasOwn(nodeForms, key) ? nodeForms[key] : undefined
  return form === undefined ? expand(key, body, cx) : form.read(body, step, cx)
}

/** Thrown through a sugar's `expand` when a step inside it could not be read: what is wrong is reported already. */
class Reported extends Error {}

function expand(key: string, body: Tree, cx: Reader): Node | undefined {
  const sugar = cx.known.names.sugar.get(key)
  try {
    return sugar === undefined ? undefined : nodeOf(sugar.expand(plain(body), (at) => flowAt(body, at, cx)))
  } catch (error) {
    if (error instanceof Reported) return undefined
    if (!(error instanceof InvalidFlow)) throw error
    const at = error.path === "" ? [] : error.path.split("/")
    const message = error.path === "" ? error.message : error.message.slice(error.path.length + 2)
    return cx.report.at(descend(body, at), { code: error.code, message, hint: remedy(error.code) })
  }
}

const noStep: StepTree = { kind: "mapping", entries: [], range: undefined, parent: undefined, key: "" }

/** Inside of sugar a text alone is the name of an agent. */
function flowAt(body: Tree, at: readonly (string | number)[], cx: Reader): AnyFlow {
  const tree = descend(body, at)
  const isName = tree.kind === "scalar" && typeof tree.value === "string"
  const node = isName ? nodeForms["agent"]?.read(tree, noStep, cx) : cx.step(tree)
  if (node === undefined) throw new Reported()
  return flow(node)
}
