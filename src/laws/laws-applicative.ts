import type { Apply2 } from "fp-ts/lib/Apply.js"
import {
  ApplicativePar,
  ApplicativeSeq,
  ApplyPar,
  ApplySeq,
  type Flow,
  identity,
  lift,
  Monad,
  named,
  pure,
  split,
  Strong,
  type URI,
  zip,
  zipAll,
} from "../flow/index.js"
import type { Fn } from "../flow/node.js"
import { nth } from "./alphabet.js"
import type { Law, Laws, Samples } from "./law.js"

type Plain = (value: unknown) => unknown

/** An applicative of fp-ts: `of` and `ap`. */
type Instance = Apply2<URI> & { readonly of: <A>(value: A) => Flow<unknown, A> }

/** A flow that gives a function. */
const giving = (f: Flow<unknown, unknown>, fn: Fn<unknown>): Flow<unknown, Plain> =>
  f.map(named(`laws.giving.${fn.name}`, (): Plain => fn.run))

const compose =
  (second: Plain) =>
  (first: Plain): Plain =>
  (value) =>
    second(first(value))

/** The laws of applicative functors, for one instance. */
const lawful = (name: string, { of, ap, map }: Instance): Laws => {
  const all: Record<string, Law> = {
    Identity: ({ f }) => ({
      lhs: ap(
        of((value: unknown) => value),
        f.flow,
      ),
      rhs: f.flow,
    }),
    Homomorphism: ({ p, input }) => ({ lhs: ap(of(p.run), of(input)), rhs: of(p.run(input)) }),
    Interchange: ({ f, p, input }) => ({
      lhs: ap(giving(f.flow, p), of(input)),
      rhs: ap(
        of((fn: Plain) => fn(input)),
        giving(f.flow, p),
      ),
    }),
    Composition: ({ f, g, h, p, q }) => {
      const [second, first] = [giving(f.flow, p), giving(g.flow, q)]
      return { lhs: ap(ap(map(second, compose), first), h.flow), rhs: ap(second, ap(first, h.flow)) }
    },
  }
  return Object.fromEntries(Object.entries(all).map(([law, sides]) => [`${name}${law}`, sides]))
}

const toPairOfPairs = named("laws.reassociate", ([[a, b], c]: readonly [readonly [unknown, unknown], unknown]) => [
  a,
  [b, c],
])

const onPair = (p: Fn<unknown>, q: Fn<unknown>): Fn<readonly [unknown, unknown]> =>
  named(`laws.on_pair.${p.name}.${q.name}`, ([a, b]) => [p.run(a), q.run(b)])

const fields = named("laws.fields", ({ a, b }: { readonly a: unknown; readonly b: unknown }) => [a, b])

/** Each of two flows on its element, then each of two more; the same in two rows. */
const crossed = (
  f: Samples["f"],
  g: Samples["f"],
  h: Samples["f"],
  k: Samples["f"],
  input: unknown,
): ReturnType<Law> => {
  const two = pure([input, input])
  return {
    lhs: two.andThen(split(f.flow, g.flow)).andThen(split(h.flow, k.flow)),
    rhs: two.andThen(split(f.flow.andThen(h.flow), g.flow.andThen(k.flow))),
  }
}

/** Flows side by side on one input: `zip`, and the instances of fp-ts that are made of it. */
export const applicative: Laws = {
  zipLeftUnit: ({ f, input }) => ({ lhs: zip(pure(input), f.flow).map(nth(1)), rhs: f.flow }),
  zipRightUnit: ({ f, input }) => ({ lhs: zip(f.flow, pure(input)).map(nth(0)), rhs: f.flow }),
  zipAssociativity: ({ f, g, h }) => ({
    lhs: zip(zip(f.flow, g.flow), h.flow).map(toPairOfPairs),
    rhs: zip(f.flow, zip(g.flow, h.flow)),
  }),
  zipNaturality: ({ f, g, p, q }) => ({
    lhs: zip(f.flow.map(p), g.flow.map(q)),
    rhs: zip(f.flow, g.flow).map(onPair(p, q)),
  }),
  zipByKeys: ({ f, g }) => ({
    lhs: zipAll({ a: f.flow, b: g.flow }).map(fields),
    rhs: zip(f.flow, g.flow),
  }),
  zipOfOne: ({ f }) => ({ lhs: zip(f.flow).map(nth(0)), rhs: f.flow }),

  ...lawful("applyPar", ApplicativePar),
  ...lawful("applySeq", ApplicativeSeq),
  applyParIsZip: ({ f, g, p }) => ({
    lhs: ApplyPar.ap(giving(f.flow, p), g.flow),
    rhs: zip(giving(f.flow, p), g.flow).map(named("laws.apply", ([fn, value]) => fn(value))),
  }),
  applySeqIsMonad: ({ f, g, p }) => ({
    lhs: ApplySeq.ap(giving(f.flow, p), g.flow),
    rhs: Monad.chain(giving(f.flow, p), (fn) => Monad.chain(g.flow, (value) => Monad.of(fn(value)))),
  }),
  applyParIsSeqOfTotal: ({ t, u, p }) => ({
    lhs: ApplyPar.ap(giving(t.flow, p), u.flow),
    rhs: ApplySeq.ap(giving(t.flow, p), u.flow),
  }),

  interchange: ({ f, g, h, t, input }) => crossed(f, g, h, t, input),
  interchangeOfTotal: ({ t, u, v, w, input }) => crossed(t, u, v, w, input),
  splitIsZip: ({ f, g, input }) => ({
    lhs: pure([input, 1]).andThen(split(f.flow, g.flow)),
    rhs: pure([input, 1]).andThen(zip(lift(nth(0)).andThen(f.flow), lift(nth(1)).andThen(g.flow))),
  }),
  firstIsSplit: ({ f, input }) => ({
    lhs: pure<[unknown, unknown]>([input, "beside"]).andThen(Strong.first(f.flow)),
    rhs: pure([input, "beside"]).andThen(split(f.flow, identity<unknown>())),
  }),
  secondIsSplit: ({ f, input }) => ({
    lhs: pure<[unknown, unknown]>(["beside", input]).andThen(Strong.second(f.flow)),
    rhs: pure(["beside", input]).andThen(split(identity<unknown>(), f.flow)),
  }),
}
