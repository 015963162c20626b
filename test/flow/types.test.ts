import { pipe } from "fp-ts/lib/function.js"
import { describe, expect, it } from "vitest"
import type { AgentRef } from "../../src/data/agent-ref.js"
import type { Fault, TimedOut } from "../../src/data/fault.js"
import * as F from "../../src/flow/index.js"

// What compiles is shown by compiling, what does not by `@ts-expect-error`: `npm run types` checks both. At run time the
// file only has to build every flow.

const ref = <I, O>(name: string): AgentRef<I, O> => ({ _tag: "AgentRef", name })
const is = <A>(flow: A): void => expect(flow).toBeDefined()

type Question = { kind: "simple"; text: string } | { kind: "hard"; depth: number }
const researcher = ref<string, { facts: string[] }>("researcher")
const analyst = ref<string, string>("analyst")
const count = ref<{ q: string }, number>("count")
const classify = F.agent(ref<string, Question>("classify"))
const simple = F.agent(ref<{ kind: "simple"; text: string }, string>("simple"))
const hard = F.agent(ref<{ kind: "hard"; depth: number }, number>("hard"))
const numbers = F.agent(ref<number, "n">("numbers"))
const texts = F.agent(ref<string, "s">("texts"))

describe("wires", () => {
  it("infers through map, zip, timeout and recover", () => {
    const merged = F.zip(F.agent(researcher), F.agent(analyst)).map(
      F.named("merge", ([r, view]) => `${r.facts.join("; ")} / ${view}`),
    )
    is<F.Flow<string, string>>(merged.timeout(30_000).recoverWith(F.pure("nobody answered")))
    is<F.Flow<string, string | number>>(F.agent(analyst).recover((fault) => fault.path.length))
    is<F.Flow<string, string | number>>(
      F.race(
        F.agent(analyst),
        F.lift((q: string) => q.length),
      ),
    )
  })

  it("refuses a wrong wire and a wrong input", () => {
    // @ts-expect-error the researcher gives facts, the analyst takes a string
    F.agent(researcher).andThen(F.agent(analyst))
    // @ts-expect-error a flow of strings is none of numbers
    is<F.Flow<number, string>>(F.agent(analyst))
    // @ts-expect-error no input fits both
    is(F.zip(numbers, texts))
    // @ts-expect-error a bare function is no agent
    expect(() => F.agent((q: string) => q)).toThrow("expected an agent reference")
  })

  it("keeps variance: a flow that takes more and gives less fits", () => {
    const wide = F.lift((x: string | number) => String(x))
    is<F.Flow<string, string | boolean>>(wide)
    // @ts-expect-error it may give a string
    is<F.Flow<string, number>>(wide)
  })
})

describe("branch", () => {
  it("takes each arm's own member of the union", () => {
    is<F.Flow<string, string | number>>(classify.branch("kind", { simple, hard }))
    is<F.Flow<string, string | number>>(classify.branch("kind", { simple }, hard))
    is<F.Flow<string, string | number>>(classify.branchOn((q) => q.kind === "hard", hard, simple))
    is<F.Flow<string, string | number>>(pipe(classify, F.branch("kind", { simple, hard })))
  })

  it("refuses a missing, an unknown and a wrong case", () => {
    // @ts-expect-error hard is missing
    is(classify.branch("kind", { simple }))
    // @ts-expect-error there is no extra
    is(classify.branch("kind", { simple, hard, extra: hard }))
    // @ts-expect-error the simple arm takes simple questions
    is(classify.branch("kind", { simple: hard, hard }))
    // @ts-expect-error otherwise gets the simple ones
    is(classify.branch("kind", { hard }, hard))
    // @ts-expect-error hard is missing, data-last
    is(pipe(classify, F.branch("kind", { simple })))
  })

  it("needs both booleans", () => {
    const ok = F.agent(ref<string, { ok: true; v: number } | { ok: false; e: string }>("ok"))
    const yes = F.agent(ref<{ ok: true; v: number }, 1>("yes"))
    const no = F.agent(ref<{ ok: false; e: string }, 2>("no"))
    is<F.Flow<string, 1 | 2>>(ok.branch("ok", { true: yes, false: no }))
    // @ts-expect-error false is missing
    is(ok.branch("ok", { true: yes }))
  })

  it("routes by a classifier's answer, on the original input", () => {
    const label = F.agent(ref<string, "simple" | "hard">("label"))
    is<F.Flow<string, string>>(F.route(label, { simple: texts, hard: F.agent(analyst) }))
    // @ts-expect-error hard is missing
    is(F.route(label, { simple: texts }))
  })
})

