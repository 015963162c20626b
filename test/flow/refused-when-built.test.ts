import { describe, expect, it } from "vitest"
import { z } from "zod"
import * as F from "../../src/flow/index.js"
import { AgentSystem, defineAgent } from "../../src/agents/index.js"
import { faultOf, stage } from "./recording.js"

const one = F.pure(1).id("same")
const two = F.pure(2).id("same")

describe("two parts of one id side by side are refused when they are put there", () => {
  it.each<[string, () => unknown]>([
    ["zip", () => F.zip(one, two)],
    ["fluent zip", () => one.zip(two)],
    ["zipAll", () => F.zipAll({ a: one, b: two })],
    ["race", () => F.race(one, two)],
    ["fluent race", () => one.race(two)],
    ["atLeast", () => F.atLeast(1, [one, two])],
    ["split", () => F.split(one, two)],
    ["graph", () => F.graph({ a: { flow: one }, b: { flow: two } })],
    ["route", () => F.route(F.pure("a"), { a: one, b: two } as { a: F.Flow<unknown, number> })],
    ["branch", () => F.pure<{ k: boolean }>({ k: true }).branch("k", { true: one, false: two })],
  ])("%s", (_, build) => {
    expect(build).toThrow(F.InvalidFlow)
    expect(build).toThrow(expect.objectContaining({ code: "id_twice", path: "same" }))
  })
})

it("a suspend that no answer could end: its JSON Schema is ill-formed", () => {
  const build = (): unknown => F.suspend("approval", { type: "nope" })
  expect(build).toThrow(F.InvalidFlow)
  expect(build).toThrow(expect.objectContaining({ code: "schema", option: "schema" }))
  expect(() => F.suspend("approval", { type: "boolean" })).not.toThrow()
})

describe("a flow that calls itself is told so, not to be linked", () => {
  it.each<[string, F.AnyFlow]>([
    ["directly", F.call("again", F.pure(1).andThen(F.call("again")))],
    ["through another", F.call("a/b", F.zip(F.call("other", F.call("a/b").timeout(5)), F.pure(1)))],
  ])("%s", (_, flow) => {
    expect(() => F.cost(flow)).toThrow(expect.objectContaining({ code: "call_recursion" }))
    expect(() => F.cost(flow)).toThrow(/calls itself/)
  })

  it("and one of another name is not", () => {
    const flow = F.call("again", F.call("agai"))
    expect(() => F.cost(flow)).toThrow(expect.objectContaining({ code: "call_unknown" }))
  })

  it("a chosen flow with a call of nothing is told so", () => {
    const chosen = F.pure(1).flatMap(() => F.call("nobody"))
    expect(faultOf(stage().start(chosen, 0)())?.message).toContain("the call of nobody holds no flow")
  })
})

describe("faults name what was there and what was expected", () => {
  it.each<[unknown, string]>([
    [7, "gave a value of type number: expected"],
    [null, "gave null: expected"],
    [[1], "gave a list: expected"],
    [{ _tag: "done", value: 1 }, 'gave an object with _tag "done", value: expected Continue or Done'],
  ])("the body of a loop: %j", (given, said) => {
    const body = F.lift(() => given as F.Continue<unknown>)
    expect(faultOf(stage().start(F.loop(body), 0)())).toMatchObject({
      _tag: "InvalidOutput",
      path: "#0",
      value: given,
      message: expect.stringContaining(said) as string,
    })
  })
})

describe("continueOrDone", () => {
  const schema = F.continueOrDone(z.string(), z.object({ n: z.number() }))

  it("holds what a turn of a loop answers, and nothing else", () => {
    expect(schema.parse(F.continueWith("x"))).toEqual(F.continueWith("x"))
    expect(schema.parse(F.done({ n: 1 }))).toEqual(F.done({ n: 1 }))
    expect(schema.safeParse(F.done("x")).success).toBe(false)
    expect(schema.safeParse({ _tag: "Stop", value: "x" }).success).toBe(false)
  })

  it("types a loop over an agent that declares it, and lets check see through it", async () => {
    const output = F.continueOrDone(z.string(), z.number())
    const grow = defineAgent({ name: "grow", input: z.string(), output }, (text) =>
      text.length < 4 ? F.continueWith(`${text}!`) : F.done(text.length),
    )
    const flow: F.Flow<string, number> = F.loop(F.agent(grow))
    await using system = new AgentSystem()
    expect(await system.run(flow, "hi")).toBe(4)
    expect(F.check(flow, { input: { type: "string" } })).toEqual({ errors: [], unchecked: [] })
    const unfit = F.check(flow.map((n) => n).andThen(F.agent(grow) as never), { input: { type: "number" } })
    expect(unfit.errors.length).toBeGreaterThan(0)
  })
})

it("a long cycle of a graph is told by where it begins and ends", () => {
  const ids = Array.from({ length: 5_000 }, (_, i) => `n${i}`)
  const ring = Object.fromEntries(ids.map((id, i) => [id, { dependsOn: [`n${(i + 1) % 5_000}`], flow: F.pure(i) }]))
  expect(() => F.graph(ring as never)).toThrow(/^the graph has a cycle: n0 -> n1 -> .* -> … -> .* -> n4999 -> n0 \(/)
  expect(() => F.graph(ring as never)).toThrow(/^.{1,200}$/)
})

it("a suspend without a schema is refused", () => {
  for (const schema of [undefined, null, "boolean"]) {
    expect(() => F.suspend("approval", schema as never)).toThrow(expect.objectContaining({ code: "schema" }))
  }
})

it("the longest wait of a retry that is none is named itself, not the first wait that follows from it", () => {
  expect(() => F.pure(1).retry({ max: -1 })).toThrow(expect.objectContaining({ code: "duration", option: "max" }))
  expect(() => F.pure(1).retry({ max: Number.NaN })).toThrow(/^max is NaN ms/)
})
