import { isRecord } from "../data/json.js"
import { codeOf, flow, nodeOf } from "./build.js"
import { withState } from "./builtin.js"
import * as make from "./make.js"
import type { Count, Fn } from "./node.js"
import { record } from "./refuse.js"
import type { Continue, Done, DoneOf, Flow } from "./types.js"

/**
 * A loop whose turns hand on a state besides the value: `body` goes from `[value, state]` to `[continueWith(value), state]`
 * or `[done(result), state]`. The state is fresh in each run.
 *
 * @param options `initial`: the first state, or a function that makes it, bare or named. `max`: how many turns at most, 10 by default.
 *
 * @example
 * ```ts
 * import { AgentSystem, continueWith, done, lift, loopWithState } from "troupe"
 * await using system = new AgentSystem()
 * const turn = lift(([n, seen]: readonly [number, readonly number[]]) =>
 *   n > 4 ? ([done(seen), seen] as const) : ([continueWith(n * 2), [...seen, n]] as const),
 * )
 * const none: readonly number[] = []
 * await system.run(loopWithState(turn, { initial: none }), 1) // [1, 2, 4]
 * ```
 */
export function loopWithState<V, S, O extends readonly [Continue<V> | Done<unknown>, S]>(
  body: Flow<readonly [V, S], O>,
  options: { readonly initial: S | (() => S) | Fn<V, S>; readonly max?: Count },
): Flow<V, DoneOf<O[0]>> {
  record(options, "the options of loopWithState", "{ initial, max? }")
  const { initial, max } = options
  const state = make.pure(isFactory(initial) ? codeOf(initial) : { _tag: "Constant", value: initial })
  return flow(
    make.unit([make.all([make.seq([]), state]), make.loop(make.unit([nodeOf(body), make.pure(withState)]), max)]),
  )
}

const isFactory = (initial: unknown): initial is Fn | (() => unknown) =>
  typeof initial === "function" ||
  (isRecord(initial) && initial["_tag"] === "Fn" && typeof initial["run"] === "function")
