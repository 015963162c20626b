import { segment } from "../../../data/path.js"
import { inWords, nameProblems } from "../../closed.js"
import { markOf } from "../../hash.js"
import type { FlatMap, Node } from "../../node.js"
import { rebuild } from "../../rebuild.js"
import { functionFailed, kindOf } from "./faults.js"
import { ChosenPath } from "./late-path.js"
import { type Continuation, type Exec, Failed, type Frame, type Outcome, PENDING } from "./machine.js"
import { nested } from "./nested.js"
import { evaluate, evaluatorOf, find } from "./pure.js"

const tags: ReadonlySet<unknown> = new Set(Object.keys(rebuild))

const isNode = (node: unknown): node is Node =>
  typeof node === "object" && node !== null && "_tag" in node && tags.has(node._tag)

/** The node of what should be a flow. A flow may come from another copy of this library: it is known by what it has. */
function nodeIn(chosen: unknown): Node | undefined {
  if (typeof chosen !== "object" || chosen === null || !("node" in chosen)) return undefined
  return isNode(chosen.node) ? chosen.node : undefined
}

interface Flaw {
  /** The name that is missing, unless it is in scope where the flow is run. */
  readonly name?: string
  readonly message: string
}

const flaws = new WeakMap<Node, readonly Flaw[]>()

/** What a flow lacks to be run by itself. */
function flawsOf(node: Node): readonly Flaw[] {
  let known = flaws.get(node)
  if (known === undefined) {
    known = nameProblems(node).map((problem): Flaw => {
      const { code, name, path } = problem
      const where = path === "" ? "" : `, at ${path} in it`
      if (code === "id_twice") return { message: `two steps of it have the id ${name}${where}` }
      if (code === "name_free") return { name, message: `it reads the name ${name}, which is not bound here${where}` }
      if (code === "name_rebound") return { message: `it binds the name ${name} twice${where}` }
      return { message: `${inWords(problem)}${where}` }
    })
    flaws.set(node, known)
  }
  return known
}

/** Runs the flow that a function chooses from an output. */
type Choose = (frame: Frame, input: unknown, output: unknown, k: Continuation) => Outcome

/** Choices one after the other, all on the same input: the first `length` of `all`, which longer chains share. */
interface Chain {
  readonly first: Exec
  readonly all: Choose[]
  readonly length: number
}

const chains = new WeakMap<Exec, Chain>()

/** A chain under way: one object however long it is, and no deeper a stack. */
class Choices implements Continuation {
  readonly #chain: Chain
  readonly #frame: Frame
  readonly #input: unknown
  readonly #k: Continuation
  #next = 0

  constructor(chain: Chain, frame: Frame, input: unknown, k: Continuation) {
    this.#chain = chain
    this.#frame = frame
    this.#input = input
    this.#k = k
  }

  start(): Outcome {
    const output = this.#chain.first(this.#frame, this.#input, this)
    return output === PENDING ? PENDING : this.#go(output)
  }

  resume(outcome: Outcome): void {
    const end = this.#go(outcome)
    if (end !== PENDING) this.#frame.machine.resume(this.#frame, this.#k, end)
  }

  #go(from: Outcome): Outcome {
    const { all, length } = this.#chain
    const { machine } = this.#frame
    let output = from
    while (this.#next < length && output !== PENDING && !(output instanceof Failed)) {
      if (machine.overdue()) {
        const arrived = output
        machine.later(this.#frame, () => this.resume(arrived))
        return PENDING
      }
      output = all[this.#next++]?.(this.#frame, this.#input, output, this)
    }
    return output
  }
}

function chained(of: Exec, choose: Choose): Exec {
  const before = chains.get(of)
  const all =
    before === undefined ? [] : before.all.length === before.length ? before.all : before.all.slice(0, before.length)
  all.push(choose)
  const chain: Chain = { first: before?.first ?? of, all, length: all.length }
  const exec = nested((frame, input, k) => new Choices(chain, frame, input, k).start())
  chains.set(exec, chain)
  return exec
}

/** Runs `of`, then the flow that the function chooses from its output, on the same input. */
export function choosing(
  node: FlatMap,
  of: Exec,
  among: readonly Exec[] | undefined,
  local: string,
  compile: (node: Node) => Exec,
): Exec {
  const { using, marks = [] } = node
  const evaluateUsing = evaluatorOf(using)
  const failed = (frame: Frame, message: string): Failed =>
    functionFailed(using.name, new TypeError(message), frame.path(local), "failed")

  /** The chosen flow as it was compiled with the whole. */
  const listed = (chosen: Node, kids: readonly Exec[], frame: Frame): Exec | Failed => {
    const same = node.among?.indexOf(chosen) ?? -1
    const mark = same === -1 ? markOf(chosen) : (marks[same] ?? "")
    const kid = kids[same === -1 ? marks.indexOf(mark) : same]
    if (kid !== undefined) return kid
    const message = `${using.name ?? "the function"} chose the flow ${mark}, which among does not list: expected ${marks.join(", ")}`
    return new Failed({ _tag: "NoMatch", path: frame.path(local), message, tag: mark, known: marks, retry: "no" })
  }

  const choose: Choose = (frame, input, output, k) => {
    const chosen = evaluateUsing(using, frame, output, local)
    if (chosen instanceof Failed) return chosen
    const chosenNode = nodeIn(chosen)
    if (chosenNode === undefined) {
      return failed(frame, `it gave ${kindOf(chosen)}: expected a flow`)
    }
    if (frame.cancel.cancelled) return PENDING
    // The commonest choice is a fresh constant, for which nothing need be made, compiled or looked up.
    const constant = among === undefined && chosenNode._tag === "Pure" && chosenNode.code._tag === "Constant"
    if (constant) return chosenNode.code.value
    const inside = frame.at(new ChosenPath(frame.base, local, chosenNode))
    if (among !== undefined) {
      const exec = listed(chosenNode, among, frame)
      return exec instanceof Failed ? exec : exec(inside, input, k)
    }
    const { id } = chosenNode
    // Nor need a fresh function be compiled.
    if (chosenNode._tag === "Pure" && id === undefined) {
      const { code } = chosenNode
      if (code._tag === "Fn") return evaluate(code, inside, input, "")
    }
    const flaw = flawsOf(chosenNode).find(({ name }) => name === undefined || find(frame.scope, name) === undefined)
    if (flaw !== undefined) return failed(frame, `it chose a flow that cannot run: ${flaw.message}`)
    return compile(chosenNode)(id === undefined ? inside : inside.at(inside.path(segment(id))), input, k)
  }
  return chained(of, choose)
}
