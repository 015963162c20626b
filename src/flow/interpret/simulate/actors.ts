import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { FaultError } from "../../../data/fault.js"
import { walk } from "../../fold.js"
import type { Node } from "../../node.js"
import { type Answering, type Behaviour, type Cast, castOf, InvalidProfile, pointed } from "./profile.js"
import { standInFor } from "./stand-in.js"

/** What is told of a flow before it is simulated. */
export interface Survey {
  readonly agents: readonly AnyAgentRef[]
  /** Whether it may choose flows while it runs that nobody knows yet. */
  readonly open: boolean
  /** Whether there is more to count in it than asks: retries, hedged copies. */
  readonly tells: boolean
}

/** Looks once through a flow. */
export function survey(root: Node): Survey {
  const agents = new Set<AnyAgentRef>()
  let [open, tells] = [false, false]
  walk(root, (node) => {
    if ("ref" in node) agents.add(node.ref)
    open ||= "using" in node && node.among === undefined
    tells ||= "backoff" in node || ("hedge" in node && node.hedge !== undefined)
  })
  return { agents: [...agents], open, tells: tells || open }
}

/** How an agent behaves whose answers are known. */
export interface Acting extends Behaviour {
  readonly output: Answering
  /** What it fails with, made once: an `Error` is dear. */
  readonly down: FaultError
}

const down = (): FaultError =>
  new FaultError({ _tag: "Unavailable", message: "failed, as often as its profile says", retry: "yes" })

/** Who plays the agents of a flow. What one answers is made once, from its output's schema, where no profile says it. */
export class Actors {
  /** The names of those of which no profile speaks. */
  readonly unprofiled: Set<string> = new Set()
  /** Why an agent that was chosen during a run cannot be played. */
  refused: InvalidProfile | undefined
  readonly #cast: Cast
  readonly #known = new Map<AnyAgentRef, Acting>()

  /** Throws `InvalidProfile` for profiles that cannot be, or for an agent of the flow that needs one to answer. */
  constructor(profiles: unknown, { agents, open }: Pick<Survey, "agents" | "open">) {
    this.#cast = castOf(profiles, open ? undefined : [...new Set(agents.map(({ name }) => name))])
    for (const ref of agents) this.of(ref)
  }

  of(ref: AnyAgentRef): Acting {
    const known = this.#known.get(ref)
    if (known !== undefined) return known
    const behaviour = this.#cast.of(ref.name)
    if (behaviour === undefined) this.unprofiled.add(ref.name)
    const acting = { ...behaviour, output: behaviour?.output ?? this.#answer(ref), down: down() }
    this.#known.set(ref, acting)
    return acting
  }

  #answer(ref: AnyAgentRef): Answering {
    const made = standInFor(ref)
    if (made === undefined) return (input) => input
    if ("value" in made) return () => made.value
    const message = `nothing stands in for its answer (${made.problem}): say what it answers`
    this.refused = new InvalidProfile([{ at: `/agents/${pointed(ref.name)}/output`, message }])
    throw this.refused
  }
}
