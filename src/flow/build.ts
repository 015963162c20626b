import { segment } from "../data/path.js"
import { attempted, attemptFailed, extend } from "./builtin.js"
import type { Expr } from "./expr.js"
import type { Code, Fn, Limits, Node } from "./node.js"
import { InvalidFlow } from "./invalid.js"
import * as make from "./make.js"
import { list, record, shown } from "./refuse.js"
import type { AnyFlow, Flow, Mapper } from "./types.js"

// The one place where types are forgotten: what the signatures of `types.ts` have checked becomes a bare node here.

const tagOf = (given: unknown): unknown =>
  typeof given === "object" && given !== null && "_tag" in given ? given._tag : undefined

const isFlow = (given: unknown): boolean =>
  typeof given === "object" && given !== null && "node" in given && tagOf(given.node) !== undefined

/** A flow as untyped data. What is no flow is refused, for callers that no compiler saw: an agent on its own, mostly. */
export function nodeOf(flow: AnyFlow): Node {
  if (isFlow(flow)) return flow.node
  const got = tagOf(flow) === "AgentRef" ? "an agent: write agent(…) around it" : shown(flow)
  throw new InvalidFlow("flow", `expected a flow, got ${got}`)
}

/** Flows that stand side by side, as untyped data. Two of one id are refused: they would share their paths. */
export const nodesOf = (flows: readonly AnyFlow[]): Node[] => distinct(nodesIn(flows, "what stands side by side"))

/** Not by `map`, which passes over the holes of a list. */
function nodesIn(flows: readonly AnyFlow[], what: string): Node[] {
  list(flows, what, "flows")
  return Array.from(flows, nodeOf)
}

/** Members in a list, or by name in a record. */
export interface Parts {
  readonly of: Node[]
  readonly keys: readonly string[] | undefined
}

/** The members of a parallel node as untyped data. */
export function partsOf(flows: readonly AnyFlow[] | Readonly<Record<string, AnyFlow>>, what: string): Parts {
  if (isList(flows)) return { of: nodesOf(flows), keys: undefined }
  record(flows, what, "a list or a record of flows")
  return { of: nodesOf(Object.values(flows)), keys: Object.keys(flows) }
}

const isList = (flows: unknown): flows is readonly AnyFlow[] => Array.isArray(flows)

function distinct(nodes: Node[]): Node[] {
  const ids = new Set<string>()
  for (const { id } of nodes) {
    if (id === undefined) continue
    if (ids.has(id)) throw new InvalidFlow("id_twice", `two steps here have the id ${id}`, segment(id))
    ids.add(id)
  }
  return nodes
}

/**
 * A function with a name, which documents, hashes and messages know it by.
 *
 * @example
 * ```ts
 * import { lift, named } from "troupe"
 * import { encode } from "troupe/serde"
 * encode(lift(named("shout", (text: string) => text.toUpperCase()))) // { fn: "shout" }
 * ```
 */
export function named<I, O>(name: string, run: (input: I) => O): Fn<I, O> {
  make.named(name, "the name of a function")
  if (typeof run !== "function") throw new InvalidFlow("function", `named(…) got ${shown(run)}: expected a function`)
  return { _tag: "Fn", name, run }
}

/** A named function or an expression as it is; a bare function is wrapped, without a name. */
export function codeOf<I, O>(mapper: Mapper<I, O>): Fn | Expr {
  if (typeof mapper === "function") return { _tag: "Fn", name: undefined, run: mapper }
  const tag = tagOf(mapper)
  if (tag === "Expr" || (tag === "Fn" && "run" in mapper)) return mapper
  const message = `expected a function, or what named(…), cel(…) or template(…) gives, got ${shown(mapper)}`
  throw new InvalidFlow("function", message)
}

const piped = (of: Node, ...rest: readonly Node[]): Node => make.seq([of, ...rest])
const mapped = (code: Code): Node => make.pure(code)

interface Among {
  readonly among?: readonly AnyFlow[]
}

