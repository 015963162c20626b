import { isLeft, left } from "../data/either.js"
import type { AllFailed, Fault, QuorumNotMet } from "../data/fault.js"
import { atLeast, graph, lift, named, pure, race, split, traverse, zip, zipAll } from "../flow/index.js"
import { nth } from "./alphabet.js"
import type { Laws } from "./law.js"
import type { Outcome } from "./outcome.js"

interface Standing {
  readonly succeeded: ReadonlyArray<{ readonly value: unknown }>
}

const values = named("laws.values", ({ succeeded }: Standing) => succeeded.map(({ value }) => value))

/** Reads `QuorumNotMet` as another fault. */
const readingQuorum =
  (change: (found: QuorumNotMet) => Fault) =>
  (outcome: Outcome): Outcome =>
    isLeft(outcome) && outcome.left._tag === "QuorumNotMet" ? left(change(outcome.left)) : outcome

const allFailed = ({ faults, retry }: Pick<AllFailed, "faults" | "retry">): AllFailed => ({
  _tag: "AllFailed",
  path: "",
  message: "",
  faults,
  retry,
})

const resultOfA = named("laws.result_of_a", ({ results }: { readonly results: { readonly a: unknown } }) => results.a)

/** Flows side by side that may be decided before all have ended: quorums, races, lists, graphs. */
export const parallel: Laws = {
  zipIsAFullQuorum: ({ f, g, h }) => ({
    lhs: zip(f.flow, g.flow, h.flow),
    rhs: atLeast(3, [f.flow, g.flow, h.flow]).map(values),
    reads: readingQuorum((found) => found.faults[0] ?? found),
  }),
  raceIsAQuorumOfOne: ({ f, g, h }) => ({
    lhs: race(f.flow, g.flow, h.flow),
    rhs: atLeast(1, [f.flow, g.flow, h.flow], { settle: "quorum" }).map(values).map(nth(0)),
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
  raceToSettleOfOne: ({ f }) => ({ lhs: race([f.flow], { wins: "settled" }), rhs: f.flow }),
  hedgeKeepsTheResult: ({ f, g }) => ({
    lhs: atLeast(1, { a: f.flow, b: g.flow }, { hedge: { after: 2, max: 1 } }),
    rhs: atLeast(1, { a: f.flow, b: g.flow }),
  }),

  traverseIsSplit: ({ f, input }) => ({
    lhs: pure([input, 1, 2]).andThen(traverse(f.flow)),
    rhs: pure([input, 1, 2]).andThen(split(f.flow, f.flow, f.flow)),
  }),
  traverseOfNone: ({ f }) => ({ lhs: pure<unknown[]>([]).andThen(traverse(f.flow)), rhs: pure([]) }),
  traverseOneAtATime: ({ t, input }) => ({
    lhs: pure([input, 1, 2]).andThen(traverse(t.flow, { concurrency: 1 })),
    rhs: pure([input, 1, 2]).andThen(traverse(t.flow)),
  }),
  traverseWithRoomForAll: ({ f, input }) => ({
    lhs: pure([input, 1, 2]).andThen(traverse(f.flow, { concurrency: 3 })),
    rhs: pure([input, 1, 2]).andThen(traverse(f.flow)),
  }),
  traverseComposition: ({ t, u, input }) => ({
    lhs: pure([input, 1]).andThen(traverse(t.flow)).andThen(traverse(u.flow)),
    rhs: pure([input, 1]).andThen(traverse(t.flow.andThen(u.flow))),
  }),
  traverseAtLeastIsAQuorum: ({ f, input }) => ({
    lhs: pure([input, 1, 2]).andThen(traverse(f.flow, { atLeast: 2 })),
    rhs: atLeast(2, {
      0: pure(input).andThen(f.flow),
      1: pure(1).andThen(f.flow),
      2: pure(2).andThen(f.flow),
    }),
  }),

  graphOfRootsIsZip: ({ f, g }) => ({
    lhs: graph({ a: { flow: f.flow }, b: { flow: g.flow } }),
    rhs: zipAll({ a: f.flow, b: g.flow }),
  }),
  graphOfOne: ({ f }) => ({ lhs: graph({ a: { flow: f.flow } }), rhs: f.flow }),
  graphOfARow: ({ f, g }) => ({
    lhs: graph({ a: { flow: f.flow }, b: { dependsOn: ["a"], flow: lift(resultOfA).andThen(g.flow) } }),
    rhs: f.flow.andThen(g.flow),
  }),
}
