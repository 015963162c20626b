import type { Continue, Done } from "./types.js"

/**
 * Asks a loop for another turn, with what the turn gets.
 *
 * @example
 * ```ts
 * import { continueWith } from "troupe"
 * continueWith(3) // { _tag: "Continue", value: 3 }
 * ```
 */
export const continueWith = <const A>(value: A): Continue<A> => ({ _tag: "Continue", value })

/**
 * Ends a loop with its result.
 *
 * @example
 * ```ts
 * import { done } from "troupe"
 * done("bees") // { _tag: "Done", value: "bees" }
 * ```
 */
export const done = <const B>(value: B): Done<B> => ({ _tag: "Done", value })
