import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import { clean, gives, messages, number, reasons, string, takes } from "./check-parts.js"
import { type Any, ask, of } from "./parts.js"

const list = (items: JsonSchema, more: object = {}): JsonSchema => ({ type: "array", items, ...more })
const pair = (...prefixItems: JsonSchema[]): JsonSchema => ({
  type: "array",
  prefixItems,
  items: false,
  minItems: prefixItems.length,
})
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const split = (...flows: Any[]): Any => of(make.split(flows.map(({ node }) => node)))

describe("for each element", () => {
  it("the body gets one, and the result is a list of what it gives", () => {
    const sizes = each(takes(string, number))
    expect(
      check(
        gives(list(string))
          .andThen(sizes)
          .andThen(takes(list(number))),
      ),
    ).toEqual(clean)
    expect(messages(gives(list(number)).andThen(sizes))).toEqual(["1: the agent sink: expected string, got number"])
    expect(
      messages(
        gives(list(string))
          .andThen(sizes)
          .andThen(takes(list(string))),
      ),
    ).toEqual(["2: the agent sink: field []: expected string, got number"])
  })

  it("of what is no list is told, and what may be none too", () => {
    expect(messages(gives(string).andThen(each(takes(string))))).toEqual(["1: for_each: expected array, got string"])
    expect(messages(gives({ anyOf: [list(string), string] }).andThen(each(takes(string))))).toEqual([
      "1: for_each: expected array, got string",
    ])
    expect(reasons(each(ask("a")))).toEqual([
      ": for_each: nothing is known of what arrives; expected array: the input of the flow has no schema",
    ])
  })

  it("keeps how many there are, of tuples and of unions of lists", () => {
    const sizes = each(takes({ type: ["string", "number"] }, number))
    expect(
      check(
        gives(pair(string, number))
          .andThen(sizes)
          .andThen(takes(pair(number, number))),
      ),
    ).toEqual(clean)
    expect(
      check(
        gives({ anyOf: [pair(string), list(string, { minItems: 2, maxItems: 5 })] })
          .andThen(sizes)
          .andThen(takes(list(number, { minItems: 1, maxItems: 5 }))),
      ),
    ).toEqual(clean)
    expect(
      messages(
        gives(pair(string, number))
          .andThen(sizes)
          .andThen(takes(list(number, { minItems: 3 }))),
      ),
    ).toEqual(["2: the agent sink: expected 3 or more elements, got 2 elements"])
  })

  it("as a quorum gives what succeeded, by its place", () => {
    const most = each(takes(string, number), { atLeast: 2 })
    const values = of(make.pure(template("${value.succeeded[0].value}")))
    const names = of(make.pure(template("${value.succeeded.map(s, s.name + '!')}")))
    expect(check(gives(list(string)).andThen(most).andThen(values).andThen(takes(number)))).toEqual(clean)
    expect(
      check(
        gives(list(string))
          .andThen(most)
          .andThen(names)
          .andThen(takes(list(string))),
      ),
    ).toEqual(clean)
    expect(messages(gives(pair(string)).andThen(most))).toEqual([
      "1: for_each: expected 2 or more elements, got at most 1",
    ])
  })

  it("of a list that is empty is never run", () => {
    expect(check(gives(list(string, { maxItems: 0 })).andThen(each(takes(number))))).toEqual(clean)
    const failing = each(F.fail({ code: "x", message: "x" }))
    expect(
      check(
        gives(list(string))
          .andThen(failing)
          .andThen(takes(list(number))),
      ),
    ).toEqual(clean)
    expect(check(gives(pair(string)).andThen(failing).andThen(takes(string)))).toEqual(clean)
  })
})

