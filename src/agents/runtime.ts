import { type ActorSystem, visitorsOf } from "../actor/system.js"
import type { Clock } from "../data/clock.js"
import { FaultError } from "../data/fault.js"
import type { Ask, Runtime } from "../flow/runtime.js"
import { isFunctionAgent } from "./define-agent.js"
import { askFunction } from "./function-agent.js"
import { askModel, type Models } from "./model-agent.js"
import { isModelAgent } from "../flow/document.js"

/** The runtime of flows over actors: each ask is an actor of its own, which lives until its answer or its abort. */
export function actorRuntime(actors: ActorSystem, clock: Clock, random: () => number, models: Models): Runtime {
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
      throw new FaultError({
        _tag: "Unavailable",
        message: `nobody here runs the agent ${ref.name}: it is known by name only; load the code that defines it`,
        retry: "no",
      })
    },
  }
}
