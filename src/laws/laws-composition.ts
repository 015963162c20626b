import { Category, type Flow, identity, letIn, lift, Monad, named, Profunctor, pure } from "../flow/index.js"
import type { Fn } from "../flow/node.js"
import { mark } from "./alphabet.js"
import type { Laws } from "./law.js"
import { chooser } from "./samples.js"

type Any = Flow<unknown, unknown>

/** A function into flows, with a name that stands for it alone. */
const into = (name: string, about: readonly Any[], run: (value: unknown) => Any): Fn<unknown, Any> =>
  named(`laws.${name}.${about.map(mark).join(".")}`, run)

/** `pure` as a function. */
const give = named("laws.pure", (value: unknown): Any => pure(value))

const both = (p: Fn<unknown>, q: Fn<unknown>): Fn<unknown> =>
  named(`${p.name}.${q.name}`, (value: unknown) => q.run(p.run(value)))

const same = named("laws.same", (value: unknown) => value)

/** Flows in a row: a category, a functor, a monad; and names for what has been. */
export const composition: Laws = {
  leftIdentity: ({ f }) => ({ lhs: identity<unknown>().andThen(f.flow), rhs: f.flow }),
  rightIdentity: ({ f }) => ({ lhs: f.flow.andThen(identity()), rhs: f.flow }),
  associativity: ({ f, g, h }) => ({
    lhs: f.flow.andThen(g.flow).andThen(h.flow),
    rhs: f.flow.andThen(g.flow.andThen(h.flow)),
  }),
  composeIsAndThen: ({ f, g }) => ({ lhs: Category.compose(g.flow, f.flow), rhs: f.flow.andThen(g.flow) }),

  mapIdentity: ({ f }) => ({ lhs: f.flow.map(same), rhs: f.flow }),
  mapComposition: ({ f, p, q }) => ({ lhs: f.flow.map(p).map(q), rhs: f.flow.map(both(p, q)) }),
  mapIsThenLift: ({ f, p }) => ({ lhs: f.flow.map(p), rhs: f.flow.andThen(lift(p)) }),
  promapIsBeforeAndAfter: ({ f, p, q }) => ({
    lhs: Profunctor.promap(f.flow, p.run, q.run),
    rhs: lift(p).andThen(f.flow).map(q),
  }),

  flatMapLeftIdentity: ({ g, h, input }) => {
    const k = chooser(g.flow, h.flow)
    return { lhs: pure(input).flatMap(k), rhs: k.run(input) }
  },
  flatMapRightIdentity: ({ f }) => ({ lhs: f.flow.flatMap(give), rhs: f.flow }),
  flatMapAssociativity: ({ f, g, h, v }) => {
    const k = chooser(g.flow, h.flow)
    const l = chooser(v.flow, g.flow)
    return {
      lhs: f.flow.flatMap(k).flatMap(l),
      rhs: f.flow.flatMap(into("kleisli", [g.flow, h.flow, v.flow], (value) => k.run(value).flatMap(l))),
    }
  },
  flatMapGetsTheInput: ({ f, g }) => ({
    lhs: f.flow.flatMap(chooser(g.flow, g.flow)),
    rhs: letIn("input0", identity<unknown>(), (input) => f.flow.andThen(input).andThen(g.flow)),
  }),
  flatMapAmongIsFlatMap: ({ f, g }) => ({
    lhs: f.flow.flatMap(chooser(g.flow, pure(1)), { among: [g.flow, pure("another")] }).recoverTag("NoMatch", pure(1)),
    rhs: f.flow.flatMap(chooser(g.flow, pure(1))).recoverTag("NoMatch", pure(1)),
  }),
  mapIsFlatMap: ({ f, p }) => ({
    lhs: f.flow.map(p),
    rhs: f.flow.flatMap(named(`laws.pure.${p.name}`, (value: unknown) => pure(p.run(value)))),
  }),
  chainIsFlatMap: ({ f, g, h }) => {
    const k = chooser(g.flow, h.flow)
    return { lhs: Monad.chain(f.flow, k.run), rhs: f.flow.flatMap(k) }
  },

  letOfItsName: ({ f }) => ({ lhs: letIn("kept", f.flow, (kept) => kept), rhs: f.flow }),
  letUnread: ({ f, g }) => ({ lhs: letIn("kept", f.flow, () => g.flow), rhs: f.flow.andThen(g.flow) }),
  letOfAValue: ({ g, input }) => ({
    lhs: letIn("kept", pure(input), (kept) => g.flow.andThen(kept)),
    rhs: pure(input).andThen(g.flow).andThen(pure(input)),
  }),
  letAssociativity: ({ f, g, h }) => ({
    lhs: letIn("kept", f.flow, (kept) => g.flow.andThen(kept)).andThen(h.flow),
    rhs: letIn("kept", f.flow, (kept) => g.flow.andThen(kept).andThen(h.flow)),
  }),
}
