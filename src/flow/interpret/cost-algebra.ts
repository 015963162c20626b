import { own } from "../../data/json.js"
import type { FlowAlgebra } from "../fold.js"
import type { Agent, Code, Count, Node, Traverse } from "../node.js"
import type { Params } from "../runtime.js"
import { graphMost } from "./cost-graph.js"
import { both, type Chance, cheapestOf, copyOf, either, free, inOrder, oneAsk, severalOf } from "./cost-least.js"
import { limited, retried } from "./cost-limits.js"
import {
  anything,
  aside,
  askOf,
  hedged,
  inTurn,
  type Most,
  nothing,
  oneOf,
  repeated,
  together,
  waiting,
  within,
} from "./cost-most.js"
import type { Size } from "./cost-sizes.js"

/** What a part of a flow costs. */
export interface Bounds {
  /** The fewest asks with which it succeeds. */
  readonly least: Chance
  /** The fewest asks with which it fails: what a recovery or a quorum around it may get away with. */
  readonly fails: Chance
  readonly most: Most
}

/** What one ask of an agent takes, as its user expects it: not enforced, and so no bound. */
export interface Estimate {
  /** Model calls per ask. */
  readonly requests?: number
  /** Tokens per ask, in and out together. */
  readonly tokens?: number
  /** US dollars per ask. */
  readonly usd?: number
  /** Milliseconds per ask. */
  readonly latency?: number
  /** How many of its asks fail: from 0, none, to 1, all. */
  readonly failure?: number
}

/** What the bounds of a node depend on besides the nodes inside it. */
export interface Surroundings {
  readonly params: Params
  readonly estimates: Readonly<Record<string, Estimate>>
  /** How long the lists are that arrive at a `Traverse`. */
  readonly sizeAt: (node: Traverse, path: string) => Size
  /** The nodes inside a limit, where an ask may be refused. */
  readonly refusable: ReadonlySet<Node>
}

const mayThrow = (code: Code): boolean => code._tag !== "Constant" && code._tag !== "Name"

/** The values that a number of the flow can have. */
export function range(count: Count, params: Params): { readonly from: number; readonly to: number } {
  if (typeof count === "number") return { from: count, to: count }
  const value = own(params, count.name)
  if (typeof value === "number") return { from: value, to: value }
  return { from: count.minimum ?? 1, to: count.maximum ?? Infinity }
}

function askMost({ ref }: Agent, path: string, estimates: Surroundings["estimates"]): Most {
  const { caps } = ref
  const guess = own(estimates, ref.name)
  const model = caps?.requests === 0 ? 0 : undefined // what calls no model takes no tokens and no money
  const enforced = Math.min(caps?.latency ?? Infinity, ref.timeout ?? Infinity)
  return askOf(ref.name, path, {
    requests: caps?.requests ?? guess?.requests ?? Infinity,
    tokens: model ?? caps?.tokens ?? guess?.tokens ?? Infinity,
    usd: model ?? caps?.usd ?? guess?.usd ?? Infinity,
    latency: enforced === Infinity ? (guess?.latency ?? Infinity) : enforced,
  })
}

const leasts = (kids: readonly Bounds[]): Chance[] => kids.map((kid) => kid.least)
const failures = (kids: readonly Bounds[]): Chance[] => kids.map((kid) => kid.fails)
const mosts = (kids: readonly Bounds[]): Most[] => kids.map((kid) => kid.most)

/** Steps in a row, the later ones on what the first gives. */
const row = (kids: readonly Bounds[]): Bounds => ({ ...inOrder(kids), most: inTurn(mosts(kids)) })

/** What asks nobody and may fail all the same. */
const shaky = (): Bounds => ({ least: free(), fails: free(), most: nothing() })

/** What is not known before it runs. */
const unknown = (path: string): Bounds => ({ ...shaky(), most: anything(path) })

