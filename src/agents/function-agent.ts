import type { Cancel } from "../data/cancel.js"
import type { Answer, Ask } from "../flow/runtime.js"
import type { AgentContext, FunctionAgent } from "./define-agent.js"

/** The context of one ask: a signal only when it is looked at. */
class AskContext implements AgentContext {
  readonly #ask: Ask
  readonly #cancel: () => Cancel
  constructor(ask: Ask, cancel: () => Cancel) {
    this.#ask = ask
    this.#cancel = cancel
  }
  get signal(): AbortSignal {
    return this.#cancel().signal
  }
  get path(): string {
    return this.#ask.agentPath
  }
  progress(data: unknown): void {
    this.#ask.emit("task_progress", data)
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
export function askFunction(
  agent: FunctionAgent<never, unknown>,
  ask: Ask,
  cancel: () => Cancel,
): Answer | PromiseLike<Answer> {
  const result = agent.execute(ask.input, new AskContext(ask, cancel))
  if (isPromise(result))
    return Promise.resolve(result).then((value) => (isGenerator(value) ? drain(value, ask) : { value }))
  return isGenerator(result) ? drain(result, ask) : { value: result }
}
