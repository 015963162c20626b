import { type Either, isLeft } from "../data/either.js"
import type { Failure, Fault } from "../data/fault.js"
import { cast, type Plain } from "./alphabet.js"
import type { Outcome } from "./outcome.js"

/** What a part of a flow finds when it begins. */
export interface World {
  /** The instant, in milliseconds from the start of the run. */
  readonly at: number
  /** The names that are bound around it. */
  readonly names: ReadonlyMap<string, unknown>
  /** The agents of this run. */
  readonly agents: Readonly<Record<string, Plain>>
  /** The asks that the limits around it have left. */
  readonly budgets: ReadonlyArray<{ left: number }>
}

/** How a part of a flow ended, and when. */
export interface Ended {
  readonly outcome: Outcome
  readonly at: number
}

/** What a flow comes to on an input. */
export type Means = (input: unknown, world: World) => Ended

/** What a flow comes to on an input, as a run of its own. */
export function meant(means: Means, input: unknown): Outcome {
  return means(input, { at: 0, names: new Map(), agents: cast(() => undefined), budgets: [] }).outcome
}

/** A means that takes no time. */
export const atOnce =
  (of: (input: unknown, world: World) => Outcome): Means =>
  (input, world) => ({ outcome: of(input, world), at: world.at })

const isFault = (failure: Failure): failure is Fault => failure._tag !== "Aborted"

/** The fault that something ended with; undefined for a value, and for an abort, which nothing collects. */
export const faultOf = (outcome: Outcome): Fault | undefined =>
  isLeft(outcome) && isFault(outcome.left) ? outcome.left : undefined

export const isAborted = (outcome: Either<Failure, unknown>): boolean =>
  isLeft(outcome) && outcome.left._tag === "Aborted"
