import { call, identity, named, pure, race, sleep, zip } from "../flow/index.js"
import { holds, isEven, mark, nth } from "./alphabet.js"
import type { Laws } from "./law.js"

const everything = { calls: 1_000_000, tokens: 1_000_000_000, usd: 1_000_000 }
const extended = named("laws.extend", ([record, field]: readonly [object, unknown]) => ({ ...record, field }))
const fields = named("laws.was", (value: unknown) => ({ was: value }))

/** What is put around a flow, or beside it, and leaves its value as it is. */
export const wrappers: Laws = {
  timeoutFarAway: ({ f }) => ({ lhs: f.flow.timeout(86_400_000), rhs: f.flow }),
  timeoutsNest: ({ f }) => ({ lhs: f.flow.timeout(3).timeout(50), rhs: f.flow.timeout(3) }),
  limitFarAway: ({ f }) => ({ lhs: f.flow.limit(everything), rhs: f.flow }),
  limitsNest: ({ f }) => ({ lhs: f.flow.limit({ calls: 2 }).limit({ calls: 9 }), rhs: f.flow.limit({ calls: 2 }) }),
  limitOneAtATime: ({ t }) => ({ lhs: t.flow.limit({ concurrency: 1 }), rhs: t.flow }),
  tapOfNothing: ({ f }) => ({ lhs: f.flow.tap(identity()), rhs: f.flow }),
  tapIsZip: ({ f, g }) => ({
    lhs: f.flow.tap(g.flow),
    rhs: f.flow.andThen(zip(identity<unknown>(), g.flow)).map(nth(0)),
  }),
  notifyPassesBy: ({ f, g }) => ({ lhs: f.flow.notify(g.flow), rhs: f.flow }),
  divertPassesBy: ({ f, g }) => ({ lhs: f.flow.divertTo(g.flow, isEven), rhs: f.flow }),
  guardThatHolds: ({ f }) => ({ lhs: f.flow.guard(holds), rhs: f.flow }),
  guardTwice: ({ f }) => ({ lhs: f.flow.guard(isEven).guard(isEven), rhs: f.flow.guard(isEven) }),
  filterIsGuard: ({ f }) => ({ lhs: f.flow.filter(isEven), rhs: f.flow.guard(isEven) }),
  callIsItsFlow: ({ f }) => ({ lhs: call(`flow_${mark(f.flow)}`, f.flow), rhs: f.flow }),
  sleepPassesOn: ({ t }) => ({ lhs: t.flow.andThen(sleep(3)), rhs: t.flow }),
  sleepsAdd: ({ f, input }) => ({
    lhs: race([sleep(2).andThen(sleep(3)).andThen(f.flow), sleep(7).andThen(pure(input))], { wins: "settled" }),
    rhs: race([sleep(5).andThen(f.flow), sleep(7).andThen(pure(input))], { wins: "settled" }),
  }),
  bindIsZip: ({ f, g }) => ({
    lhs: f.flow.map(fields).bind("field", g.flow),
    rhs: f.flow.map(fields).andThen(zip(identity<object>(), g.flow)).map(extended),
  }),
}
