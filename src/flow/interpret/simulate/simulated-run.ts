import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { Cancel } from "../../../data/cancel.js"
import { isLeft } from "../../../data/either.js"
import type { Fault } from "../../../data/fault.js"
import type { FlowEvent, Usage } from "../../event.js"
import type { Answer, Ask, Params, Runtime } from "../../runtime.js"
import type { AnyFlow } from "../../types.js"
import { execute } from "../run/index.js"
import type { Acting } from "./actors.js"
import { SimulatedClock } from "./clock.js"
import type { Random } from "./random.js"

/** What every run of a simulation shares. */
export interface Scene {
  readonly flow: AnyFlow
  readonly input: unknown
  readonly params: Params
  /** Whether the flow has nodes that tell of more than asks: retries, hedged copies. */
  readonly tells: boolean
  behaviourOf(ref: AnyAgentRef): Acting
  elapsed(): number
}

/** What a run has taken so far. */
export interface Taken {
  tokens: number
  usd: number
  hedged: number
  retried: number
  answered: number
  asks: number
  readonly byAgent: Map<string, number>
}

/** How a run ended: with a value, with a fault, or, where nothing is left to happen, not at all. */
export type Ended = { readonly at: number; readonly fault: Fault | undefined } | "waiting"

/** What a continuation of a simulated answer gives is for nobody: the one who asked takes what it is called with. */
const unheard: PromiseLike<never> = new Promise<never>(() => undefined)

const usage = (outputTokens: number | undefined, usd: number | undefined): Usage => ({
  ...(outputTokens === undefined ? {} : { outputTokens }),
  ...(usd === undefined ? {} : { usd }),
})

/** More steps than this are not done without a look at the real clock. */
const stride = 64

/** One run on a clock of its own, whose agents are drawn from distributions. */
export class SimulatedRun {
  readonly taken: Taken = { tokens: 0, usd: 0, hedged: 0, retried: 0, answered: 0, asks: 0, byAgent: new Map() }
  readonly #scene: Scene
  readonly #random: Random
  readonly #clock: SimulatedClock
  readonly #cancel = new Cancel()
  #known: Ended | undefined
  #over = false
  #gaveWay = false

  constructor(scene: Scene, random: Random) {
    this.#scene = scene
    this.#random = random
    this.#clock = new SimulatedClock(() => scene.elapsed())
    const clock = this.#clock
    const runtime: Runtime = {
      clock,
      random,
      ask: (ask) => this.#ask(ask),
      ...(scene.tells ? { emit: (event: FlowEvent): void => this.#see(event) } : {}),
    }
    const { flow, input, params } = scene
    execute(
      flow,
      input,
      runtime,
      {
        runId: "simulated",
        params,
        cancel: this.#cancel,
        known: (result) => {
          const failure = isLeft(result) ? result.left : undefined
          const fault = failure === undefined || failure._tag === "Aborted" ? undefined : failure
          this.#known = { at: clock.now(), fault }
        },
      },
      () => {
        this.#over = true
      },
    )
  }

  /** Goes on until the run has ended, which it gives; undefined: the event loop is to have its turn first. */
  goOn(late: () => boolean): Ended | undefined {
    if (this.#gaveWay) this.#clock.resume()
    this.#gaveWay = false
    for (let steps = 1; !this.#over; steps++) {
      const next = this.#clock.step()
      if (next === "nothing") return this.#stuck()
      this.#gaveWay = next === "gives way" || (steps % stride === 0 && late())
      if (this.#gaveWay) return undefined
    }
    return this.#known ?? "waiting"
  }

  #stuck(): Ended {
    const known = this.#known ?? "waiting"
    this.#cancel.cancel("nothing is left to happen")
    return known
  }

  #see(event: FlowEvent): void {
    if (event.type === "hedge_started") this.taken.hedged++
    else if (event.type === "retry_scheduled") this.taken.retried++
  }

  #ask({ ref, input, cancel }: Ask): PromiseLike<Answer> {
    const { taken } = this
    const random = this.#random
    const { latency, failure, tokens, usd, output, down } = this.#scene.behaviourOf(ref)
    const fails = failure !== undefined && random() < failure
    const takes = latency?.(random) ?? 0
    const outputTokens = tokens?.(random)
    const dollars = usd?.(random)
    taken.asks++
    taken.byAgent.set(ref.name, (taken.byAgent.get(ref.name) ?? 0) + 1)
    taken.tokens += outputTokens ?? 0
    taken.usd += dollars ?? 0
    return this.#later(takes, cancel, () => {
      taken.answered++
      if (fails) throw down
      const value = output(input, random)
      return outputTokens === undefined && dollars === undefined
        ? { value }
        : { value, usage: usage(outputTokens, dollars) }
    })
  }

  /** A promise that settles in the clock's timer, and not in a turn of the event loop: runs are synchronous. */
  #later(ms: number, cancel: Cancel, answer: () => Answer): PromiseLike<Answer> {
    const clock = this.#clock
    const then: PromiseLike<Answer>["then"] = (fulfilled, rejected) => {
      clock.after(ms, () => {
        if (cancel.cancelled) return // it has ended already
        let given: Answer
        try {
          given = answer()
        } catch (thrown) {
          rejected?.(thrown)
          return
        }
        fulfilled?.(given)
      })
      return unheard
    }
    // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, to be awaited by the interpreter alone
    return { then }
  }
}