/** The fluent surface over a node. Nothing in it knows what any other node looks like. */
class Built {
  readonly node: Node
  constructor(node: Node) {
    this.node = node
  }
  map(fn: Mapper<never, unknown>): unknown {
    return flow(piped(this.node, mapped(codeOf(fn))))
  }
  andThen(next: AnyFlow): unknown {
    return flow(piped(this.node, nodeOf(next)))
  }
  zip(other: AnyFlow): unknown {
    return flow(make.all(distinct([this.node, nodeOf(other)])))
  }
  race(other: AnyFlow): unknown {
    return flow(make.race(distinct([this.node, nodeOf(other)])))
  }
  timeout(ms: number): unknown {
    return flow(make.within(this.node, ms))
  }
  recover(fn: Mapper<never, unknown>): unknown {
    const code = codeOf(fn)
    // An expression reads the fault by its name, and what arrived at the step as `value`.
    return flow(make.recover(this.node, mapped(code), code._tag === "Expr" ? "input" : "fault", undefined))
  }
  recoverWith(k: AnyFlow): unknown {
    return flow(make.recover(this.node, nodeOf(k), "fault", undefined))
  }
  recoverTag(tag: Parameters<Flow<never, unknown>["recoverTag"]>[0], k: AnyFlow): unknown {
    return flow(make.recover(this.node, nodeOf(k), "fault", [tag]))
  }
  fallbackTo(k: AnyFlow): unknown {
    return flow(make.recover(this.node, nodeOf(k), "input", undefined))
  }
  bind(name: string, k: AnyFlow): unknown {
    make.named(name, "the field that bind adds")
    return flow(piped(this.node, make.all([make.seq([]), nodeOf(k)]), mapped(extend(name))))
  }
  branch(on: string, cases: Readonly<Record<string, AnyFlow>>, otherwise?: AnyFlow): unknown {
    const rest = otherwise === undefined ? undefined : nodeOf(otherwise)
    return flow(piped(this.node, make.branch({ key: on }, ...armsOf(cases), rest)))
  }
  branchOn(pred: Mapper<never, boolean>, yes: AnyFlow, no: AnyFlow): unknown {
    const on = { code: codeOf(pred) }
    return flow(piped(this.node, make.branch(on, ["true", "false"], [nodeOf(yes), nodeOf(no)], undefined)))
  }
  flatMap(k: Fn<never, AnyFlow> | ((output: never) => AnyFlow), options: Among = {}): unknown {
    record(options, "the options of flatMap")
    const { among } = options
    const using = codeOf(k)
    if (using._tag !== "Fn") throw new InvalidFlow("function", "flatMap takes a function, or what named(…) gives")
    return flow(make.flatMap(this.node, using, among === undefined ? undefined : nodesIn(among, "among")))
  }
  retry(policy: make.RetryOptions = {}): unknown {
    return flow(make.retry(this.node, policy))
  }
  limit(limits: Limits): unknown {
    return flow(make.limit(this.node, limits))
  }
  guard(pred: Mapper<never, boolean>): unknown {
    return flow(make.guard(this.node, { code: codeOf(pred) }))
  }
  filter(pred: Mapper<never, boolean>): unknown {
    return this.guard(pred)
  }
  tap(k: AnyFlow): unknown {
    return flow(make.divert(this.node, nodeOf(k), "tap"))
  }
  notify(k: AnyFlow): unknown {
    return flow(make.divert(this.node, nodeOf(k), "notify"))
  }
  divertTo(k: AnyFlow, when: Mapper<never, boolean>): unknown {
    return flow(make.divert(this.node, nodeOf(k), "divertTo", codeOf(when)))
  }
  attempt(): unknown {
    return flow(make.attempt(this.node, attempted, attemptFailed))
  }
  id(id: string): unknown {
    return flow(make.withId(this.node, id))
  }
  note(text: string): unknown {
    return flow(make.withNote(this.node, text))
  }
}

/** The tags of cases, and the arms that they lead to. */
export function armsOf(cases: Readonly<Record<string, AnyFlow>>): readonly [tags: readonly string[], arms: Node[]] {
  record(cases, "what the cases of a branch are", "a record of flows by tag")
  return [Object.keys(cases), nodesOf(Object.values(cases))]
}

/** Puts the typed glasses on a node. The caller answers for `I` and `O`. */
export function flow<I, O>(node: Node): Flow<I, O> {
  return new Built(node) as object as Flow<I, O>
}
