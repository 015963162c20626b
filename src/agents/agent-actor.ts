import { type AnyAgentRef, Wired } from "../data/agent-ref.js"
import { isRecord } from "../data/json.js"
import { InvalidFlow } from "../flow/invalid.js"
import type { AgentContext } from "./agent-context.js"
import { type AgentSpec, defineAgent, type Executed } from "./define-agent.js"
import { isGenerator } from "./generator.js"

let attach: (agent: AgentActor<never, unknown>, context: AgentContext) => void

/**
 * An agent as a class, for one with state or hooks: each ask makes an instance, which lives until it has answered.
 *
 * `static spec` gives its name and its schemas, as `defineAgent` takes them. `execute` answers: with a value, a promise, or
 * a generator whose chunks are events. What it throws is the fault `AgentFailed`; `InvalidFlow` says that there is no spec.
 *
 * @example
 * ```ts
 * import { AgentSystem, agent } from "troupe"
 * import { AgentActor } from "troupe/agents"
 * import { z } from "zod"
 * class Shout extends AgentActor<string, string> {
 *   static readonly spec = { name: "shout", input: z.string(), output: z.string() }
 *   override execute(text: string) {
 *     return text.toUpperCase()
 *   }
 * }
 * await using system = new AgentSystem()
 * await system.run(agent(Shout), "bees") // "BEES"
 * ```
 */
export abstract class AgentActor<in I, out O> extends Wired<I, O> {
  #context: AgentContext | undefined

  static {
    attach = (agent, context) => {
      agent.#context = context
    }
  }

  /** The class as a reference, for `registry` and the like: it knows no types. */
  static get ref(): AnyAgentRef {
    return referenceTo(this)
  }

  /** What this agent may do besides answering. It is there from `onStarted` on, not yet in the constructor. */
  protected get context(): AgentContext {
    if (this.#context === undefined) {
      throw new Error(
        `${this.constructor.name} has no context yet: use it from onStarted on, in an agent that is asked`,
      )
    }
    return this.#context
  }

  /** Answers. `context` is the same as `this.context`. */
  abstract execute(input: I, context: AgentContext): Executed<O>

  /** Called before `execute`. What it throws fails the ask. */
  onStarted(): void | PromiseLike<void> {}

  /**
   * Called once `execute` has ended, whatever came of it, and before the answer is given. In an agent that was aborted,
   * that is when its code has come to an end: nobody waits for it.
   */
  onStopped(): void | PromiseLike<void> {}
}

const references = new WeakMap<typeof AgentActor, AnyAgentRef>()

const isSpec = (spec: unknown): spec is AgentSpec<unknown, unknown> =>
  isRecord(spec) && typeof spec["name"] === "string"

/** The reference to a class of agents, the same each time. */
function referenceTo(of: typeof AgentActor): AnyAgentRef {
  const known = references.get(of)
  if (known !== undefined) return known
  const spec: unknown = "spec" in of ? of.spec : undefined
  if (!isSpec(spec)) {
    const message = `the class ${of.name} has no spec: write static readonly spec = { name: "…", input, output } in it`
    throw new InvalidFlow("agent", message)
  }
  const ref = defineAgent<unknown, unknown>(spec, (input, context) => {
    const agent: AgentActor<unknown, unknown> = Reflect.construct(of, [])
    attach(agent, context)
    const plain = AgentActor.prototype
    const hooked = agent.onStarted !== plain.onStarted || agent.onStopped !== plain.onStopped
    return hooked ? withHooks(agent, input, context) : agent.execute(input, context)
  })
  references.set(of, ref)
  return ref
}

async function withHooks(agent: AgentActor<unknown, unknown>, input: unknown, context: AgentContext): Promise<unknown> {
  let result: unknown
  try {
    await agent.onStarted()
    result = await agent.execute(input, context)
  } catch (thrown) {
    await stopAfter(agent)
    throw thrown
  }
  if (isGenerator(result)) return relay(result, agent)
  await agent.onStopped()
  return result
}

/** After a failure, which is what the asker hears of: not what the hook throws as well. */
async function stopAfter(agent: AgentActor<unknown, unknown>): Promise<void> {
  try {
    await agent.onStopped()
  } catch {
    // told is the first that was thrown
  }
}

/** A generator that has stopped its agent before it ends. */
function relay(
  of: AsyncGenerator<unknown, unknown>,
  agent: AgentActor<unknown, unknown>,
): Pick<AsyncGenerator<unknown, unknown>, "next" | "return" | typeof Symbol.asyncIterator> {
  let stopped = false
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    await agent.onStopped()
  }
  const relayed = {
    next: async () => {
      let step: IteratorResult<unknown, unknown>
      try {
        step = await of.next()
      } catch (thrown) {
        if (!stopped) await stopAfter(agent)
        stopped = true
        throw thrown
      }
      if (step.done === true) await stop()
      return step
    },
    return: async (value: unknown) => {
      try {
        return await of.return(value)
      } finally {
        await stop()
      }
    },
    [Symbol.asyncIterator]: () => Object(relayed),
  }
  return relayed
}
