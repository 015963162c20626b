import type { Fault } from "../data/fault.js"
import { flow } from "../flow/build.js"
import * as make from "../flow/make.js"
import type { Fn } from "../flow/node.js"
import { isEven } from "./alphabet.js"
import * as meaning from "./meaning.js"
import { about, type Sample } from "./sample.js"

// The same for what is wrapped around a flow.

/** With a deadline. */
export const within = (ms: number, of: Sample): Sample => ({
  flow: of.flow.timeout(ms),
  means: meaning.within(ms, of.means),
  ...about(of.agent),
})

/** With a deadline that is never met. */
export const inTime = (of: Sample): Sample => within(3_600_000, of)

export interface Tries {
  readonly times: number
  /** Milliseconds before the first repeat. Default 0. */
  readonly base?: number
  readonly max?: number
  readonly backoff?: "constant" | "exponential"
  readonly on?: readonly Fault["_tag"][]
}

/** Tried again. */
export function retrying({ times, base = 0, max = 60_000, backoff = "exponential", on }: Tries, of: Sample): Sample {
  const policy = { times, base, max, backoff, ...(on === undefined ? {} : { on }) }
  return {
    flow: of.flow.retry({ ...policy, jitter: false }),
    means: meaning.retried(policy, of.means),
    ...about(of.agent),
  }
}

/** With so many asks at most. */
export const limiting = (calls: number, of: Sample): Sample => ({
  flow: of.flow.limit({ calls }),
  means: meaning.limited(calls, of.means),
  ...about(of.agent),
})

/** With so many asks at one time: the value is the same. */
export const queueing = (concurrency: number, of: Sample): Sample => ({
  flow: of.flow.limit({ concurrency }),
  means: of.means,
  ...about(of.agent),
})

/** The side is waited for. */
export const tapping = (of: Sample, side: Sample): Sample => ({
  flow: of.flow.tap(side.flow),
  means: meaning.tapped(of.means, side.means),
  ...about(of.agent),
})

/** Whatever becomes of the side. */
export const notifying = (of: Sample, side: Sample): Sample => ({
  flow: of.flow.notify(side.flow),
  means: of.means,
  ...about(of.agent),
})

/** Whatever becomes of the side, which gets the even values alone. */
export const diverting = (of: Sample, side: Sample): Sample => ({
  flow: of.flow.divertTo(side.flow, isEven),
  means: of.means,
  ...about(of.agent),
})

export const guarding = (of: Sample, check: Fn<unknown, boolean>): Sample => ({
  flow: of.flow.guard(check),
  means: meaning.guarded(of.means, meaning.applied("", check.run)),
  ...about(of.agent),
})

/** Checked by a flow that answers a boolean. */
export const guardingBy = (of: Sample, check: Sample): Sample => ({
  flow: flow(make.guard(of.flow.node, { by: check.flow.map(isEven).node })),
  means: meaning.guarded(of.means, meaning.followed(check.means, meaning.applied("", isEven.run))),
  ...about(of.agent),
})
