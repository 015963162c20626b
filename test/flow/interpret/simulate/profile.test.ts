import { describe, expect, it } from "vitest"
import { InvalidProfile, readProfiles, simulate } from "../../../../src/flow/index.js"
import * as F from "../../../../src/flow/index.js"
import { castOf } from "../../../../src/flow/interpret/simulate/profile.js"
import { standInFor } from "../../../../src/flow/interpret/simulate/stand-in.js"
import { ask, ref } from "../parts.js"

const issuesOf = (profiles: unknown, asked?: readonly string[]): unknown => {
  try {
    castOf(profiles, asked)
  } catch (error) {
    if (error instanceof InvalidProfile) return error.issues
    throw error
  }
  return "none"
}

describe("profiles", () => {
  it.each<[string, unknown, { at: string; message: string }[]]>([
    ["are no object", 3, [{ at: "", message: "expected { agents, default }" }]],
    [
      "have agents that are no object",
      { agents: [] },
      [{ at: "/agents", message: "expected profiles by the names of agents" }],
    ],
    [
      "have a default that is none",
      { default: 3 },
      [{ at: "/default", message: "expected { latency, failure, tokens, usd, output }" }],
    ],
    ["have another key", { agent: {} }, [{ at: "/agent", message: "there is no such key: did you mean agents?" }]],
    [
      "have a key that is like none",
      { xyz: {} },
      [{ at: "/xyz", message: "there is no such key: expected agents, default" }],
    ],
    [
      "have a failure that is no number",
      { default: { failure: "0.5" } },
      [{ at: "/default/failure", message: '"0.5": expected a share from 0, none, to 1, all' }],
    ],
    [
      "have a failure below none",
      { default: { failure: -0.1 } },
      [{ at: "/default/failure", message: "-0.1: expected a share from 0, none, to 1, all" }],
    ],
    [
      "have a failure above all",
      { default: { failure: 1.1 } },
      [{ at: "/default/failure", message: "1.1: expected a share from 0, none, to 1, all" }],
    ],
    [
      "have tokens that are a duration",
      { default: { tokens: "2s" } },
      [{ at: "/default/tokens", message: '"2s": expected an amount such as 800 or uniform(500, 900)' }],
    ],
    [
      "have money that is a duration",
      { default: { usd: { uniform: ["1s", 2] } } },
      [{ at: "/default/usd/uniform/0", message: '"1s": expected a number, 0 or more' }],
    ],
    [
      "answer from nothing",
      { default: { output: [] } },
      [{ at: "/default/output", message: "expected a list of { value, weight }" }],
    ],
    [
      "answer from what is no list",
      { default: { output: { value: 1 } } },
      [{ at: "/default/output", message: "expected a list of { value, weight }" }],
    ],
    [
      "answer from a list in part",
      { default: { output: [{ value: 1 }, { weight: 1 }] } },
      [{ at: "/default/output", message: "expected a list of { value, weight }" }],
    ],
    [
      "answer with no weight",
      { default: { output: [{ value: 1, weight: 0 }] } },
      [{ at: "/default/output", message: "expected a weight above 0" }],
    ],
    [
      "answer with a weight that is a duration",
      { default: { output: [{ value: 1, weight: "1s" }, { value: 2 }] } },
      [{ at: "/default/output/0/weight", message: '"1s": expected a number, 0 or more' }],
    ],
    [
      "name agents with slashes and tildes",
      { agents: { "a/b~c": { latency: "x" } } },
      [{ at: "/agents/a~1b~0c/latency", message: '"x": expected an amount such as 250ms, 2s or lognormal(2s, 6s)' }],
    ],
  ])("that %s are refused", (_, profiles, issues) => {
    expect(issuesOf(profiles)).toEqual(issues)
  })

  it.each<[string, readonly string[], string]>([
    ["wrtier", ["writer", "editor"], "the flow asks no agent wrtier: did you mean writer?"],
    ["xyzzy", ["writer", "editor"], "the flow asks no agent xyzzy: it asks writer, editor"],
    ["xyzzy", [], "the flow asks no agent xyzzy: it asks none"],
    ["xyzzy", Array.from("abcdefgh"), "the flow asks no agent xyzzy: it asks a, b, c, d, e, f, g, h"],
    ["xyzzy", Array.from("abcdefghi"), "the flow asks no agent xyzzy: it asks a, b, c, d, e, f, g, h, …"],
  ])("of %s, which none of %j is, are refused", (name, asked, message) => {
    expect(issuesOf({ agents: { [name]: {} } }, asked)).toEqual([{ at: `/agents/${name}`, message }])
  })

  it("hold for every agent by default, and for one by name", () => {
    const cast = castOf({ agents: { a: { failure: 0.5 } }, default: { failure: 0.1, tokens: 3 } }, ["a", "b"])
    expect([cast.of("a")?.failure, cast.of("a")?.tokens?.(Math.random)]).toEqual([0.5, 3])
    expect(cast.of("b")?.failure).toBe(0.1)
    expect(castOf({ agents: { a: {} } }, ["a"]).of("b")).toBeUndefined()
    expect(castOf({}, ["a"]).of("toString")).toBeUndefined()
  })

  it("choose an answer by its weight, one of none never", () => {
    const cast = castOf(
      { default: { output: [{ value: "a", weight: 1 }, { value: "b" }, { value: "c", weight: 0 }] } },
      [],
    )
    const answer = (random: number): unknown => cast.of("x")?.output?.("in", () => random)
    expect([0, 0.49, 0.5, 0.999].map(answer)).toEqual(["a", "a", "b", "b"])
  })

  it("say each mistake with its place, in words", () => {
    expect(() => readProfiles(3)).toThrow(/^expected \{ agents, default \}$/)
    expect(() => readProfiles({ default: 3, xyz: 1 })).toThrow(
      "/xyz: there is no such key: expected agents, default\n/default: expected { latency, failure, tokens, usd, output }",
    )
    expect(new InvalidProfile([]).name).toBe("InvalidProfile")
  })

  it.each([
    [{ runs: 0 }, "/runs: 0: expected a whole number from 1 to 10000000"],
    [{ runs: 10_000_001 }, "/runs: 10000001: expected a whole number from 1 to 10000000"],
    [{ runs: 1.5 }, "/runs: 1.5: expected a whole number from 1 to 10000000"],
    [{ seed: -1 }, "/seed: -1: expected a whole number from 0 to 9007199254740991"],
  ])("and options that are none are refused: %j", async (options, message) => {
    await expect(simulate(ask("a"), options)).rejects.toThrow(message)
  })
})

