import { isLeft, left } from "../data/either.js"
import type { AllFailed, Fault, QuorumNotMet } from "../data/fault.js"
import {
  type AnyFlow,
  atLeast,
  fail,
  type Flow,
  identity,
  lift,
  loop,
  pure,
  race,
  route,
  zip,
  zipAll,
} from "../flow/index.js"
import { step } from "./alphabet.js"
import type { Law } from "./law.js"
import type { Outcome } from "./outcome.js"

type Any = Flow<unknown, unknown>

const at = (index: number, value: unknown): unknown => (Array.isArray(value) ? value[index] : undefined)
const nth =
  (index: number): ((value: unknown) => unknown) =>
  (value) =>
    at(index, value)
const values = (result: { readonly succeeded: ReadonlyArray<{ readonly value: unknown }> }): readonly unknown[] =>
  result.succeeded.map(({ value }) => value)

const broken = { code: "broken", message: "broken on purpose" }
const fault: Fault = { _tag: "Failed", path: "", retry: "no", ...broken }

/** Reads `QuorumNotMet` as another fault. */
const readingQuorum =
  (change: (found: QuorumNotMet) => Fault) =>
  (outcome: Outcome): Outcome =>
    isLeft(outcome) && outcome.left._tag === "QuorumNotMet" ? left(change(outcome.left)) : outcome

/** Counts the turn that was unrolled. */
const oneTurnMore = (outcome: Outcome): Outcome =>
  isLeft(outcome) && outcome.left._tag === "LoopExceeded"
    ? left({ ...outcome.left, turns: outcome.left.turns + 1 })
    : outcome

const allFailed = ({ faults, retry }: Pick<AllFailed, "faults" | "retry">): AllFailed => ({
  _tag: "AllFailed",
  path: "",
  message: "",
  faults,
  retry,
})

/** One turn by hand, then what `rest` makes of another one. */
const unrolled = (body: Any, rest: Any): AnyFlow =>
  body.map(step).branch("_tag", {
    Done: lift(({ value }: { readonly value: unknown }) => value),
    Continue: lift(({ value }: { readonly value: unknown }) => value).andThen(rest),
  })

/**
 * The laws of the algebra, by name: each gives two flows that end alike, whatever the samples. They hold for flows that
 * fail as well; faults are compared up to `path` and words. `interchange` holds only for flows that can neither fail nor
 * be aborted nor observe time: waive it, with that reason, for an interpreter that lets them.
 */
export const laws: Readonly<Record<string, Law>> = {
  // A category: sequences.
  leftIdentity: ({ f }) => ({ lhs: identity<unknown>().andThen(f.flow), rhs: f.flow }),
  rightIdentity: ({ f }) => ({ lhs: f.flow.andThen(identity()), rhs: f.flow }),
  associativity: ({ f, g, h }) => ({
    lhs: f.flow.andThen(g.flow).andThen(h.flow),
    rhs: f.flow.andThen(g.flow.andThen(h.flow)),
  }),
  // A functor: map.
  mapIdentity: ({ f }) => ({ lhs: f.flow.map((value) => value), rhs: f.flow }),
  mapComposition: ({ f, p, q }) => ({
    lhs: f.flow.map(p).map(q),
    rhs: f.flow.map((value) => q.run(p.run(value))),
  }),
  mapIsThenLift: ({ f, p }) => ({ lhs: f.flow.map(p), rhs: f.flow.andThen(lift(p)) }),
  // Applicative: zip.
  zipLeftUnit: ({ f, input }) => ({ lhs: zip(pure(input), f.flow).map(nth(1)), rhs: f.flow }),
  zipRightUnit: ({ f, input }) => ({ lhs: zip(f.flow, pure(input)).map(nth(0)), rhs: f.flow }),
  zipAssociativity: ({ f, g, h }) => ({
    lhs: zip(zip(f.flow, g.flow), h.flow).map(([[a, b], c]) => [a, [b, c]]),
    rhs: zip(f.flow, zip(g.flow, h.flow)),
  }),
  zipNaturality: ({ f, g, p, q }) => ({
    lhs: zip(f.flow.map(p), g.flow.map(q)),
    rhs: zip(f.flow, g.flow).map(([a, b]) => [p.run(a), q.run(b)]),
  }),
  zipByKeys: ({ f, g }) => ({
    lhs: zipAll({ a: f.flow, b: g.flow }).map((both) => [both.a, both.b]),
    rhs: zip(f.flow, g.flow),
  }),
  interchange: ({ f, g, h, p }) => ({
    lhs: zip(f.flow, g.flow).andThen(zip(lift(nth(0)).andThen(h.flow), lift(nth(1)).map(p))),
    rhs: zip(f.flow.andThen(h.flow), g.flow.map(p)),
  }),
  // Choice: exactly the chosen arm runs.
  branchChooses: ({ f, g, input }) => ({
    lhs: pure<{ kind: "this" | "that"; value: unknown }>({ kind: "that", value: input }).branch("kind", {
      this: f.flow,
      that: lift((chosen: { readonly value: unknown }) => chosen.value).andThen(g.flow),
    }),
    rhs: pure(input).andThen(g.flow),
  }),
  routeChooses: ({ f, g }) => ({ lhs: route(pure<"f" | "g">("f"), { f: f.flow, g: g.flow }), rhs: f.flow }),
  // Failure.
  failEndsASequence: ({ f }) => ({ lhs: fail(broken).andThen(f.flow), rhs: fail(broken) }),
  recoverWithFault: ({ h }) => ({ lhs: fail(broken).recoverWith(h.flow), rhs: pure(fault).andThen(h.flow) }),
  recoverLeavesValues: ({ h, input }) => ({ lhs: pure(input).recoverWith(h.flow), rhs: pure(input) }),
  recoverLeavesOtherTags: ({ h }) => ({ lhs: fail(broken).recoverTag("TimedOut", h.flow), rhs: fail(broken) }),
  fallbackGetsTheInput: ({ g }) => ({ lhs: fail(broken).fallbackTo(g.flow), rhs: g.flow }),
  // Quorums.
  zipIsAFullQuorum: ({ f, g, h }) => ({
    lhs: zip(f.flow, g.flow, h.flow),
    rhs: atLeast(3, [f.flow, g.flow, h.flow]).map(values),
    reads: readingQuorum((found) => found.faults[0] ?? found),
  }),
  raceIsAQuorumOfOne: ({ f, g, h }) => ({
    lhs: race(f.flow, g.flow, h.flow),
    rhs: atLeast(1, [f.flow, g.flow, h.flow], { settle: "quorum" }).map((result) => values(result)[0]),
    reads: readingQuorum(allFailed),
  }),
  raceOfOne: ({ f }) => ({
    lhs: race(f.flow),
    rhs: f.flow,
    reads: (outcome) =>
      isLeft(outcome) && outcome.left._tag !== "Aborted"
        ? left(allFailed({ faults: [outcome.left], retry: outcome.left.retry }))
        : outcome,
  }),
  // Loops.
  loopUnrolls: ({ f }) => {
    const body = f.flow.recoverTag("LoopExceeded", pure(1)) // so that the loop at hand alone can exceed its turns
    return {
      lhs: loop(body.map(step), { max: 4 }),
      rhs: unrolled(body, loop(body.map(step), { max: 3 })),
      reads: oneTurnMore,
    }
  },
  loopUnrollsToTheLast: ({ f }) => ({
    lhs: loop(f.flow.map(step), { max: 3, exhausted: "last" }),
    rhs: unrolled(f.flow, loop(f.flow.map(step), { max: 2, exhausted: "last" })),
  }),
}
