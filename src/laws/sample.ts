import { flow } from "../flow/build.js"
import type { AnyFlow, Flow } from "../flow/index.js"
import type { Means } from "./world.js"

/** A flow, and what it comes to where everything answers at once. */
export interface Sample {
  readonly flow: Flow<unknown, unknown>
  readonly means: Means
  /** Its only agent, by which it is called as a member of a quorum; null: there are several, or members. */
  readonly agent?: string | null
}

export const flowsOf = (of: readonly Sample[]): Flow<unknown, unknown>[] => of.map(({ flow }) => flow)
export const meansOf = (of: readonly Sample[]): Means[] => of.map(({ means }) => means)

type Main = Sample["agent"]

/** What a sample is called after. */
export const about = (agent: Main): { readonly agent?: string | null } => (agent === undefined ? {} : { agent })

/** After the only one that any of them is called after. */
export const only = (of: readonly Pick<Sample, "agent">[]): { readonly agent?: string | null } => {
  const known = of.map(({ agent }) => agent).filter((agent) => agent !== undefined)
  return about(known.length > 1 ? null : known[0])
}

/** After none, where any of the members asks an agent. */
export const members = (of: readonly Sample[]): { readonly agent?: null } =>
  of.some(({ agent }) => agent !== undefined) ? { agent: null } : {}

/** A flow whose wires are forgotten: samples are given what they can take. */
export const untyped = ({ node }: AnyFlow): Flow<unknown, unknown> => flow(node)
