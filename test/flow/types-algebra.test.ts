import * as A from "fp-ts/lib/Array.js"
import { pipe } from "fp-ts/lib/function.js"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import type { AgentRef } from "../../src/data/agent-ref.js"
import * as F from "../../src/flow/index.js"

// As in types.test.ts: `npm run types` checks both what compiles and what does not.

const ref = <I, O>(name: string): AgentRef<I, O> => ({ _tag: "AgentRef", name })
const is = <A>(flow: A): void => expect(flow).toBeDefined()

type Question = { kind: "simple"; text: string } | { kind: "hard"; depth: number }
const researcher = ref<string, { facts: string[] }>("researcher")
const analyst = ref<string, string>("analyst")
const classify = F.agent(ref<string, Question>("classify"))
const simple = F.agent(ref<{ kind: "simple"; text: string }, string>("simple"))
const hard = F.agent(ref<{ kind: "hard"; depth: number }, number>("hard"))
const numbers = F.agent(ref<number, "n">("numbers"))
const texts = F.agent(ref<string, "s">("texts"))

describe("the rest of the algebra", () => {
  const maybe = F.agent(ref<string, string | null>("maybe"))

  it("narrows by a guard, fluent and data-last", () => {
    is<F.Flow<string, string>>(maybe.guard((x) => x !== null))
    is<F.Flow<string, string | null>>(maybe.guard((x) => String(x).length > 2))
    is<F.Flow<string, string>>(maybe.filter((x) => x !== null))
    is<F.Flow<string, number>>(
      pipe(
        maybe,
        F.guard((x) => x !== null),
        F.map((x) => x.length),
      ),
    )
    is<F.Flow<string, number>>(
      pipe(
        F.agent(researcher),
        F.map(({ facts }) => facts.length),
        F.guard((n) => n > 0),
      ),
    )
    // @ts-expect-error a guard answers with a boolean
    is(maybe.guard((x) => x?.length))
  })

  it("gives the union of what flatMap may choose, on inputs that fit every choice", () => {
    const nums = F.agent(ref<string, number>("nums"))
    is<F.Flow<string, number | "x">>(F.agent(analyst).flatMap((v) => (v.length > 3 ? nums : F.pure("x"))))
    is<F.Flow<string, [number, string]>>(
      pipe(
        F.agent(analyst),
        F.flatMap((s) => (s.length > 2 ? nums : nums)),
        F.zipWith(F.agent(analyst)),
      ),
    )
    // @ts-expect-error a flow must be chosen
    is(F.agent(analyst).flatMap((v) => v.length))
    // @ts-expect-error the choice takes a number, the whole gets a text
    is<F.Flow<string, "n">>(F.agent(analyst).flatMap(() => numbers))
  })

  it("types lists element by element", () => {
    is<F.Flow<readonly [string, number], ["s", "n"]>>(F.split(texts, numbers))
    is<F.Flow<readonly string[], string[]>>(F.traverse(F.agent(analyst), { concurrency: 3 }))
    is<F.Flow<readonly string[], string[]>>(
      F.traverse(F.agent(analyst), { atLeast: 2 }).map(({ succeeded }) => succeeded.map(({ value }) => value)),
    )
    // @ts-expect-error the second element is a text
    is(F.zip(F.agent(analyst), F.agent(analyst)).andThen(F.split(texts, numbers)))
    // @ts-expect-error one element more than branches would do, one less does not
    is(F.zip(F.agent(analyst)).andThen(F.split(texts, texts)))
    // @ts-expect-error a text is no list
    is(F.agent(analyst).andThen(F.traverse(texts)))
  })

  it("hands each member of a graph what it depends on", () => {
    const join = F.agent(ref<{ input: string; results: { a: string; b: { facts: string[] } } }, number>("join"))
    is<F.Flow<string, number>>(
      F.graph({
        a: { flow: F.agent(analyst) },
        b: { flow: F.agent(researcher) },
        c: { dependsOn: ["a", "b"], flow: join },
      }),
    )
    is<F.Flow<string, { readonly a: string; readonly b: { facts: string[] } }>>(
      F.graph({ a: { flow: F.agent(analyst) }, b: { flow: F.agent(researcher) } }),
    )
    const wrong = F.agent(ref<{ results: { a: number } }, 1>("wrong"))
    // @ts-expect-error a gives a text
    is(F.graph({ a: { flow: F.agent(analyst) }, c: { dependsOn: ["a"], flow: wrong } }))
    // @ts-expect-error there is no zz
    expect(() => F.graph({ a: { flow: F.agent(analyst) }, c: { dependsOn: ["zz"], flow: join } })).toThrow("zz")
  })

  it("keeps the type of a loop's state", () => {
    const turn = F.agent(
      ref<readonly [string, number], readonly [F.Continue<string> | F.Done<boolean>, number]>("turn"),
    )
    is<F.Flow<string, boolean>>(F.loopWithState(turn, { initial: 0, max: 3 }))
    is<F.Flow<string, boolean>>(F.loopWithState(turn, { initial: () => 0 }))
    is<F.Flow<string, boolean>>(F.loopWithState(turn, { initial: F.named("zero", () => 0) }))
    // @ts-expect-error the state is a number
    is(F.loopWithState(turn, { initial: F.named("none", () => "x") }))
    // @ts-expect-error the state is a number
    is(F.loopWithState(turn, { initial: "x" }))
  })

  it("passes the value by a side flow, which must take it", () => {
    is<F.Flow<string, string>>(F.agent(analyst).tap(texts).notify(texts))
    is<F.Flow<string, string>>(F.agent(analyst).divertTo(texts, (text) => text.length > 3))
    is<F.Flow<string, string>>(pipe(F.agent(analyst), F.tap(texts), F.notify(texts), F.retry({ times: 1 })))
    // @ts-expect-error the side takes numbers
    is(F.agent(analyst).tap(numbers))
    // @ts-expect-error a limit has no field of this name
    expect(() => F.agent(analyst).limit({ call: 3 })).toThrow("limits nothing")
    // @ts-expect-error a policy has no field of this name
    is(F.agent(analyst).retry({ time: 3 }))
  })

  it("makes both ends of attempt a value", () => {
    is<F.Flow<string, number>>(
      F.agent(analyst)
        .attempt()
        .map((end) => (end.ok ? end.value.length : end.fault.path.length)),
    )
    // @ts-expect-error there is a value only where it is ok
    is(({ value }: F.Attempt<string>) => value)
  })

  it("routes data-last with a rest and with a type guard", () => {
    is<F.Flow<string, string | number>>(pipe(classify, F.branch("kind", { simple }, hard)))
    // @ts-expect-error otherwise gets the simple ones
    is(pipe(classify, F.branch("kind", { hard }, hard)))
    is<F.Flow<string, "s" | 0>>(
      pipe(
        maybe,
        F.branchOn((x: string | null): x is string => x !== null, texts, F.pure(0)),
      ),
    )
  })

  it("gives the answer to a suspend its schema's type", () => {
    is<F.Flow<unknown, boolean>>(F.suspend("approval", z.boolean()))
    is<F.Flow<string, string>>(F.agent(analyst).andThen(F.sleep(5)))
    // @ts-expect-error the answer is a boolean
    is<F.Flow<unknown, string>>(F.suspend("approval", z.boolean()))
  })

  it("is an instance of fp-ts's classes", () => {
    const each = A.traverse(F.ApplicativePar)((n: number) => F.lift((text: string) => text.length + n))
    is<F.Flow<string, number[]>>(each([1, 2]))
    is<F.Flow<string, string>>(F.Monad.chain(F.agent(analyst), () => F.agent(analyst)))
    is<F.Flow<[string, boolean], [string, boolean]>>(F.Strong.first<string, string, boolean>(F.agent(analyst)))
  })
})

