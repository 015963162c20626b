import type { Either, Left, Right } from "fp-ts/lib/Either.js"

// fp-ts gives the type and its instances; the four functions that run in every command are written out, because loading
// the module that has them takes longer than most commands do.

export type { Either }

/** A failure. */
export const left = <E>(error: E): Either<E, never> => ({ _tag: "Left", left: error })

/** A value. */
export const right = <A>(value: A): Either<never, A> => ({ _tag: "Right", right: value })

export const isLeft = <E>(either: Either<E, unknown>): either is Left<E> => either._tag === "Left"

export const isRight = <A>(either: Either<unknown, A>): either is Right<A> => either._tag === "Right"
