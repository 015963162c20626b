import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import type { Code } from "../../../src/flow/node.js"
import { boolean, clean, does, gives, messages, number, object, reasons, string, takes } from "./check-parts.js"
import { type Any, ask, of } from "./parts.js"

describe("branches", () => {
  const kinds = {
    anyOf: [object({ kind: { const: "s" }, text: string }), object({ kind: { const: "h" }, depth: number })],
  }
  const branch = (cases: Record<string, Any>, otherwise?: Any): Any =>
    gives(kinds).andThen(
      of(
        make.branch(
          { key: "kind" },
          Object.keys(cases),
          Object.values(cases).map((k) => k.node),
          otherwise?.node,
        ),
      ),
    )

  it("narrow what each arm gets, and otherwise gets the rest", () => {
    const text = does(cel("value.text"))
    expect(
      check(branch({ s: text, h: does(cel("value.depth")) }).andThen(takes({ type: ["string", "number"] }))),
    ).toEqual(clean)
    expect(check(branch({ h: does(cel("value.depth")) }, text)).errors).toEqual([])
    expect(check(branch({ s: text }, text)).errors).toMatchObject([{ path: "1/otherwise" }])
  })

  it("without a case for a tag that may come are told, and so is a case that cannot", () => {
    expect(check(branch({ s: ask("a") })).errors).toMatchObject([
      {
        code: "missing_case",
        path: "1",
        message: "branch: there is no case for h",
        hint: "add the case h, or otherwise",
      },
    ])
    expect(check(branch({ s: ask("a"), h: ask("b"), hard: ask("c") })).errors).toMatchObject([
      { code: "unknown_case", message: "branch: no value has the tag hard", expected: "one of s, h" },
    ])
  })

  it("read truth values and numbers as their text", () => {
    const on = (code: Code & { _tag: "Expr" }, ...tags: string[]): Any =>
      of(
        make.branch(
          { code },
          tags,
          tags.map(() => ask("a").node),
          undefined,
        ),
      )
    expect(messages(on(cel("1 < 2"), "true"))).toEqual([": branch: there is no case for false"])
    expect(check(on(cel("1 < 2"), "true", "false"))).toEqual(clean)
    expect(messages(on(cel("[1]"), "1"))).toEqual([
      expect.stringMatching(/expected a text, a number or a truth value, got \[integer\]/),
    ])
  })

  it("on any text need an otherwise, or are listed", () => {
    const by = F.route(gives(string) as F.Flow<unknown, "a">, { a: takes(number) })
    expect(reasons(by, { input: number })).toEqual([
      ": branch: any string may come; there are cases for a and no otherwise: the output of the agent source says nothing of it",
    ])
  })

  it("on any number cannot have the case of a text, with an otherwise or without", () => {
    const by = (output: JsonSchema, tags: readonly string[], otherwise?: Any): Any =>
      of(
        make.branch(
          { by: gives(output).node },
          tags,
          tags.map(() => ask("a").node),
          otherwise?.node,
        ),
      )
    const told = (output: JsonSchema, ...tags: string[]): unknown =>
      check(by(output, tags, ask("b"))).errors.map(({ code, got }) => [code, got])
    const unknown = (...tags: string[]): unknown => tags.map((tag) => ["unknown_case", tag])
    expect(told({ type: "integer" }, "yes", "1", "1.5", "-2", "01", "true")).toEqual(
      unknown("yes", "1.5", "01", "true"),
    )
    expect(told(number, "no", "1.5", "Infinity", "NaN")).toEqual(unknown("no", "Infinity", "NaN"))
    expect(told({ type: ["boolean", "integer"] }, "true", "3", "maybe")).toEqual(unknown("maybe"))
    expect(told(boolean, "yes", "true")).toEqual(unknown("yes"))
    expect(told(string, "yes", "1")).toEqual([])
    expect(told({ anyOf: [number, string] }, "yes", "1")).toEqual([])
    expect(reasons(by({ type: "integer" }, ["1"])).join()).toContain(
      "branch: any integer may come; there are cases for 1",
    )
    expect(reasons(by(number, ["1"], ask("b")))).toEqual([])
  })

  it("where null may come need an otherwise: no case takes it", () => {
    const by = (output: JsonSchema, tags: readonly string[], otherwise?: Any): unknown =>
      check(
        of(
          make.branch(
            { by: gives(output).node },
            tags,
            tags.map(() => ask("a").node),
            otherwise?.node,
          ),
        ),
      ).errors.map(({ code, message }) => `${code}: ${message}`)
    const missing = "missing_case: branch: null may come, which no case takes"
    for (const output of [{ enum: ["a", null] }, { anyOf: [{ const: "a" }, { type: "null" }] }]) {
      expect(by(output, ["a"])).toEqual([missing])
      expect(by(output, ["a"], ask("b"))).toEqual([])
      expect(by(output, ["a", "null"])).toEqual([missing, "unknown_case: branch: no value has the tag null"])
    }
    expect(by({ type: ["string", "null"] }, ["a"])).toEqual([missing])
    expect(by({ type: ["boolean", "null"] }, ["true", "false"])).toEqual([missing])
    expect(by({ type: "null" }, ["null"])).toEqual([
      "type_clash: branch: expected a text, a number or a truth value, got null",
    ])
  })

  it("on a tag of which nothing is known are listed where there is no otherwise", () => {
    const by = (otherwise?: Any): Any =>
      of(make.branch({ by: ask("mute").node }, ["a"], [ask("a").node], otherwise?.node))
    expect(reasons(by())).toEqual([
      expect.stringMatching(/nothing is known of the tag.*the agent mute declares no output/),
    ])
    expect(check(by(ask("b")))).toEqual(clean)
    const on = of(make.branch({ code: cel("input.kind") }, ["a"], [ask("a").node], undefined))
    expect(reasons(on, { input: object({ kind: string }) })).toEqual([expect.stringMatching(/any string may come/)])
  })

  it("by a classifier give each arm the step's input", () => {
    const by = F.route(gives({ enum: ["a"] }) as F.Flow<unknown, "a">, { a: takes(number) })
    expect(messages(by, { input: string })).toEqual(["a: the agent sink: expected number, got string"])
  })

  it("on a field that may be missing are told", () => {
    const flow = gives({ type: "object", properties: { kind: { enum: ["a"] } } }).andThen(
      of(make.branch({ key: "kind" }, ["a"], [ask("a").node], undefined)),
    )
    expect(messages(flow)).toEqual(['1: branch: expected an object with the field kind, got { kind?: "a" }'])
  })

  it("on a field of something unknown are listed", () => {
    const flow = ask("mute").andThen(of(make.branch({ key: "kind" }, ["a"], [ask("a").node], undefined)))
    expect(reasons(flow).join()).toContain("the agent mute declares no output")
  })
})