describe("the other nodes", () => {
  it("binds a new field, and refuses a known one", () => {
    is<F.Flow<unknown, string>>(
      F.pure({ q: "x" })
        .bind("n", F.agent(count))
        .map(({ q, n }) => `${q}: ${n}`),
    )
    is<F.Flow<unknown, number>>(
      pipe(
        F.pure({ q: "x" }),
        F.bind("n", F.pure(3)),
        F.map(({ q, n }) => q.length + n),
      ),
    )
    // @ts-expect-error q is there already
    is(F.pure({ q: "x" }).bind("q", F.pure(1)))
  })

  it("narrows a fault by its tag", () => {
    const late = F.agent(ref<TimedOut, "late">("late"))
    is<F.Flow<string, string>>(F.agent(analyst).recoverTag("TimedOut", late))
    // @ts-expect-error a rejection is no timeout
    is(F.agent(analyst).recoverTag("Rejected", late))
    is<F.Flow<string, number | string>>(F.agent(analyst).recover((fault: Fault) => fault.message.length))
  })

  it("keeps a quorum's identities", () => {
    const quorum = F.atLeast(2, [F.agent(researcher), F.agent(analyst)], { settle: "quorum", grace: 5 })
    is<F.Flow<string, number[]>>(
      quorum.map(({ succeeded }) => succeeded.map((s) => (s.index === 0 ? s.value.facts.length : s.value.length))),
    )
    const byName = F.atLeast(1, { r: F.agent(researcher), a: F.agent(analyst) })
    is<F.Flow<string, number[]>>(
      byName.map(({ succeeded }) => succeeded.map((s) => (s.name === "r" ? s.value.facts.length : s.value.length))),
    )
  })

  it("types a loop by what its body continues with and ends with", () => {
    type Draft = { text: string }
    const refine = F.agent(ref<Draft, F.Continue<Draft> | F.Done<number>>("refine"))
    is<F.Flow<Draft, number>>(F.loop(refine, { max: 5 }))
    is<F.Flow<Draft, number | Draft>>(F.loop(refine, { exhausted: "last" }))
    // @ts-expect-error the last draft may come out
    is<F.Flow<Draft, number>>(F.loop(refine, { exhausted: "last" }))
    // @ts-expect-error it continues with a number, which is no draft
    is(F.loop(F.agent(ref<Draft, F.Continue<number> | F.Done<number>>("bad"))))
    // @ts-expect-error a string is no step of a loop
    is(F.loop(F.agent(analyst)))
  })

  it("says in words why a loop or a bind is refused, and where an option is wrong", () => {
    const neither: F.Turn<number, number> = ["the body of a loop must give continueWith(…) or done(…)"]
    const unfit: F.Turn<number, F.Continue<string>> = [
      "what the body of a loop gives to continueWith(…) must fit the input of the body",
    ]
    const fits: F.Turn<number, F.Continue<number> | F.Done<string>> = undefined
    expect([neither, unfit, fits]).toHaveLength(3)
    expect(() =>
      F.pure({ q: 1 }).bind<unknown, { q: number }, "q", number>(
        ["the record has a field of this name: choose another"],
        F.pure(1),
      ),
    ).toThrow("expected a text")
    expect(() =>
      F.atLeast(1, [F.agent(analyst)], {
        // @ts-expect-error here, and not at the list
        settle: "some",
      }),
    ).toThrow("expected all or quorum")
  })

  it("hands the body of letIn the bound name as a flow", () => {
    is<F.Flow<string, [string, { facts: string[] }]>>(
      F.letIn("found", F.agent(researcher), (found) => F.lift((r: { facts: string[] }) => r.facts.join()).zip(found)),
    )
  })

  it("reads data-last as it reads fluent", () => {
    is<F.Flow<string, number | "x">>(
      pipe(
        F.agent(researcher),
        F.map(({ facts }) => facts.length),
        F.timeout(3),
        F.recoverWith(F.pure("x")),
        F.id("count"),
        F.note("how many facts"),
      ),
    )
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(F.pure(1))).filter(
      (name) => name !== "constructor",
    )
    const elsewhere: Readonly<Record<string, string>> = { zip: "zipWith", race: "raceWith" }
    expect(methods.filter((name) => !((elsewhere[name] ?? name) in F))).toEqual([])
  })
})
