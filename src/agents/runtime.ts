import { type ActorSystem, visitorsOf } from "../actor/system.js"
import type { Cancel } from "../data/cancel.js"
import type { Clock } from "../data/clock.js"
import { FaultError } from "../data/fault.js"
import type { Ask, Runtime } from "../flow/runtime.js"
import { isFunctionAgent } from "./define-agent.js"
import { askFunction } from "./function-agent.js"
import { askModel, type Models } from "./model-agent.js"
import { isCommandAgent, isHttpAgent, isModelAgent } from "../flow/document.js"
import { askCommand } from "./command-agent.js"
import { askHttp } from "./http-agent.js"
import type { Leave } from "./leave.js"

/** The runtime of flows over actors: each ask is an actor of its own, which lives until its answer or its abort. */
export function actorRuntime(
  actors: ActorSystem,
  clock: Clock,
  random: () => number,
  models: Models,
  leave: Leave,
): Runtime {
  const visitors = visitorsOf(actors)
  return {
    clock,
    random,
    ask(ask) {
      const { ref } = ask
      if (isFunctionAgent(ref)) return askFunction(ref, ask, visitors)
      if (isModelAgent(ref)) {
        return actors.runEphemeral(
          ask.agentPath,
          (one: Ask, context) => askModel(ref, one, models, context.cancel),
          ask,
          ask.cancel,
        )
      }
      if (isCommandAgent(ref)) {
        leave.needs("command", ref)
        const answer = (one: Ask, context: { readonly cancel: Cancel }) => askCommand(ref, one, clock, context.cancel)
        return actors.runEphemeral(ask.agentPath, answer, ask, ask.cancel)
      }
      if (isHttpAgent(ref)) {
        leave.needs("net", ref)
        const answer = (one: Ask, context: { readonly cancel: Cancel }) =>
          askHttp(ref, one, models.scope(one), clock, context.cancel)
        return actors.runEphemeral(ask.agentPath, answer, ask, ask.cancel)
      }
      throw new FaultError({
        _tag: "Unavailable",
        message: `nobody here runs the agent ${ref.name}: it is known by name only; load the code that defines it`,
        retry: "no",
      })
    },
  }
}
