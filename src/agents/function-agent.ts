import { Cancel } from "../data/cancel.js"
import type { Answer, Ask } from "../flow/runtime.js"
import type { AgentContext, FunctionAgent } from "./define-agent.js"

/** The context of one ask: a signal only when it is looked at, which is let go of when the agent has ended. */
class AskContext implements AgentContext {
  readonly #ask: Ask
  #cancel: Cancel | undefined
  #over = false
  constructor(ask: Ask) {
    this.#ask = ask
  }
  get signal(): AbortSignal {
    this.#cancel ??= this.#over ? new Cancel() : new Cancel(this.#ask.cancel)
    return this.#cancel.signal
  }
  /** What is aborted later, a sibling's race perhaps, is no business of an agent that has answered. */
  end(): void {
    this.#over = true
    this.#cancel?.release()
  }
  get path(): string {
    return this.#ask.agentPath
  }
  /** A function of its own, so that it may be taken out of the context: `async (question, { progress }) => …`. */
  get progress(): (data: unknown) => void {
    return (data) => this.#ask.emit("task_progress", data)
  }
}

const isGenerator = (value: unknown): value is AsyncGenerator<unknown, unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value && "return" in value

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function"

async function close(generator: AsyncGenerator<unknown, unknown>): Promise<void> {
  await generator.return(undefined)
}

/** Runs a generator to its end: each chunk is an event, and a cancelled one is closed. */
async function drain(generator: AsyncGenerator<unknown, unknown>, ask: Ask): Promise<Answer> {
  const chunks: unknown[] = []
  const off = ask.cancel.onCancel(() => {
    close(generator).catch(() => undefined) // nobody waits for an aborted agent's last words
  })
  try {
    for (;;) {
      const step = await generator.next()
      if (step.done) return { value: step.value === undefined ? chunks.join("") : step.value }
      chunks.push(step.value)
      ask.emit("task_chunk", step.value)
    }
  } finally {
    off()
  }
}

/** Answers an ask with the agent's own function. Synchronous functions answer synchronously. */
export function askFunction(agent: FunctionAgent<never, unknown>, ask: Ask): Answer | PromiseLike<Answer> {
  const context = new AskContext(ask)
  const end = (): void => context.end()
  const answered = (value: unknown): Answer | PromiseLike<Answer> => {
    if (isGenerator(value)) return drain(value, ask).finally(end)
    end()
    return { value }
  }
  const failed = (thrown: unknown): never => {
    end()
    throw thrown
  }
  const result = agent.execute(ask.input, context)
  return isPromise(result) ? Promise.resolve(result).then(answered, failed) : answered(result)
}