/** The bounds of a flow, from the tree alone. Each result is used up by the node around it. */
export const bounds = ({ params, estimates, sizeAt, refusable }: Surroundings): FlowAlgebra<Bounds> => ({
  Pure: (node) => ({ least: free(), fails: mayThrow(node.code) ? free() : undefined, most: nothing() }),

  // What does not fit its schema, a prompt that cannot be computed, and a limit: each fails before anything is asked.
  Agent(node, _, { path }) {
    const early = node.ref.input !== undefined || node.override !== undefined || refusable.has(node)
    return {
      least: oneAsk(node.ref.name),
      fails: early ? free() : oneAsk(node.ref.name),
      most: askMost(node, path, estimates),
    }
  },

  Fail: () => ({ least: undefined, fails: free(), most: nothing() }),

  Seq: (_, kids) => row(kids),

  Let: (_, { of, body }) => row([of, body]),

  // The function may throw, or choose what is not among the choices.
  FlatMap(_, { of, among }, { path }) {
    const chosen: Bounds =
      among === undefined
        ? unknown(path)
        : { ...shaky(), least: cheapestOf(leasts(among), 1), most: oneOf(mosts(among)) }
    return row([of, chosen])
  },

  All: (_, kids) => ({
    least: leasts(kids).reduce(both, free()),
    fails: cheapestOf(failures(kids), 1),
    most: together(mosts(kids)),
  }),

  AtLeast(node, kids, { path }) {
    const n = range(node.n, params)
    const required = new Set(node.required)
    const musts = kids.filter((_, i) => required.has(i))
    const rest = kids.filter((_, i) => !required.has(i))
    // A required member's failure decides alone; otherwise so many must fail that n can no longer be met.
    const alone = cheapestOf(failures(musts).map(copyOf), 1)
    const enough = cheapestOf(failures(kids), Math.max(0, kids.length - n.to + 1))
    return {
      least: both(leasts(musts).reduce(both, free()), cheapestOf(leasts(rest), Math.max(0, n.from - musts.length))),
      fails: either(enough, alone, free()),
      most: node.hedge === undefined ? together(mosts(kids)) : hedged(mosts(kids), node.hedge, path),
    }
  },

  Race: (node, kids) => ({
    least: cheapestOf(leasts(kids), 1),
    fails: node.wins === "settled" ? cheapestOf(failures(kids), 1) : failures(kids).reduce(both, free()),
    most: together(mosts(kids)),
  }),

  // No case may fit, so the choice itself can fail, as soon as its classifier has answered.
  Branch(_, { by, arms, otherwise }) {
    const ways = otherwise === undefined ? arms : [...arms, otherwise]
    return row([by ?? shaky(), { ...shaky(), least: cheapestOf(leasts(ways), 1), most: oneOf(mosts(ways)) }])
  },

  // With `on`, another fault passes through; a `Defect`, which only `on` can name, may come at any time.
  Recover(node, { of, handler }) {
    const fails = node.on?.includes("Defect") ? free() : of.fails
    return {
      least: either(of.least, fails, handler.least),
      fails: node.on === undefined ? both(of.fails, handler.fails) : of.fails,
      most: inTurn([of.most, handler.most]),
    }
  },

  // A turn that answers neither `Continue` nor `Done` fails the loop, and so does the last one without `Done`.
  Loop: (node, body, { path }) => ({
    least: body.least,
    fails: either(body.fails, body.least, free()),
    most: repeated(body.most, { times: range(node.max, params).to }, path),
  }),

  // What is no list fails before anything is asked; an empty one asks nobody.
  Traverse(node, body, { path }) {
    const size = sizeAt(node, path)
    const atOnce = Math.min(size.max, node.concurrency ?? Infinity)
    const rounds = atOnce === size.max ? Math.min(size.max, 1) : Math.ceil(size.max / atOnce)
    const needed = node.atLeast === undefined ? size.min : range(node.atLeast, params).from
    return {
      least: needed > size.max ? undefined : severalOf(body.least, needed),
      fails: free(),
      most: repeated(body.most, { times: size.max, rounds, atOnce }, path),
    }
  },

  // The first try may succeed, and a fault that is not tried again may come with it.
  Retry: (node, of, { path }) => ({
    least: of.least,
    fails: of.fails,
    most: retried(of.most, node, range(node.times, params).to, path),
  }),

  // What needs more asks than are allowed cannot succeed.
  Limit: (node, of) => ({
    least: of.least !== undefined && of.least.asks > (node.calls ?? Infinity) ? undefined : of.least,
    fails: of.fails,
    most: limited(of.most, node),
  }),

  // Nobody waits for a side flow but for a `tap`; a condition of `divertTo` that throws fails nothing.
  Divert: (node, { of, side }) => (node.how === "tap" ? row([of, side]) : { ...of, most: aside(of.most, side.most) }),

  Guard: (_, { of, by }) => row(by === undefined ? [of, shaky()] : [of, by, shaky()]),

  Graph: (node, kids) => ({
    least: leasts(kids).reduce(both, free()),
    fails: cheapestOf(failures(kids), 1),
    most: graphMost(
      node,
      kids.map((kid) => kid.most),
    ),
  }),

  Call: (_, of, { path }) => of ?? unknown(path),

  // The answer may never come.
  Suspend: (_, __, { path }) => ({ ...shaky(), most: waiting(path, Infinity) }),

  Sleep: (node, _, { path }) => ({ least: free(), fails: undefined, most: waiting(path, node.ms) }),

  // A deadline may pass before anything is asked.
  Within: (node, of, { path }) => ({ least: of.least, fails: free(), most: within(of.most, node.ms, path) }),
})
