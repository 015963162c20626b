import { isRecord } from "../data/json.js"
import { flow as typed, nodeOf } from "./build.js"
import { close } from "./closed.js"
import { type FlowAlgebra, fold } from "./fold.js"
import { mainAgentOf, memberNames } from "./members.js"
import type { Branch, Constant, Name, Node, Pure, Seq } from "./node.js"
import { rebuild } from "./rebuild.js"
import { melts } from "./spine.js"
import type { Flow } from "./types.js"

/** A node in normal form, and what the rewriting of those around it asks about it. */
interface Normal {
  readonly node: Node
  /** Whether it, or a node within, has an id: then it is not dropped. */
  readonly named: boolean
  /** Whether it fails whenever it is reached, so that nothing runs after it. */
  readonly fails: boolean
  /** The steps of a sequence that melts into the one around it. */
  readonly steps?: readonly Normal[]
  /** What it gives, without looking at what it gets: then it cannot fail. */
  readonly gives?: Constant | Name
  /** Whether what it gets does not matter to it. */
  readonly ignores?: boolean
  /** Whether documents know a `split` by it. */
  readonly part?: boolean
  /** A branch, and its arms. */
  readonly choice?: { readonly node: Branch; readonly of: readonly Normal[]; readonly otherwise: Normal | undefined }
}

/**
 * The normal form of a flow: what it says without its detours. Two flows with the same normal form run alike, in value,
 * faults up to their paths, and asks in their order; the normal form costs no more.
 *
 * Only laws that hold for every flow are used: nested sequences are flattened; steps that pass on what they get (the empty
 * sequence, a map to `value`) go; a constant whose value the next step does not look at goes; what follows a step that
 * always fails goes; a branch on a field of a constant is the arm of its tag; the recovery of what cannot fail goes, and so
 * does a retry of no times; remarks go. What has an id stays, and so do the choices of `flatMap`, which are told by their
 * hash. Idempotent. Throws `InvalidFlow` for a flow that reads a name which nothing binds.
 *
 * @example
 * ```ts
 * import { identity, lift, named, pure } from "troupe"
 * import { equals, normalize } from "troupe/flow"
 * const double = lift(named("double", (n: number) => n * 2))
 * const roundabout = identity<number>().andThen(pure(1).andThen(pure(21))).andThen(double)
 * equals(normalize(roundabout), pure(21).andThen(double)) // true
 * ```
 */
export function normalize<I, O>(flow: Flow<I, O>): Flow<I, O> {
  const node = nodeOf(flow)
  close(node)
  return typed(fold(node, eager).node)
}

const labelled = ({ id }: Node): boolean => id !== undefined
/** Remarks are not part of what a flow says. */
function bare(node: Node): Node {
  if (node.note === undefined) return node
  const { note: _, ...rest } = node
  return rest
}
const one = (node: Node, kids: readonly (Normal | undefined)[] = [], fails = false): Normal => ({
  node: bare(node),
  named: labelled(node) || kids.some((kid) => kid?.named === true),
  fails,
})
const nodes = (kids: readonly Normal[]): Node[] => kids.map(({ node }) => node)

const empty: Normal = { node: { _tag: "Seq", parts: [] }, named: false, fails: false, steps: [] }

/** Whether a part asks anybody, so that it stays although it never runs. */
type Asks = (node: Node) => boolean

/** Steps in a row, shortened. */
function row(kids: readonly Normal[], asks: Asks): Normal[] {
  const out: Normal[] = []
  const next = kids.toReversed()
  for (let kid = next.pop(); kid !== undefined; kid = next.pop()) {
    const before = out.at(-1)
    if (kid.steps !== undefined) next.push(...kid.steps.toReversed())
    else if (before?.fails === true) {
      if (kid.named || asks(kid.node)) out.push(kid)
    } else {
      const arm = before && chosen(before, kid, asks)
      if (arm !== undefined) next.push(arm)
      else {
        if (kid.ignores) while (droppable(out.at(-1))) out.pop()
        out.push(kid)
      }
    }
  }
  return out
}

const droppable = (last: Normal | undefined): boolean => last !== undefined && !last.named && last.gives !== undefined

/** The arm that a branch takes after a constant, where no other part of it has a name to keep. */
function chosen(before: Normal, { choice }: Normal, asks: Asks): Normal | undefined {
  if (choice === undefined || labelled(choice.node) || asks(choice.node)) return undefined
  const { node, of, otherwise } = choice
  const tag = tagGiven(before, node.on)
  if (tag === undefined) return undefined
  const arm = of[node.tags.indexOf(tag)] ?? otherwise
  return [...of, otherwise].some((other) => other !== arm && other?.named === true) ? undefined : arm
}

function tagGiven({ gives }: Normal, on: Branch["on"]): string | undefined {
  if (!("key" in on) || gives?._tag !== "Constant" || !isRecord(gives.value)) return undefined
  const tag: unknown = Object.getOwnPropertyDescriptor(gives.value, on.key)?.value
  return typeof tag === "string" || typeof tag === "number" || typeof tag === "boolean" ? String(tag) : undefined
}

