import type { OutOf } from "../data/agent-ref.js"
import { flow, nodeOf, nodesOf } from "./build.js"
import * as make from "./make.js"
import { record } from "./refuse.js"
import type { AnyFlow, Flow, Meet } from "./types.js"

/** A member of a graph: its flow, and those that must have ended before it starts. */
export interface GraphNode {
  readonly dependsOn?: readonly string[]
  readonly flow: AnyFlow
}

type Deps<N, K extends keyof N> = N[K] extends { readonly dependsOn: readonly (infer D)[] } ? D : never
type Out<N, K extends keyof N> = N[K] extends { readonly flow: infer F } ? OutOf<F> : never
type Roots<N> = {
  [K in keyof N]: [Deps<N, K>] extends [never] ? (N[K] extends { readonly flow: infer F } ? F : never) : never
}[keyof N]
type Sinks<N> = Exclude<keyof N, { [K in keyof N]: Deps<N, K> }[keyof N]>
type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never

/** What a graph gives: the output of its only sink, else a record of the sinks. */
export type GraphOut<N> = IsUnion<Sinks<N>> extends true ? { readonly [K in Sinks<N>]: Out<N, K> } : Out<N, Sinks<N>>

/** What a member with dependencies gets: the input of the graph, and the outputs of what it depends on. */
export interface GraphInput<N, K extends keyof N> {
  readonly input: Meet<[Roots<N>]>
  readonly results: { readonly [D in Deps<N, K> & keyof N]: Out<N, D> }
}

type Members<N> = {
  readonly [K in keyof N]: {
    readonly dependsOn?: readonly Exclude<keyof N, K>[]
    readonly flow: [Deps<N, K>] extends [never] ? AnyFlow : Flow<GraphInput<N, K>, unknown>
  }
}

/**
 * Runs members as soon as those that they depend on have ended. A member without dependencies gets the input, any other
 * `{ input, results: { id: output } }`; the result is the output of the only sink, else a record of the sinks. The first
 * failure aborts the rest. A cycle is refused.
 *
 * @example
 * ```ts
 * import { AgentSystem, graph, lift } from "troupe"
 * await using system = new AgentSystem()
 * const size = lift((text: string) => text.length)
 * const loud = lift((text: string) => text.toUpperCase())
 * const join = lift(({ results }: { results: { size: number; loud: string } }) => `${results.loud} ${results.size}`)
 * const flow = graph({ size: { flow: size }, loud: { flow: loud }, join: { dependsOn: ["size", "loud"], flow: join } })
 * await system.run(flow, "bees") // "BEES 4"
 * ```
 */
export function graph<const N extends { readonly [id: string]: GraphNode }>(
  nodes: N & Members<N>,
): Flow<Meet<[Roots<N>]>, GraphOut<N>> {
  record(nodes, "what graph takes", "a record of members by id")
  const members: readonly (readonly [string, GraphNode])[] = Object.entries(nodes)
  for (const [id, member] of members) record(member, `the member ${id}`, "{ flow, dependsOn? }")
  nodesOf(members.map(([, { flow: of }]) => of)) // refuses ids that two members share
  return flow(make.graph(members.map(([id, { flow: of, dependsOn = [] }]) => ({ id, of: nodeOf(of), dependsOn }))))
}
