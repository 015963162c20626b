import { describe, expect, it } from "vitest"
import { z } from "zod"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import { boolean, clean, does, gives, messages, number, object, reasons, string, takes } from "./check-parts.js"
import { type Any, ask, of } from "./parts.js"

describe("a flow that is chosen", () => {
  const using = F.named("choose", () => F.identity() as never)
  const flat = (...among: Any[]): Any =>
    of(make.flatMap(gives(boolean).node, using, among.length === 0 ? undefined : among.map((k) => k.node)))

  it("is one of those listed: each gets the input, and the result is of any", () => {
    const flow = flat(takes(string, number), takes(string, boolean, "other"))
    expect(check(flow.andThen(takes({ type: ["number", "boolean"] })), { input: string })).toEqual(clean)
    expect(messages(flow, { input: number })).toHaveLength(2)
    expect(messages(flow.andThen(takes(number)), { input: string })).toEqual([
      "1: the agent sink: expected number, got boolean",
    ])
  })

  it("without a list is not known before the run", () => {
    expect(reasons(flat().andThen(takes(string)))).toEqual([
      "0: flat_map: the flow that the function choose at 0 makes is not known before the run",
      expect.stringContaining("1: the agent sink: nothing is known of what arrives; expected string: the flow that"),
    ])
  })
})

describe("a graph", () => {
  const graph = (...members: [string, Any, ...string[]][]): Any =>
    of(make.graph(members.map(([id, k, ...dependsOn]) => ({ id, of: k.node, dependsOn }))))

  it("hands the input to the roots, and the outputs of what they depend on to the others", () => {
    const joined = takes(
      {
        ...(object({ input: string, results: object({ a: number, b: boolean }) }) as object),
        additionalProperties: false,
      },
      string,
    )
    const flow = graph(["join", joined, "a", "b"], ["a", takes(string, number)], ["b", takes(string, boolean, "b")])
    expect(check(flow.andThen(takes(string)), { input: string })).toEqual(clean)
    expect(messages(flow, { input: number })).toEqual([
      "a: the agent sink: expected string, got number",
      "b: the agent b: expected string, got number",
      "join: the agent sink: field input: expected string, got number",
    ])
    expect(messages(graph(["a", gives(string)], ["b", does(cel("value.results.c")), "a"]))).toHaveLength(1)
  })

  it("gives a record where there are several ends", () => {
    const flow = graph(["a", gives(number)], ["b", does(cel("value.results.a")), "a"], ["c", gives(string), "a"])
    expect(check(flow.andThen(takes(object({ b: number, c: string }))))).toEqual(clean)
  })

  it("one of whose members cannot succeed does not go on", () => {
    const flow = graph(["a", F.fail({ code: "x", message: "x" })], ["b", takes(string), "a"])
    expect(check(flow.andThen(takes(number)))).toEqual(clean)
  })

  it("of 10,000 members, and nested, is checked", () => {
    const chain = Array.from({ length: 10_000 }, (_, i): [string, Any, ...string[]] =>
      i === 0 ? ["m0", takes(string)] : [`m${i}`, does(cel(`value.results.m${i - 1}`)), `m${i - 1}`],
    )
    expect(check(graph(...chain).andThen(takes(string)), { input: string })).toEqual(clean)
  })
})

describe("a call", () => {
  it("types the flow that it calls with what arrives, as its input", () => {
    const called = F.call("count", does(cel("input.text + value.text")))
    expect(check(F.pure({ text: "" }).andThen(called).andThen(takes(string)), { input: number })).toEqual(clean)
    expect(messages(called, { input: number })).not.toEqual([])
  })

  it("sees no name from outside, and names of its own are nobody's else", () => {
    const inner = F.letIn("x", F.pure(2), (x) => x) as Any
    const flow = F.letIn("x", F.pure("a"), (x) => F.zip(F.call("inner", inner), x)) as Any
    expect(check(flow.andThen(takes({ type: "array", prefixItems: [number, string] })))).toEqual(clean)
    const free = F.letIn("x", F.pure("a"), () => F.call("inner", does(cel("x"))))
    expect(check(free).errors).toMatchObject([{ path: "1@inner" }])
    const fault = ask("a").recoverWith(F.call("inner", does(cel("fault.message"))))
    expect(check(fault).errors).toHaveLength(1)
  })

  it("of a flow that is not there is told", () => {
    expect(check(F.call("nobody")).errors).toMatchObject([
      { code: "call_unknown", path: "", message: "there is no flow called nobody here" },
    ])
  })
})

describe("a suspend", () => {
  it("gives what its schema says", () => {
    expect(check(F.suspend("ok", z.boolean()).andThen(takes(boolean)))).toEqual(clean)
    expect(messages(F.suspend("ok", z.boolean()).andThen(takes(string)))).toEqual([
      "1: the agent sink: expected string, got boolean",
    ])
    const odd = F.suspend("ok", z.string().transform(Number)).andThen(takes(number))
    expect(reasons(odd).join()).toContain("the answer of the suspend ok cannot be written as JSON Schema")
  })

  it("has a text for a name", () => {
    const named = (name: string): Any => F.suspend(template(name), z.boolean())
    expect(check(named("review of ${value.id}"), { input: object({ id: number }) })).toEqual(clean)
    expect(messages(named("${value.id}"), { input: object({ id: number }) })).toEqual([
      ": suspend: the name ${value.id}: expected string, got number",
    ])
  })
})
