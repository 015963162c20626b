import { isLeft, left } from "../data/either.js"
import { type AnyFlow, fail, type Flow, identity, lift, loop, loopWithState, named, pure, zip } from "../flow/index.js"
import { nth, step } from "./alphabet.js"
import type { Laws } from "./law.js"
import type { Outcome } from "./outcome.js"

type Any = Flow<unknown, unknown>

/** Counts the turn that was unrolled. */
const oneTurnMore = (outcome: Outcome): Outcome =>
  isLeft(outcome) && outcome.left._tag === "LoopExceeded"
    ? left({ ...outcome.left, turns: outcome.left.turns + 1 })
    : outcome

const inside = named("laws.value", ({ value }: { readonly value: unknown }) => value)

/** One turn by hand, then what `rest` makes of another one. */
const unrolled = (body: Any, rest: Any): AnyFlow =>
  body.map(step).branch("_tag", { Done: lift(inside), Continue: lift(inside).andThen(rest) })

/** A body that never exceeds turns of its own: the loop at hand alone can. */
const only = (body: Any): Any => body.recoverTag("LoopExceeded", pure(1))

const state = named("laws.state", ([, kept]: readonly [unknown, number]) => kept)

/** Parts that run more than once: loops, and tries. */
export const repetition: Laws = {
  loopUnrolls: ({ f }) => {
    const body = only(f.flow)
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
  loopWithStateIgnored: ({ f }) => {
    const body = only(f.flow)
    return {
      lhs: loopWithState(zip(lift(nth(0)).andThen(body).map(step), lift(state)), { initial: 0, max: 3 }),
      rhs: loop(body.map(step), { max: 3 }),
      reads: (outcome) =>
        isLeft(outcome) && outcome.left._tag === "LoopExceeded"
          ? left({ ...outcome.left, last: [outcome.left.last, 0] })
          : outcome,
    }
  },
  retryNever: ({ f }) => ({ lhs: f.flow.retry({ times: 0 }), rhs: f.flow }),
  retryLeavesValues: ({ t }) => ({ lhs: t.flow.retry({ times: 3 }), rhs: t.flow }),
  retryOfAFinalFault: ({ f }) => {
    const shut = { code: "shut", message: "for good" }
    return { lhs: f.flow.andThen(fail(shut)).retry({ times: 0 }), rhs: f.flow.andThen(fail(shut).retry({ times: 3 })) }
  },
  retryGivesTheLastFault: ({ f }) => {
    // Whatever it fails with, it fails so again.
    const one = identity<unknown>().andThen(f.flow)
    return { lhs: one.retry({ times: 2, base: 1, jitter: false }), rhs: one }
  },
}
