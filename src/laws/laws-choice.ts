import { type Either, left, right } from "../data/either.js"
import type { Fault } from "../data/fault.js"
import { Alt, Choice, fail, identity, lift, named, pure, route } from "../flow/index.js"
import { holds, isEven } from "./alphabet.js"
import type { Laws } from "./law.js"

const broken = { code: "broken", message: "broken on purpose" }
const fault: Fault = { _tag: "Failed", path: "", retry: "no", ...broken }

const inside = named("laws.value", ({ value }: { readonly value: unknown }) => value)

const ok = named("laws.ok", (value: unknown) => ({ ok: true, value }))
const notOk = named("laws.not_ok", (found: Fault) => ({ ok: false, fault: found }))

const onLeft = (value: unknown): Either<unknown, unknown> => left(value)
const onRight = (value: unknown): Either<unknown, unknown> => right(value)

/** Exactly the chosen part runs: branches, and recoveries from faults. */
export const choices: Laws = {
  branchChooses: ({ f, g, input }) => ({
    lhs: pure<{ kind: "this" | "that"; value: unknown }>({ kind: "that", value: input }).branch("kind", {
      this: f.flow,
      that: lift(inside).andThen(g.flow),
    }),
    rhs: pure(input).andThen(g.flow),
  }),
  branchOtherwise: ({ f, g, input }) => ({
    lhs: pure<{ kind: "this" | "that"; value: unknown }>({ kind: "that", value: input }).branch(
      "kind",
      { this: f.flow },
      lift(inside).andThen(g.flow),
    ),
    rhs: pure(input).andThen(g.flow),
  }),
  branchOnHolds: ({ f, g }) => ({ lhs: identity<unknown>().branchOn(holds, f.flow, g.flow), rhs: f.flow }),
  branchOfTheSame: ({ f, g }) => ({
    lhs: f.flow.branchOn(isEven, g.flow, g.flow),
    rhs: f.flow.andThen(g.flow),
  }),
  branchThen: ({ f, g, h }) => ({
    lhs: identity<unknown>().branchOn(isEven, f.flow, g.flow).andThen(h.flow),
    rhs: identity<unknown>().branchOn(isEven, f.flow.andThen(h.flow), g.flow.andThen(h.flow)),
  }),
  routeChooses: ({ f, g }) => ({ lhs: route(pure<"f" | "g">("f"), { f: f.flow, g: g.flow }), rhs: f.flow }),
  choiceOfLeft: ({ f, input }) => ({
    lhs: pure(onLeft(input)).andThen(Choice.left(f.flow)),
    rhs: pure(input).andThen(f.flow).map(named("laws.left", onLeft)),
  }),
  choiceOfRight: ({ f, input }) => ({
    lhs: pure(onRight(input)).andThen(Choice.left(f.flow)),
    rhs: pure(onRight(input)),
  }),

  failEndsASequence: ({ f }) => ({ lhs: fail(broken).andThen(f.flow), rhs: fail(broken) }),
  recoverWithFault: ({ h }) => ({ lhs: fail(broken).recoverWith(h.flow), rhs: pure(fault).andThen(h.flow) }),
  recoverLeavesValues: ({ h, input }) => ({ lhs: pure(input).recoverWith(h.flow), rhs: pure(input) }),
  recoverLeavesOtherTags: ({ h }) => ({ lhs: fail(broken).recoverTag("TimedOut", h.flow), rhs: fail(broken) }),
  recoverByTag: ({ h }) => ({ lhs: fail(broken).recoverTag("Failed", h.flow), rhs: fail(broken).recoverWith(h.flow) }),
  recoverAssociativity: ({ f, g, h }) => ({
    lhs: f.flow.recoverWith(g.flow).recoverWith(h.flow),
    rhs: f.flow.recoverWith(g.flow.recoverWith(h.flow)),
  }),
  fallbackGetsTheInput: ({ g }) => ({ lhs: fail(broken).fallbackTo(g.flow), rhs: g.flow }),
  altIsFallback: ({ f, g }) => ({ lhs: Alt.alt(f.flow, () => g.flow), rhs: f.flow.fallbackTo(g.flow) }),
  altAssociativity: ({ f, g, h }) => ({
    lhs: f.flow.fallbackTo(g.flow).fallbackTo(h.flow),
    rhs: f.flow.fallbackTo(g.flow.fallbackTo(h.flow)),
  }),
  attemptIsMapAndRecover: ({ f }) => ({
    lhs: f.flow.attempt(),
    rhs: f.flow.map(ok).recoverWith(lift(notOk)),
  }),
  attemptNeverFails: ({ f, h }) => ({ lhs: f.flow.attempt().recoverWith(h.flow), rhs: f.flow.attempt() }),
}
