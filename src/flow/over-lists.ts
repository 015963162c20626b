import type { InOf } from "../data/agent-ref.js"
import { flow, nodeOf, nodesOf } from "./build.js"
import * as make from "./make.js"
import type { Count } from "./node.js"
import type { AnyFlow, Flow, Outs, QuorumResult } from "./types.js"

/**
 * Runs `body` on every element of a list, at the same time, and gives the results in order. The first failure aborts the
 * rest. What is no list is the fault `InvalidInput`.
 *
 * @param options `concurrency`: the most elements under way at one time (default: all). `atLeast`: how many must succeed;
 *   then every element is awaited, and the result is that of a quorum.
 *
 * @example
 * ```ts
 * import { AgentSystem, lift, traverse } from "troupe"
 * await using system = new AgentSystem()
 * await system.run(traverse(lift((text: string) => text.length)), ["bees", "ants"]) // [4, 4]
 * ```
 */
export function traverse<I, O>(
  body: Flow<I, O>,
  options: { readonly concurrency?: number; readonly atLeast: Count },
): Flow<readonly I[], QuorumResult<readonly Flow<I, O>[]>>
export function traverse<I, O>(body: Flow<I, O>, options?: { readonly concurrency?: number }): Flow<readonly I[], O[]>
export function traverse(body: AnyFlow, options: make.TraverseOptions = {}): AnyFlow {
  return flow(make.traverse(nodeOf(body), options))
}

/**
 * Runs a flow on each element of a tuple: branch *n* gets element *n*. What is no list of so many elements is the fault
 * `InvalidInput`, before anything starts.
 *
 * @example
 * ```ts
 * import { AgentSystem, lift, split } from "troupe"
 * await using system = new AgentSystem()
 * const each = split(lift((text: string) => text.length), lift((n: number) => n + 1))
 * await system.run(each, ["bees", 1]) // [4, 2]
 * ```
 */
export function split<const Fs extends readonly AnyFlow[]>(
  ...flows: Fs
): Flow<{ readonly [k in keyof Fs]: InOf<Fs[k]> }, Outs<Fs>> {
  return flow(make.split(nodesOf(flows)))
}
