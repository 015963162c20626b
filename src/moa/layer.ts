import type { AnyAgentRef, OutOf } from "../data/agent-ref.js"
import { codeOf, flow, nodeOf } from "../flow/build.js"
import { InvalidFlow } from "../flow/invalid.js"
import * as make from "../flow/make.js"
import type { Code, Count, Node } from "../flow/node.js"
import { record } from "../flow/refuse.js"
import type { Flow, Mapper, Meet } from "../flow/types.js"
import { type Briefing, gather, question, references, type Seat } from "./seats.js"

export type Proposers = readonly Seat[] | Readonly<Record<string, Seat>>

/** The question that every proposer takes. */
type Question<P extends Proposers> = P extends readonly Seat[] ? Meet<P> : Meet<readonly [P[keyof P]]>

/** How one layer of an ensemble is set up. */
export interface LayerOptions<P extends Proposers = Proposers, A extends Seat = Seat> {
  /** Those who answer side by side; in a record, by the names that the aggregator reads. */
  readonly proposers: P
  /** The one who makes one answer of theirs. */
  readonly aggregator: A
  /** How many proposers must succeed. Default: all. */
  readonly quorum?: Count
  /** Milliseconds for each seat. A proposer that is late counts as failed. */
  readonly timeout?: number
  /** Makes the aggregator's input, and from the second layer on the proposers'. Default: `moa.references`, a text. */
  readonly prompt?: Mapper<Briefing, unknown>
}

/** What `moa` must know of a layer to set it on top of another. */
interface Plan {
  /** The layer for a question and what others answered to it. */
  readonly briefed: Node
  /** The aggregator's name, for the next layer. */
  readonly name: string
}

const plans = new WeakMap<object, Plan>()

export function planOf(layer: object): Plan {
  const plan = plans.get(layer)
  if (plan !== undefined) return plan
  throw new InvalidFlow("moa_layer", "moa takes what layer(…) gives: expected a list of layers")
}

const fn = (code: Code): Node => make.pure(code)

const isAgent = (seat: Seat): seat is AnyAgentRef =>
  typeof seat === "object" && seat !== null && "_tag" in seat && seat._tag === "AgentRef"

function seatNode(seat: Seat, timeout: number | undefined): Node {
  const node = isAgent(seat) ? make.agent(seat) : nodeOf(seat)
  return timeout === undefined ? node : make.within(node, timeout)
}

/**
 * One layer of a Mixture of Agents: proposers answer the question side by side, an aggregator makes one answer of those
 * that succeeded. An ordinary flow from the question to the aggregator's answer: it prints, draws, prices and nests.
 *
 * Fails `QuorumNotMet` when fewer than `quorum` proposers succeed.
 *
 * @example
 * ```ts
 * import { AgentSystem, defineAgent } from "troupe"
 * import { layer } from "troupe/moa"
 * const voice = (name: string) => defineAgent({ name }, (question: string) => `${name} on ${question}`)
 * const editor = defineAgent({ name: "editor" }, (text: string) => text.match(/\w+ on \w+/g)?.join("; ") ?? "")
 * const panel = layer({ proposers: [voice("hope"), voice("doubt")], aggregator: editor, quorum: 2, timeout: 20_000 })
 * await using system = new AgentSystem()
 * await system.run(panel, "bees") // "hope on bees; doubt on bees"
 * ```
 */
export function layer<const P extends Proposers, A extends Seat>(
  options: LayerOptions<P, A>,
): Flow<Question<P>, OutOf<A>> {
  record(options, "what layer takes", "{ proposers, aggregator, … }")
  const { aggregator, timeout } = options
  if (!Array.isArray(options.proposers))
    record(options.proposers, "proposers", "a list or a record of agents and flows")
  const prompt = codeOf(options.prompt ?? references)
  const proposers: readonly Seat[] = Object.values(options.proposers)
  const keys = Array.isArray(options.proposers) ? undefined : Object.keys(options.proposers)
  const members = proposers.map((seat) => seatNode(seat, timeout))
  const panel = make.atLeast(options.quorum ?? members.length, members, keys, {})
  const closing = [fn(codeOf(gather)), fn(prompt), seatNode(aggregator, timeout)]
  const briefed = make.seq([make.all([fn(codeOf(question)), make.seq([fn(prompt), panel])]), ...closing])
  const made: Flow<Question<P>, OutOf<A>> = flow(make.seq([make.all([make.seq([]), panel]), ...closing]))
  plans.set(made, { briefed, name: isAgent(aggregator) ? aggregator.name : "answer" })
  return made
}
