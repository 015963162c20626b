import type { Alt2 } from "fp-ts/lib/Alt.js"
import type { Applicative2 } from "fp-ts/lib/Applicative.js"
import type { Apply2 } from "fp-ts/lib/Apply.js"
import type { Category2 } from "fp-ts/lib/Category.js"
import type { Chain2 } from "fp-ts/lib/Chain.js"
import type { Choice2 } from "fp-ts/lib/Choice.js"
import type { Functor2 } from "fp-ts/lib/Functor.js"
import type { Monad2 } from "fp-ts/lib/Monad.js"
import type { Pointed2 } from "fp-ts/lib/Pointed.js"
import type { Profunctor2 } from "fp-ts/lib/Profunctor.js"
import type { Strong2 } from "fp-ts/lib/Strong.js"
import type { Either } from "../data/either.js"
import { applied, fromLeft, fromRight, toLeft, toRight } from "./builtin.js"
import { flow } from "./build.js"
import { identity, lift } from "./constructors.js"
import * as make from "./make.js"
import type { Node } from "./node.js"
import { split } from "./over-lists.js"
import type { AnyFlow, Flow } from "./types.js"

// The type classes of fp-ts that flows are instances of, each as its records are written there: `E` is the input.

/** The name under which fp-ts knows flows. */
export const URI = "troupe/Flow"
/** The same as a type. */
export type URI = typeof URI

declare module "fp-ts/lib/HKT" {
  interface URItoKind2<E, A> {
    readonly [URI]: Flow<E, A>
  }
}

/** `map`, by the law of functors: mapping twice is mapping the composition. */
export const Functor: Functor2<URI> = { URI, map: (fa, f) => fa.map(f) }

/** `pure`. */
export const Pointed: Pointed2<URI> = { URI, of: (a) => flow(make.pure({ _tag: "Constant", value: a })) }

/** Both sides at the same time, as in `zip`: the first failure aborts the other. */
export const ApplyPar: Apply2<URI> = { ...Functor, ap: (fab, fa) => fab.zip(fa).map(applied()) }

/** The function first, then the value, on the same input: agrees with `Monad`. */
export const ApplySeq: Apply2<URI> = { ...Functor, ap: (fab, fa) => fab.flatMap((f) => fa.map(f)) }

/** `ApplyPar` with `pure`. */
export const ApplicativePar: Applicative2<URI> = { ...ApplyPar, of: Pointed.of }

/** `ApplySeq` with `pure`. */
export const ApplicativeSeq: Applicative2<URI> = { ...ApplySeq, of: Pointed.of }

/** `flatMap`, which runs what it chose on the original input: the monad of readers. */
export const Chain: Chain2<URI> = { ...ApplySeq, chain: (fa, f) => fa.flatMap(f) }

/** `flatMap` and `pure`. */
export const Monad: Monad2<URI> = { ...ApplicativeSeq, chain: Chain.chain }

/** `identity` and `andThen`, the second flow first, as in fp-ts. */
export const Category: Category2<URI> = {
  URI,
  id: () => identity(),
  compose: (ab, la) => la.andThen(ab),
}

/** A function before and one after. */
export const Profunctor: Profunctor2<URI> = { ...Functor, promap: (fea, f, g) => lift(f).andThen(fea).map(g) }

/** One element of a pair goes through the flow, the other passes by. */
export const Strong: Strong2<URI> = {
  ...Profunctor,
  first: <A, B, C>(pab: Flow<A, B>) => flow<[A, C], [B, C]>(split(pab, identity<C>()).node),
  second: <A, B, C>(pbc: Flow<B, C>) => flow<[A, B], [A, C]>(split(identity<A>(), pbc).node),
}

const arms = (left: AnyFlow, right: AnyFlow): Node =>
  make.branch({ key: "_tag" }, ["Left", "Right"], [left.node, right.node], undefined)

/** One side of an `Either` goes through the flow, the other passes by. */
export const Choice: Choice2<URI> = {
  ...Profunctor,
  left: <A, B, C>(pab: Flow<A, B>) =>
    flow<Either<A, C>, Either<B, C>>(arms(lift(fromLeft<A>()).andThen(pab).map(toLeft()), identity())),
  right: <A, B, C>(pbc: Flow<B, C>) =>
    flow<Either<A, B>, Either<A, C>>(arms(identity(), lift(fromRight<B>()).andThen(pbc).map(toRight()))),
}

/** The second where the first fails, on the original input: `fallbackTo`. */
export const Alt: Alt2<URI> = { ...Functor, alt: (fa, that) => fa.fallbackTo(that()) }