describe("data-last branchOn", () => {
  type Shape = { readonly kind: "dot" } | { readonly kind: "line"; readonly length: number }
  const shape = F.lift((length: number): Shape => (length === 0 ? { kind: "dot" } : { kind: "line", length }))
  const dot = F.lift((of: { readonly kind: "dot" }) => of.kind.length.toString())
  const line = F.lift((of: { readonly kind: "line"; readonly length: number }) => of.length)

  it("knows what the predicate gets from the flow before it, and narrows the arms", () => {
    const flow = pipe(
      shape,
      F.branchOn((of) => of.kind === "line", line, dot),
    )
    is<F.Flow<number, string | number>>(flow)
    const wide = F.lift((of: { readonly length: number }) => of.length)
    is<F.Flow<number, string | number>>(
      pipe(
        shape,
        F.branchOn((of) => of.kind === "line", wide, dot),
      ),
    )
    is<F.Flow<number, 1 | 2>>(
      pipe(
        shape,
        F.branchOn((of) => of.kind.length > 3, F.pure(1), F.pure(2)),
      ),
    )
  })

  it("refuses the arm of the other half", () => {
    pipe(
      shape,
      // @ts-expect-error the arms are the wrong way round
      F.branchOn((of: Shape): of is Extract<Shape, { readonly kind: "line" }> => of.kind === "line", dot, line),
    )
  })
})