describe("what stands in for an answer", () => {
  it("fits the schema, or is refused with the reason", async () => {
    expect(standInFor(ref("a"))).toBeUndefined()
    expect(standInFor(ref("a", { output: { type: "string" } }))).toEqual({ value: "simulated" })
    expect(standInFor(ref("a", { output: { type: "array", items: { type: "integer" }, minItems: 2 } }))).toMatchObject({
      value: expect.any(Array),
    })
    const code = { ...ref("a"), output: { parse: (value: unknown) => ({ _tag: "Right" as const, right: value }) } }
    expect(standInFor(code)).toEqual({ problem: "its output schema is no JSON Schema" })
    const picky = {
      ...ref("a"),
      output: {
        json: { type: "string" },
        parse: () => ({ _tag: "Left" as const, left: [{ at: "/x", message: "never" }] }),
      },
    }
    expect(standInFor(picky)).toEqual({ problem: expect.stringContaining("never") })
    await expect(simulate(ask("a", { output: { not: {} } }), { runs: 1 })).rejects.toThrow(
      /^\/agents\/a\/output: nothing stands in for its answer \(.+\): say what it answers$/,
    )
  })
})

describe("what an ask takes", () => {
  it.each<[F.Limits, number]>([
    [{ tokens: 100 }, 1],
    [{ tokens: 250 }, 3],
    [{ usd: 0.5 }, 1],
    [{ usd: 1.1 }, 3],
    [{ usd: 1.1, tokens: 100 }, 1],
    [{ calls: 2 }, 2],
  ])("counts against a limit of %j: %d asks are made", async (limit, asks) => {
    const flow = ask("a").andThen(ask("a")).andThen(ask("a")).limit(limit)
    const { calls, faults } = await simulate(flow, { default: { tokens: 100, usd: 0.5 }, runs: 1 })
    expect([calls.max, faults]).toEqual([asks, asks === 3 ? {} : { BudgetExceeded: 1 }])
  })

  it("counts where only one of tokens and money is known", async () => {
    const flow = ask("a").andThen(ask("a"))
    const one = await simulate(flow.limit({ tokens: 5 }), { default: { tokens: 5 }, runs: 1 })
    const other = await simulate(flow.limit({ usd: 5 }), { default: { usd: 5 }, runs: 1 })
    expect([one.faults, other.faults]).toEqual([{ BudgetExceeded: 1 }, { BudgetExceeded: 1 }])
  })

  it("is told of a flow that is chosen in the run, too: its second tries and copies", async () => {
    const retried = ask("a").retry({ times: 1, base: 0 })
    const hedged = F.atLeast(1, [ask("a")], { hedge: { after: 5, max: 1 } })
    const chosen = (of: F.Flow<unknown, unknown>): F.Flow<unknown, unknown> => F.pure(1).flatMap(() => of)
    const failing = { default: { failure: 1 }, runs: 4 }
    expect((await simulate(chosen(retried), failing)).mean.retried).toBe(1)
    expect((await simulate(retried, failing)).mean.retried).toBe(1)
    const slow = { default: { latency: 10 }, runs: 4 }
    expect((await simulate(chosen(hedged), slow)).mean.hedged).toBe(1)
    expect((await simulate(hedged, slow)).mean.hedged).toBe(1)
  })

  it("is counted when a value is known and a side flow waits for an answer from outside", async () => {
    const flow = ask("a").notify(F.suspend("later", true))
    const { waiting, success, latency } = await simulate(flow, { default: { latency: 7 }, runs: 2 })
    expect([waiting, success.rate, latency.max]).toEqual([0, 1, 7])
  })
})
