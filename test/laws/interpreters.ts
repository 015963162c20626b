import {
  answerTo,
  cast,
  equal,
  type Choices,
  type Ingredients,
  type Outcome,
  sample,
  samples,
  type Sample,
  type Samples,
} from "../../src/laws/index.js"
import { virtualClock, type VirtualClock } from "../../src/testing/index.js"
import * as fc from "fast-check"
import { Cancel } from "../../src/data/cancel.js"
import { type OpenSuspend, Signals } from "../../src/flow/interpret/run/signals.js"
import { runEither } from "../../src/flow/interpret/run/start.js"
import { digest } from "../../src/laws/alphabet.js"
import { type AnyFlow, type Ask, type FlowEvent, type Runtime } from "../../src/flow/index.js"

/** When each ask answers: at once, in a microtask, or after so many virtual milliseconds; or when a scheduler says so. */
export type Schedule = (ask: Ask) => "now" | "soon" | number | Promise<unknown>

export const schedules: Readonly<Record<"now" | "soon", Schedule>> = { now: () => "now", soon: () => "soon" }

/** A time for each agent and input, out of a table: both sides of a law see the same. */
export const delays =
  (table: readonly number[]): Schedule =>
  ({ ref, input }) =>
    table[(ref.name.length + digest(input)) % table.length] ?? 0

/** A runtime whose agents are those of the laws. */
export function lawRuntime(
  clock: VirtualClock,
  schedule: Schedule,
  emit?: (event: FlowEvent) => void,
  abort: (reason: string) => void = () => undefined,
): Runtime {
  const agents = cast(abort)
  const answer = (ask: Ask): { readonly value: unknown } => ({ value: agents[ask.ref.name]?.(ask.input) })
  return {
    clock,
    random: () => 0.5,
    ...(emit === undefined ? {} : { emit }),
    ask(ask) {
      const when = schedule(ask)
      if (when === "now") return answer(ask)
      if (when === "soon") return Promise.resolve().then(() => answer(ask))
      if (typeof when !== "number") return when.then(() => answer(ask))
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

/** Lets virtual time pass until a promise settles. `settle`: what goes on at each instant. */
export async function passTime<T>(
  clock: VirtualClock,
  ended: Promise<T>,
  settle: () => Promise<void> = () => clock.settle(),
): Promise<T> {
  let open = true
  const close = (): void => {
    open = false
  }
  ended.then(close, close)
  const isOpen = (): boolean => open
  for (let turns = 0; turns < 8; turns++) await Promise.resolve() // most runs are over before anything need settle
  if (isOpen()) await settle()
  for (let turns = 0; isOpen() && turns < 100; turns++) {
    await clock.advance(1_000)
    await settle()
  }
  if (isOpen()) throw new Error("it did not end")
  return ended
}

/** Answers that are given whenever something waits for them. */
class Answering extends Signals {
  readonly #asked = new Set<string>()

  override open(suspend: OpenSuspend): () => void {
    this.#asked.add(suspend.name)
    return super.open(suspend)
  }

  /** Answers what is open. Whether anything was. */
  async answer(): Promise<boolean> {
    const open = [...this.#asked].filter((name) => this.at(name) !== undefined)
    this.#asked.clear()
    await Promise.all(open.map((name) => this.send("law", name, answerTo(name))))
    return open.length > 0
  }
}

/** Runs a flow to its end on a virtual clock. `more`: whatever else may happen at an instant; whether it did. */
export function runOn(
  schedule: Schedule,
  flow: AnyFlow,
  input: unknown,
  more: () => Promise<boolean> = async () => false,
): Promise<Outcome> {
  const clock = virtualClock()
  const cancel = new Cancel()
  const signals = new Answering()
  const settle = async (): Promise<void> => {
    do await clock.settle()
    while ((await signals.answer()) || (await more()))
  }
  const runtime = lawRuntime(clock, schedule, undefined, (reason) => cancel.cancel(reason))
  const ended = runEither<never, unknown>(flow, input as never, runtime, { runId: "law", cancel, signals })
  return passTime(clock, ended, settle)
}

/** Runs a flow whose agents answer in the order that a scheduler of fast-check's chooses. */
export const scheduledRun = (s: fc.Scheduler, flow: AnyFlow, input: unknown): Promise<Outcome> =>
  runOn(
    (ask) => s.schedule(Promise.resolve(), ask.ref.name),
    flow,
    input,
    async () => {
      if (s.count() === 0) return false
      await s.waitNext(1)
      return true
    },
  )

/** Choices of fast-check's: they shrink towards small flows. */
export const choices: fc.Arbitrary<Choices> = fc
  .array(fc.nat(), { minLength: 60, maxLength: 60, size: "max" })
  .map((numbers) => {
    let next = 0
    return { below: (n: number) => (numbers[next++ % numbers.length] ?? 0) % n }
  })

const sized: fc.Arbitrary<number> = fc.integer({ min: 1, max: 12 })

export const anySamples: fc.Arbitrary<Samples> = fc.tuple(choices, sized).map(([from, size]) => samples(from, size))

/** Random closed flows with their meaning. */
export const anySample = (ingredients: Ingredients = { agents: true, faults: true }, max = 40): fc.Arbitrary<Sample> =>
  fc.tuple(choices, fc.integer({ min: 1, max })).map(([from, size]) => sample(from, size, ingredients))

export { equal }
