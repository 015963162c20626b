import { isPromise } from "../actor/promise.js"
import type { Visitors } from "../actor/visitors.js"
import { Cancel } from "../data/cancel.js"
import { AbortedError } from "../data/fault.js"
import { type Answer, type Ask, LATER, type Runner } from "../flow/runtime.js"
import type { AgentContext } from "./agent-context.js"
import { LiveAgentContext } from "./agent-context-live.js"
import type { FunctionAgent } from "./define-agent.js"
import { isGenerator } from "./generator.js"

/**
 * The actor of one ask, and its context: a single object, since most agents look at nothing of it. A signal is made only
 * when it is looked at, and let go of when the agent has ended.
 */
class Run implements AgentContext, Runner {
  readonly #ask: Ask
  readonly #visitors: Visitors
  #more: LiveAgentContext | undefined
  #cancel: Cancel | undefined
  #state: "begun" | "waits" | "ended" | "aborted" = "begun"

  constructor(ask: Ask, visitors: Visitors) {
    this.#ask = ask
    this.#visitors = visitors
    visitors.begin()
    ask.runner = this
  }

  /** What is aborted after the answer, a sibling's race perhaps, is no business of an agent that has given it. */
  get signal(): AbortSignal {
    this.#cancel ??= this.#state === "ended" ? new Cancel() : new Cancel(this.#ask.cancel)
    return this.#cancel.signal
  }
  get path(): string {
    return this.#ask.agentPath
  }
  /** A function of its own, so that it may be taken out of the context: `async (question, { progress }) => …`. */
  get progress(): (data: unknown) => void {
    return (data) => this.#ask.emit("task_progress", data)
  }
  get ask(): AgentContext["ask"] {
    const live = this.#live
    return (to, input, options) => live.ask(to, input, options)
  }
  get sequence(): AgentContext["sequence"] {
    const live = this.#live
    return (calls, options) => live.sequence(calls, options)
  }
  get traverse(): AgentContext["traverse"] {
    const live = this.#live
    return (inputs, to, options) => live.traverse(inputs, to, options)
  }
  get zip(): AgentContext["zip"] {
    const live = this.#live
    return (a, b, options) => live.zip(a, b, options)
  }
  get race(): AgentContext["race"] {
    const live = this.#live
    return (calls, options) => live.race(calls, options)
  }
  get stream(): AgentContext["stream"] {
    const live = this.#live
    return (to, input, options) => live.stream(to, input, options)
  }
  get spawn(): AgentContext["spawn"] {
    const { actor } = this.#live
    return (source, name, options) => actor.spawn(source, name, options)
  }
  get tell(): AgentContext["tell"] {
    const live = this.#live
    return (to, message) => live.tell(to, message)
  }
  get watch(): AgentContext["watch"] {
    const { actor } = this.#live
    return (ref, then) => actor.watch(ref, then)
  }
  get schedule(): AgentContext["schedule"] {
    const live = this.#live
    return (ms, then) => live.schedule(ms, then)
  }

  get #live(): LiveAgentContext {
    if (this.#more === undefined) {
      this.#more = new LiveAgentContext(this.#ask, this.#visitors, (thrown) => this.#fail(thrown))
      if (this.#state === "ended" || this.#state === "aborted") this.#more.end()
    }
    return this.#more
  }

  /** Something that it started has failed it: its own code is no longer waited for. */
  #fail(thrown: unknown): void {
    if (this.#state === "ended" || this.#state === "aborted") return
    this.#cancel?.cancel(thrown)
    this.aborted()
    this.#ask.failed(thrown)
  }

  /** The agent has answered or thrown. */
  end(): void {
    if (this.#state === "aborted") return
    this.#state = "ended"
    this.#cancel?.release()
    if (this.#more !== undefined) this.#more.end()
    this.#visitors.end()
  }

  aborted(): void {
    if (this.#state === "waits") this.#visitors.stray()
    else if (this.#state !== "begun") return
    this.#state = "aborted"
    this.#more?.end()
    this.#visitors.end()
  }

  /** Waits for the agent, aborted or not. */
  wait(promise: PromiseLike<unknown>, generates: boolean): typeof LATER {
    if (this.#state === "aborted") this.#visitors.stray()
    else this.#state = "waits"
    promise.then(
      (value) => {
        if (generates && isGenerator(value)) this.#drain(value)
        else if (this.#settled()) this.#ask.answered(value)
      },
      (thrown: unknown) => {
        if (this.#settled()) this.#ask.failed(thrown)
      },
    )
    return LATER
  }

  /** A promise of a generator is waited for a second time. */
  #drain(generator: AsyncGenerator<unknown, unknown>): void {
    if (this.#state === "aborted") this.#visitors.strayed()
    this.wait(drain(generator, this.#ask), false)
  }

  #settled(): boolean {
    if (this.#state === "aborted") {
      this.#visitors.strayed()
      return false
    }
    this.end()
    return true
  }
}

async function close(generator: AsyncGenerator<unknown, unknown>): Promise<void> {
  await generator.return(undefined)
}

/** Runs a generator to its end: each chunk is an event, and a cancelled one is closed. */
async function drain(generator: AsyncGenerator<unknown, unknown>, ask: Ask): Promise<unknown> {
  const chunks: unknown[] = []
  const off = ask.cancel.onCancel(() => {
    close(generator).catch(() => undefined) // nobody waits for an aborted agent's last words
  })
  try {
    for (;;) {
      const step = await generator.next()
      if (step.done) return step.value === undefined ? chunks.join("") : step.value
      chunks.push(step.value)
      ask.emit("task_chunk", step.value)
    }
  } finally {
    off()
  }
}

/** Answers an ask with the agent's own function. Synchronous functions answer synchronously. */
export function askFunction(agent: FunctionAgent<never, unknown>, ask: Ask, visitors: Visitors): Answer | typeof LATER {
  if (ask.cancel.cancelled) throw new AbortedError(ask.cancel.reason)
  const run = new Run(ask, visitors)
  let result: unknown
  try {
    result = agent.execute(ask.input, run)
    if (isPromise(result)) return run.wait(Promise.resolve(result), true)
    if (isGenerator(result)) return run.wait(drain(result, ask), false)
  } catch (thrown) {
    run.end()
    throw thrown
  }
  run.end()
  return { value: result }
}
