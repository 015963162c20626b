import type { Outcome } from "../../src/laws/index.js"
import { type VirtualClock, virtualClock } from "../../src/testing/index.js"
import { execute } from "../../src/flow/interpret/run/index.js"
import { agent, type AnyFlow, type Ask, type Flow, type FlowEvent, type Runtime } from "../../src/flow/index.js"
import { Cancel } from "../../src/data/cancel.js"
import type { Params } from "../../src/flow/runtime.js"

/** What an agent of a test does: it answers, throws, or gives a promise. */
export type Act = (input: unknown, ask: Ask) => unknown

/** A reference to an agent of a test. */
export const to = (name: string): Flow<unknown, unknown> => agent({ _tag: "AgentRef", name })

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise

/** A runtime of a few acts on a virtual clock. `at(ms)` answers after so long, `failAt` fails. */
export interface Stage {
  readonly clock: VirtualClock
  readonly events: FlowEvent[]
  /** Paths that were asked, in order. */
  readonly asked: string[]
  readonly runtime: Runtime
  readonly cancel: Cancel
  /** Starts a run; `outcome()` is undefined while it goes on. */
  readonly start: (flow: AnyFlow, input?: unknown, params?: Params) => () => Outcome | undefined
  /** Runs for at most an hour of virtual time. */
  readonly run: (flow: AnyFlow, input?: unknown, params?: Params) => Promise<Outcome>
}

export const after =
  (ms: number, value: (input: unknown) => unknown = (input) => input) =>
  (clock: VirtualClock): Act =>
  (input) =>
    new Promise((resolve, reject) => {
      clock.after(ms, () => {
        try {
          resolve(value(input))
        } catch (error) {
          reject(error)
        }
      })
    })

export const thrower = (message: string) => (): never => {
  throw new Error(message)
}

export function stage(
  acts: Readonly<Record<string, (clock: VirtualClock) => Act>> = {},
  clock = virtualClock(),
): Stage {
  const events: FlowEvent[] = []
  const asked: string[] = []
  const cancel = new Cancel()
  const runtime: Runtime = {
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
    ask(ask) {
      asked.push(ask.path)
      const act = acts[ask.ref.name]?.(clock) ?? ((input: unknown) => input)
      const answer = act(ask.input, ask)
      return isPromise(answer) ? answer.then((value) => ({ value })) : { value: answer }
    },
  }
  const start: Stage["start"] = (flow, input, params = {}) => {
    let outcome: Outcome | undefined
    execute(flow, input, runtime, { runId: "r", cancel, params }, (ended) => {
      if (outcome !== undefined) throw new Error("a run ended twice")
      outcome = ended
    })
    return () => outcome
  }
  return {
    clock,
    events,
    asked,
    runtime,
    cancel,
    start,
    async run(flow, input, params) {
      const outcome = start(flow, input, params)
      await clock.settle()
      for (let turns = 0; outcome() === undefined && turns < 60; turns++) await clock.advance(60_000)
      const ended = outcome()
      if (ended === undefined) throw new Error("the run did not end")
      return ended
    },
  }
}

/** An object with one field, of whatever name. */
export const having = (field: string, value: unknown): object => ({ [field]: value })

/** The value of a run that must have one. */
export function valueOf(outcome: Outcome | undefined): unknown {
  if (outcome?._tag !== "Right") throw new Error(`no value: ${JSON.stringify(outcome)}`)
  return outcome.right
}

/** The fault of a run that must have one. */
export function faultOf(
  outcome: Outcome | undefined,
): Exclude<Extract<Outcome, { _tag: "Left" }>["left"], { _tag: "Aborted" }> {
  if (outcome?._tag !== "Left" || outcome.left._tag === "Aborted")
    throw new Error(`no fault: ${JSON.stringify(outcome)}`)
  return outcome.left
}