/** Whether an expression is the value itself. */
const isValue = ({ code }: Pure): boolean =>
  code._tag === "Expr" && JSON.stringify(code.canonical((name) => name)) === '["name","value"]'

const normal = (asks: Asks): FlowAlgebra<Normal> => ({
  Pure: (node) => {
    const { code } = node
    if (isValue(node) && !labelled(node)) return empty
    if (code._tag === "Constant" || code._tag === "Name") return { ...one(node), gives: code, ignores: true }
    return code._tag === "Arity" || code._tag === "Element" ? { ...one(node), part: true } : one(node)
  },
  Agent: (node) => one(node),
  Fail: (node) => ({ ...one(node, [], true), ignores: true }),
  Seq: (node, kids) => (node.unit ? unit(node, kids, asks) : sequence(node, kids, asks)),
  Let: (node, { of, body }, at) => {
    if (of.fails && !body.named && !labelled(node) && !asks(body.node)) return of
    return one(rebuild.Let(node, { of: of.node, body: body.node }, at), [of, body], of.fails || body.fails)
  },
  FlatMap: (node, { of, among }) => one({ ...node, of: of.node }, [of, ...(among ?? [])], of.fails),
  All: (node, of) => one({ ...node, of: nodes(of) }, of, failing(of)),
  Traverse: (node, body) => one({ ...node, body: body.node }, [body]),
  AtLeast: (node, of) => {
    const made = { ...node, of: nodes(of) }
    const [before, after] = [memberNames(node), memberNames(made)]
    if (before.every((name, i) => name === after[i])) return one(made, of)
    const careful = node.of.map((member) => fold(member, keeping, kept))
    return one({ ...node, of: nodes(careful) }, careful)
  },
  Race: (node, of) => one({ ...node, of: nodes(of) }, of),
  Branch: (node, { by, arms, otherwise }, at) => {
    const kids = { by: by?.node, arms: nodes(arms), otherwise: otherwise?.node }
    const made = one(rebuild.Branch(node, kids, at), [by, ...arms, otherwise])
    return { ...made, choice: { node, of: arms, otherwise } }
  },
  Recover: (node, { of, handler }) => {
    if (of.gives !== undefined && !handler.named && !labelled(node)) return of
    return one({ ...node, of: of.node, handler: handler.node }, [of, handler])
  },
  Loop: (node, body) => one({ ...node, body: body.node }, [body], body.fails),
  Within: (node, of) => one({ ...node, of: of.node }, [of], of.fails),
  Retry: (node, of) =>
    (node.times === 0 || of.gives !== undefined) && !labelled(node)
      ? of
      : one({ ...node, of: of.node }, [of], of.fails),
  Limit: (node, of) => one({ ...node, of: of.node }, [of], of.fails),
  Divert: (node, { of, side }) => one({ ...node, of: of.node, side: side.node }, [of, side], of.fails),
  Guard: (node, { of, by }, at) => one(rebuild.Guard(node, { of: of.node, by: by?.node }, at), [of, by], of.fails),
  Graph: (node, of) => one({ ...node, of: nodes(of) }, of, failing(of)),
  Call: (node, of) => one(of === undefined ? node : { ...node, of: of.node }, [of], of?.fails),
  Suspend: (node) => one(node),
  Sleep: (node) => one(node),
})

const eager = normal(() => false)

// A member of a quorum is called by its agent, which may stand in a part that never runs: such a part then stays.
const keeping = normal((node) => mainAgentOf(node) !== undefined)
const kept = new WeakMap<Node, { readonly result: Normal }>()

function sequence(node: Seq, kids: readonly Normal[], asks: Asks): Normal {
  const steps = row(kids, asks)
  const [only, second] = steps
  if (only !== undefined && second === undefined && !labelled(node)) return only
  const made = one({ ...node, parts: nodes(steps) }, steps, failing(steps))
  return melts(made.node) ? { ...made, steps } : made
}

/** Parts that share a segment: as steps, but that a part stays one however many steps it has. */
function unit(node: Seq, kids: readonly Normal[], asks: Asks): Normal {
  if (kids[0]?.part) return one({ ...node, parts: nodes(kids) }, kids, failing(kids))
  const parts = row(kids.map(whole), asks)
  const [only, second] = parts
  if (only !== undefined && second === undefined && !labelled(only.node) && !melts(only.node)) {
    return labelled(node) ? { ...only, node: relabelled(only.node, node), named: true } : only
  }
  if (only === undefined && !labelled(node)) return empty
  return one({ ...node, parts: nodes(parts) }, parts, failing(parts))
}

const failing = (of: readonly Normal[]): boolean => of.some(({ fails }) => fails)

/** A part of a unit is one part, however many steps it has. */
function whole(kid: Normal): Normal {
  if (kid.steps === undefined || kid.steps.length === 0) return kid
  const { node, named, fails } = kid
  return { node, named, fails }
}

const relabelled = (node: Node, { id }: Node): Node => (id === undefined ? node : { ...node, id })