describe("a split", () => {
  const two = split(takes(string, number), takes(number, string))

  it("gives each branch its element", () => {
    expect(
      check(
        gives(pair(string, number))
          .andThen(two)
          .andThen(takes(pair(number, string))),
      ),
    ).toEqual(clean)
    expect(
      check(gives(list({ enum: ["a"] }, { minItems: 2, maxItems: 2 })).andThen(split(takes(string), takes(string)))),
    ).toEqual(clean)
    expect(messages(gives(pair(string, string)).andThen(two))).toEqual([
      "1/1: the agent sink: expected number, got string",
    ])
    expect(messages(gives({ const: ["a", "b"] }).andThen(two))).toEqual([
      '1/1: the agent sink: expected number, got "b"',
    ])
  })

  it("of another length, and of what is no list, is told", () => {
    expect(messages(gives(pair(string, number, number)).andThen(two))).toEqual([
      "1: split into 2: expected 2 elements, got 3 elements",
    ])
    expect(check(gives(pair(string)).andThen(two)).errors).toMatchObject([
      { code: "type_clash", path: "1", expected: "2 elements", got: "1 elements" },
    ])
    expect(messages(gives(string).andThen(two))).toEqual(["1: split into 2: expected array, got string"])
    expect(messages(gives({ anyOf: [pair(string), pair(string, number)] }).andThen(two))).toEqual([
      "1: split into 2: expected 2 elements, got 1 elements",
    ])
  })

  it("of a list whose length is open is listed", () => {
    const texts = split(takes(string), takes(string))
    expect(reasons(gives(list(string)).andThen(texts))).toEqual([
      "1: split into 2: the length may not fit: 0 or more elements; expected 2 elements",
    ])
    expect(messages(gives(list(number)).andThen(texts))).toEqual([
      "1/0: the agent sink: expected string, got number",
      "1/1: the agent sink: expected string, got number",
    ])
    expect(reasons(texts)).toHaveLength(3)
  })

  it("of 10,000 branches is checked", () => {
    const wide = split(...Array.from({ length: 10_000 }, () => takes(string)))
    expect(check(wide, { input: list(string, { minItems: 10_000, maxItems: 10_000 }) })).toEqual(clean)
  })
})

describe("derived constructors have the types that they are made for", () => {
  it("attempt", () => {
    const tried = takes(string, number).attempt()
    const either = of(make.pure(cel("value.ok ? value.value : 0")))
    expect(check(tried.andThen(either).andThen(takes(number)), { input: string })).toEqual(clean)
    expect(messages(tried.andThen(of(make.pure(cel("value.value")))), { input: string })).toHaveLength(1)
    const told = of(make.pure(cel("value.ok ? '' : value.fault.message")))
    expect(check(tried.andThen(told).andThen(takes(string)), { input: string })).toEqual(clean)
  })

  it("attempt, whose branches narrow", () => {
    const tried = takes(string, number).attempt()
    const flow = tried.branch("ok", {
      true: of(make.pure(cel("value.value"))),
      false: of(make.pure(cel("0"))),
    } as never)
    expect(check(flow.andThen(takes(number)), { input: string })).toEqual(clean)
  })

  it("bind", () => {
    const sized = gives({ type: "object", properties: { text: string }, required: ["text"] }).bind(
      "size",
      gives(number),
    )
    const record = (size: JsonSchema): JsonSchema => ({
      type: "object",
      properties: { text: string, size },
      required: ["text", "size"],
      additionalProperties: false,
    })
    expect(check(sized.andThen(takes(record(number))))).toEqual(clean)
    expect(messages(sized.andThen(takes(record(string))))).toEqual([
      expect.stringContaining("the agent sink: field size: expected string, got number"),
    ])
  })

  it("a loop with a state", () => {
    const step = {
      anyOf: [
        { type: "object", properties: { _tag: { const: "Continue" }, value: string }, required: ["_tag", "value"] },
        { type: "object", properties: { _tag: { const: "Done" }, value: number }, required: ["_tag", "value"] },
      ],
    }
    const loop = (next: JsonSchema, state: JsonSchema): Any =>
      F.loopWithState(takes(pair(string, number), pair(next, state)) as never, { initial: 0 })
    expect(check(loop(step, { type: "integer" }).andThen(takes(number)), { input: string })).toEqual(clean)
    expect(messages(loop(step, string), { input: string })).toEqual([
      expect.stringMatching(/a turn's output is the next one's input: field \[1\]: expected integer, got string/),
    ])
    expect(messages(loop(string, number), { input: string })).toEqual([
      expect.stringMatching(/expected the body to answer Continue or Done, got string/),
    ])
  })

  it("and a function that is merely called so has none", () => {
    const mine = gives(number).map(F.named("attempt.ok", (x) => x))
    expect(reasons(mine.andThen(takes(number))).join()).toContain("the function attempt.ok")
  })
})
