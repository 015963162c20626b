import { joinAll, single } from "../../data/rope.js"
import type { FlowAlgebra } from "../fold.js"
import type { Agent, Code, Count } from "../node.js"
import type { Params } from "../runtime.js"
import { both, type Chance, cheapestOf, copyOf, either, free, inOrder, oneAsk } from "./cost-least.js"
import { type FigureName, hedged, inTurn, type Most, nothing, oneOf, repeated, together, within } from "./cost-most.js"
import { unfinished } from "../unfinished.js"

/** What a part of a flow costs. */
export interface Bounds {
  /** The fewest asks with which it succeeds. */
  readonly least: Chance
  /** The fewest asks with which it fails: what a recovery or a quorum around it may get away with. */
  readonly fails: Chance
  readonly most: Most
}

const mayThrow = (code: Code): boolean => code._tag !== "Constant" && code._tag !== "Name"

function range(count: Count, params: Params): { readonly from: number; readonly to: number } {
  if (typeof count === "number") return { from: count, to: count }
  const value = params[count.name]
  if (typeof value === "number") return { from: value, to: value }
  return { from: count.minimum ?? 1, to: count.maximum ?? Infinity }
}

function askMost({ ref }: Agent, path: string): Most {
  const { requests = Infinity, tokens = Infinity, usd = Infinity } = ref.caps ?? {}
  const latency = Math.min(ref.caps?.latency ?? Infinity, ref.timeout ?? Infinity)
  const without = (figure: FigureName, cap: number) =>
    cap === Infinity ? single({ path, agent: ref.name, figure }) : undefined
  return {
    asks: 1,
    byAgent: new Map([[ref.name, 1]]),
    requests,
    tokens,
    usd,
    latency,
    concurrency: 1,
    loose: joinAll([without("requests", requests), without("tokens", tokens), without("usd", usd)]),
    late: without("latency", latency),
  }
}

const leasts = (kids: readonly Bounds[]): Chance[] => kids.map((kid) => kid.least)
const failures = (kids: readonly Bounds[]): Chance[] => kids.map((kid) => kid.fails)
const mosts = (kids: readonly Bounds[]): Most[] => kids.map((kid) => kid.most)

/** The bounds of a flow, from the tree alone. Each result is used up by the node around it. */
export const bounds = (params: Params): FlowAlgebra<Bounds> => ({
  Pure: (node) => ({ least: free(), fails: mayThrow(node.code) ? free() : undefined, most: nothing() }),

  // An input that does not fit its schema, or a prompt that cannot be computed, fails before anything is asked.
  Agent: (node, _, { path }) => ({
    least: oneAsk(node.ref.name),
    fails: node.ref.input !== undefined || node.override !== undefined ? free() : oneAsk(node.ref.name),
    most: askMost(node, path),
  }),

  Fail: () => ({ least: undefined, fails: free(), most: nothing() }),

  Seq: (_, kids) => ({ ...inOrder(kids), most: inTurn(mosts(kids)) }),

  Let: (_, { of, body }) => ({ ...inOrder([of, body]), most: inTurn([of.most, body.most]) }),

  All: (_, kids) => ({
    least: leasts(kids).reduce(both, free()),
    fails: cheapestOf(failures(kids), 1),
    most: together(mosts(kids)),
  }),

  AtLeast(node, kids) {
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
      most: node.hedge === undefined ? together(mosts(kids)) : hedged(mosts(kids), node.hedge.after, node.hedge.max),
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
    const choice: Bounds = by ?? { least: free(), fails: free(), most: nothing() }
    const arm: Bounds = { least: cheapestOf(leasts(ways), 1), fails: free(), most: oneOf(mosts(ways)) }
    return { ...inOrder([choice, arm]), most: inTurn([choice.most, arm.most]) }
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
    most: repeated(body.most, range(node.max, params).to, path),
  }),

  // A deadline may pass before anything is asked.
  FlatMap: () => unfinished("cost FlatMap"),
  Traverse: () => unfinished("cost Traverse"),
  Retry: () => unfinished("cost Retry"),
  Limit: () => unfinished("cost Limit"),
  Divert: () => unfinished("cost Divert"),
  Guard: () => unfinished("cost Guard"),
  Graph: () => unfinished("cost Graph"),
  Call: () => unfinished("cost Call"),
  Suspend: () => unfinished("cost Suspend"),
  Sleep: () => unfinished("cost Sleep"),
  Within: (node, of) => ({ least: of.least, fails: free(), most: within(of.most, node.ms) }),
})
