import {
  agents,
  equal,
  type Outcome,
  sample,
  samples,
  type Choices,
  type Sample,
  type Samples,
} from "../../src/laws/index.js"
import { virtualClock, type VirtualClock } from "../../src/testing/index.js"
import * as fc from "fast-check"
import { runEither } from "../../src/flow/interpret/run/start.js"
import { digest } from "../../src/laws/alphabet.js"
import type { AnyFlow, Ask, FlowEvent, Runtime } from "../../src/flow/index.js"

/** When each ask answers: at once, in a microtask, or after so many virtual milliseconds. */
export type Schedule = (ask: Ask) => "now" | "soon" | number

export const schedules: Readonly<Record<"now" | "soon", Schedule>> = { now: () => "now", soon: () => "soon" }

/** A time for each agent and input, out of a table: both sides of a law see the same. */
export const delays =
  (table: readonly number[]): Schedule =>
  ({ ref, input }) =>
    table[(ref.name.length + digest(input)) % table.length] ?? 0

/** A runtime whose agents are those of the laws. */
export function lawRuntime(clock: VirtualClock, schedule: Schedule, emit?: (event: FlowEvent) => void): Runtime {
  const answer = (ask: Ask): { readonly value: unknown } => ({ value: agents[ask.ref.name]?.(ask.input) })
  return {
    clock,
    random: () => 0.5,
    ...(emit === undefined ? {} : { emit }),
    ask(ask) {
      const when = schedule(ask)
      if (when === "now") return answer(ask)
      if (when === "soon") return Promise.resolve().then(() => answer(ask))
      return new Promise((resolve, reject) => {
        clock.after(when, () => {
          try {
            resolve(answer(ask))
          } catch (error) {
            reject(error)
          }
        })
      })
    },
  }
}

/** Lets virtual time pass until a promise settles. */
export async function passTime<T>(clock: VirtualClock, ended: Promise<T>): Promise<T> {
  let open = true
  const close = (): void => {
    open = false
  }
  ended.then(close, close)
  const isOpen = (): boolean => open
  await clock.settle()
  for (let turns = 0; isOpen() && turns < 100; turns++) await clock.advance(1_000)
  if (isOpen()) throw new Error("it did not end")
  return ended
}

/** Runs a flow to its end on a virtual clock. */
export function runOn(schedule: Schedule, flow: AnyFlow, input: unknown): Promise<Outcome> {
  const clock = virtualClock()
  return passTime(clock, runEither<never, unknown>(flow, input as never, lawRuntime(clock, schedule), { runId: "law" }))
}

/** Choices of fast-check's: they shrink towards small flows. */
const choices: fc.Arbitrary<Choices> = fc
  .array(fc.nat(), { minLength: 60, maxLength: 60, size: "max" })
  .map((numbers) => {
    let next = 0
    return { below: (n: number) => (numbers[next++ % numbers.length] ?? 0) % n }
  })

const sized: fc.Arbitrary<number> = fc.integer({ min: 1, max: 12 })

export const anySamples: fc.Arbitrary<Samples> = fc.tuple(choices, sized).map(([from, size]) => samples(from, size))

/** Random closed flows with their meaning. */
export const anySample = (ingredients = { agents: true, faults: true }, max = 40): fc.Arbitrary<Sample> =>
  fc.tuple(choices, fc.integer({ min: 1, max })).map(([from, size]) => sample(from, size, ingredients))

export { equal }
