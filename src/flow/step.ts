import type { Continue, Done } from "./types.js"

/** Asks a loop for another turn, with what the turn gets. */
export const continueWith = <const A>(value: A): Continue<A> => ({ _tag: "Continue", value })

/** Ends a loop with its result. */
export const done = <const B>(value: B): Done<B> => ({ _tag: "Done", value })