describe("flows side by side that no input fits", () => {
  const shaped = F.agent(ref<{ kind: "dot"; at: number }, 1>("shaped"))

  it("are refused at the call", () => {
    const built = [
      // @ts-expect-error no input is a number and a text
      numbers.zip(texts),
      // @ts-expect-error no input is a number and a text
      numbers.race(texts),
      // @ts-expect-error no input is a number and a text
      F.zip(numbers, texts),
      // @ts-expect-error no input is a number and a text
      F.zipAll([numbers, texts]),
      // @ts-expect-error no input is a number and a text
      F.zipAll({ a: numbers, b: texts }),
      // @ts-expect-error no input is a number and a text
      F.race(numbers, texts),
      // @ts-expect-error no input is a number and a text
      F.race([numbers, texts], { wins: "settled" }),
      // @ts-expect-error no input is a number and a text
      F.atLeast(1, [numbers, texts]),
      // @ts-expect-error no input is a number and a text
      F.atLeast(1, { a: numbers, b: texts }, { required: ["a"] }),
      // @ts-expect-error no input is a number and a text
      pipe(numbers, F.zipWith(texts)),
      // @ts-expect-error no input is a number and a text
      pipe(numbers, F.raceWith(texts)),
      // @ts-expect-error of two shapes that differ in their tag
      shaped.zip(simple),
    ]
    expect(built).toHaveLength(12)
  })

  it("and those that some input fits are not, nor those whose inputs are forgotten", () => {
    const both = F.agent(ref<string | number, 2>("both"))
    is<F.Flow<string, ["s", 2]>>(texts.zip(both))
    is<F.Flow<string, 2 | "s">>(both.race(texts))
    is<F.Flow<{ q: string } & { kind: "dot"; at: number }, [number, 1]>>(
      F.agent(ref<{ q: string }, number>("q")).zip(shaped),
    )
    const any: F.AnyFlow = texts
    const many: readonly F.AnyFlow[] = [texts, numbers]
    const built = [any.zip(texts), texts.race(any), F.zip(...many), F.race(many), F.atLeast(1, many), F.zipAll(many)]
    expect([...built, F.zip(), F.zipAll({}), F.zipAll([])]).toHaveLength(9)
  })

  it("in code that does not know the input yet, neither", () => {
    const first = <I, A, B>(a: F.Flow<I, A>, b: F.Flow<I, B>): F.Flow<I, A | B> => F.race(a, b.timeout(5)).race(a)
    const pair = <I, A, B>(a: F.Flow<I, A>, b: F.Flow<I, B>): F.Flow<I, [A, B]> => a.zip(b)
    const named = <I, A>(a: F.Flow<I, A>): F.Flow<I, { a: A; b: A }> => F.zipAll({ a, b: a })
    const panel = <const Fs extends readonly F.AnyFlow[]>(flows: Fs & F.Meeting<Fs>): F.AnyFlow =>
      F.atLeast<Fs>(1, flows)
    is<F.Flow<string, "s">>(first(texts, texts))
    is<F.Flow<string, ["s", "s"]>>(pair(texts, texts))
    is<F.Flow<string, { a: "s"; b: "s" }>>(named(texts))
    // @ts-expect-error no input is a number and a text
    expect([panel([texts, texts]), panel([texts, numbers])]).toHaveLength(2)
  })
})