describe("loops", () => {
  const loop = (body: Any, when: string, exhausted: "fail" | "last" = "fail"): Any =>
    of(make.loop(make.until(body.node, cel(when)), 3, exhausted))
  const draft = object({ text: string, ok: boolean })
  const start = F.pure({ text: "", ok: false })

  it("hand each turn's output to the next", () => {
    expect(check(start.andThen(loop(takes(draft), "value.ok")).andThen(takes(draft)))).toEqual(clean)
    expect(messages(start.andThen(loop(gives(object({ text: number, ok: boolean })), "value.ok")))).toEqual([
      "1: loop: a turn's output is the next one's input: field text: expected string, got number",
    ])
  })

  it("end by a condition", () => {
    expect(messages(start.andThen(loop(takes(draft), "value.text")))).toEqual([
      "1/1: until value.text: expected boolean, got string",
    ])
  })

  it("give what Done holds, and with last the last draft too", () => {
    const body = gives({
      anyOf: [
        object({ _tag: { const: "Continue" }, value: number }),
        object({ _tag: { const: "Done" }, value: string }),
      ],
    })
    const flow = (exhausted: "fail" | "last"): Any => of(make.loop(body.node, 3, exhausted)).andThen(takes(string))
    expect(check(flow("fail"), { input: number })).toEqual(clean)
    expect(messages(flow("last"), { input: number })).toEqual(["1: the agent sink: expected string, got number"])
  })

  it("whose body answers neither are told, or listed", () => {
    expect(messages(F.loop(gives(string) as never))).toEqual([
      ": loop: expected the body to answer Continue or Done, got string",
    ])
    expect(reasons(F.loop(ask("mute") as never)).join()).toContain("neither Continue nor Done")
  })
})
