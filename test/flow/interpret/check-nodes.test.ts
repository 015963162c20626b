import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import { boolean, clean, does, gives, messages, number, object, reasons, string, takes } from "./check-parts.js"
import { type Any, ask, nested, of } from "./parts.js"

const maybe = { type: ["string", "null"] }

describe("a retry, a limit, a deadline and a sleep", () => {
  it.each<[string, (inner: Any) => Any]>([
    ["retry", (inner) => of(make.retry(inner.node, { times: 2 }))],
    ["limit", (inner) => of(make.limit(inner.node, { calls: 2 }))],
    ["within", (inner) => inner.timeout(5)],
    ["sleep", (inner) => inner.andThen(F.sleep(5))],
  ])("%s: types pass through", (_, wrap) => {
    expect(check(wrap(takes(string, number)).andThen(takes(number)), { input: string })).toEqual(clean)
    expect(messages(wrap(takes(string)), { input: number })).toHaveLength(1)
    expect(messages(wrap(gives(string)).andThen(takes(number)))).toHaveLength(1)
  })
})

describe("a side flow", () => {
  const side = (k: Any, how: "tap" | "notify" | "divertTo", when?: string): Any =>
    of(make.divert(gives(maybe).node, k.node, how, when === undefined ? undefined : cel(when)))

  it.each(["tap", "notify", "divertTo"] as const)("%s gets the output, which passes on", (how) => {
    expect(check(side(takes(maybe), how).andThen(takes(maybe)))).toEqual(clean)
    const segment = how === "divertTo" ? "divert_to" : how
    expect(messages(side(takes(string), how))).toEqual([`${segment}: the agent sink: expected string, got null`])
    expect(messages(side(takes(maybe), how).andThen(takes(string)))).toEqual([
      "1: the agent sink: expected string, got null",
    ])
  })

  it("that is diverted to gets what its condition lets through", () => {
    expect(check(side(takes(string), "divertTo", "value != null").andThen(takes(maybe)))).toEqual(clean)
    expect(messages(side(takes(maybe), "divertTo", "value"))).toEqual(
      [": when value: expected boolean, got string", expect.anything()].slice(0, 1),
    )
  })
})

describe("a guard", () => {
  const guard = (output: JsonSchema, test: string): Any => of(make.guard(gives(output).node, { code: cel(test) }))

  it("passes what arrives, where its condition is one", () => {
    expect(check(guard(number, "value > 1.5").andThen(takes(number)))).toEqual(clean)
    expect(messages(guard(string, "size(value)"))).toEqual([": guard size(value): expected boolean, got integer"])
    expect(messages(guard(object({ ok: boolean }), "value.okay"))).toHaveLength(1)
  })

  it("that tests null narrows what passes", () => {
    expect(check(guard(maybe, "value != null").andThen(takes(string)))).toEqual(clean)
    expect(messages(guard(maybe, "value == null").andThen(takes(string)))).toHaveLength(1)
    const note = object({ note: maybe, n: number })
    const loud = does(cel("value.note + '!'"))
    expect(check(guard(note, "value.note != null").andThen(loud).andThen(takes(string)))).toEqual(clean)
    expect(
      check(guard(note, "value.note != null && value.n > 0.5").andThen(takes(object({ note: string, n: number })))),
    ).toEqual(clean)
    expect(
      messages(guard(note, "value.note != null || value.n > 0.5").andThen(takes(object({ note: string, n: number })))),
    ).toHaveLength(1)
  })

  it("that tests a constant field narrows what passes", () => {
    const kinds = {
      anyOf: [object({ kind: { const: "s" }, text: string }), object({ kind: { const: "h" }, n: number })],
    }
    expect(
      check(
        guard(kinds, "value.kind == 's'")
          .andThen(does(cel("value.text")))
          .andThen(takes(string)),
      ),
    ).toEqual(clean)
    expect(
      check(
        guard(kinds, "!(value.kind in ['h'])")
          .andThen(does(cel("value.text")))
          .andThen(takes(string)),
      ),
    ).toEqual(clean)
    const tried = { anyOf: [object({ ok: { const: true }, value: string }), object({ ok: { const: false } })] }
    expect(
      check(
        guard(tried, "value.ok")
          .andThen(does(cel("value.value")))
          .andThen(takes(string)),
      ),
    ).toEqual(clean)
    expect(
      check(guard({ type: "object", properties: { a: string } }, "has(value.a)").andThen(takes(object({ a: string })))),
    ).toEqual(clean)
  })

  it("that tests deep inside narrows there", () => {
    const deep = object({ a: object({ b: maybe }) })
    expect(check(guard(deep, "value.a.b != null").andThen(takes(object({ a: object({ b: string }) }))))).toEqual(clean)
    const one = object({ kind: { const: "s" }, x: maybe })
    const other = object({ kind: { const: "h" }, x: { type: ["number", "null"] } })
    expect(
      check(
        guard({ anyOf: [one, other] }, "value.x != null").andThen(
          takes({ anyOf: [object({ kind: { const: "s" }, x: string }), object({ kind: { const: "h" }, x: number })] }),
        ),
      ),
    ).toEqual(clean)
  })

  it("by a flow needs a truth value", () => {
    const by = (k: Any): Any => of(make.guard(gives(number).node, { by: k.node }))
    expect(check(by(takes(number, boolean)).andThen(takes(number)))).toEqual(clean)
    expect(messages(by(takes(number, string)))).toEqual([": guard: the answer of check: expected boolean, got string"])
    expect(messages(by(takes(string, boolean)))).toEqual(["guard: the agent sink: expected string, got number"])
    expect(reasons(by(ask("mute"))).join()).toContain("the agent mute declares no output")
  })

  it("by a function passes what arrives", () => {
    expect(
      check(
        gives(number)
          .guard((n) => n === 1)
          .andThen(takes(number)),
      ),
    ).toEqual(clean)
  })
})

describe("a branch", () => {
  const on = (test: string, cases: Record<string, Any>, otherwise?: Any): Any =>
    of(
      make.branch(
        { code: cel(test) },
        Object.keys(cases),
        Object.values(cases).map((k) => k.node),
        otherwise?.node,
      ),
    )

  it("on a choice of literals has those for its tags", () => {
    const few = { few: takes(number), many: takes(number) }
    expect(check(on("value > 3.5 ? 'many' : 'few'", few), { input: number })).toEqual(clean)
    expect(messages(on("value > 3.5 ? 'many' : value > 1.5 ? 'some' : 'few'", few), { input: number })).toEqual([
      ": branch: there is no case for some",
    ])
    expect(
      check(on("value > 3.5 ? 'many' : 'few'", { few: takes(number) }, takes(number)), { input: number }).errors,
    ).toEqual([])
    expect(messages(on("value > 3.5 ? 1 : 2", { 1: ask("a"), 2: ask("b"), 3: ask("c") }), { input: number })).toEqual([
      ": branch: no value has the tag 3",
    ])
    expect(
      check(on("value.ok ? value.kind : 'none'", { a: ask("a"), b: ask("b"), none: ask("c") }), {
        input: object({ ok: boolean, kind: { enum: ["a", "b"] } }),
      }),
    ).toEqual(clean)
  })

  it("on a choice that is bound first sees any text: a literal that is kept has its widened type", () => {
    const kept = does(cel("value > 3.5 ? 'many' : 'few'"))
    expect(reasons(kept.andThen(on("value", { many: ask("a"), few: ask("b") })), { input: number })).toEqual([
      expect.stringContaining("any string may come"),
    ])
  })

  it("on a test narrows what its arms get", () => {
    const arms = (yes: Any, no: Any): Any => on("value == null", { true: yes, false: no })
    expect(check(arms(takes({ type: "null" }), takes(string)), { input: maybe })).toEqual(clean)
    expect(messages(arms(takes(string), takes(string)), { input: maybe })).toHaveLength(1)
    expect(check(on("value != null", { true: takes(string) }, takes({ type: "null" })), { input: maybe })).toEqual(
      clean,
    )
  })
})

describe("a loop", () => {
  it("whose condition tests null ends with what passes it", () => {
    const body = make.until(takes(maybe).node, cel("value != null"))
    expect(check(of(make.loop(body, 3)).andThen(takes(string)), { input: maybe })).toEqual(clean)
    expect(messages(of(make.loop(body, 3, "last")).andThen(takes(string)), { input: maybe })).toHaveLength(1)
  })
})

const filled = cel("value != ''")

describe("depth", () => {
  it.each<[string, (inner: Any, level: number) => Any]>([
    ["retries", (inner) => of(make.retry(inner.node, {}))],
    ["limits", (inner) => of(make.limit(inner.node, { calls: 1 }))],
    ["guards", (inner) => of(make.guard(inner.node, { code: filled }))],
    ["taps", (inner) => of(make.divert(inner.node, takes(string).node, "tap"))],
    ["side flows", (inner) => of(make.divert(takes(string).node, inner.node, "tap"))],
    ["calls", (inner, level) => F.call(`f${level}`, inner)],
    ["graphs", (inner) => of(make.graph([{ id: "a", of: inner.node, dependsOn: [] }]))],
    ["checks", (inner) => of(make.guard(takes(string).node, { by: inner.andThen(does(cel("true"))).node }))],
  ])("of 10,000 %s", (_, wrap) => {
    expect(check(nested(10_000, takes(string), wrap), { input: string })).toEqual(clean)
  })

  it.each<[string, (inner: Any) => Any]>([
    ["elements", (inner) => of(make.traverse(inner.node, {}))],
    ["attempts", (inner) => inner.attempt()],
    ["splits", (inner) => of(make.split([inner.node]))],
    [
      "choices",
      (inner) => of(make.flatMap(ask("a").node, F.named("c", () => inner) as never, undefined)).andThen(inner),
    ],
  ])("of 3,000 %s, whose types grow, ends", (_, wrap) => {
    expect(check(nested(3_000, takes(string), wrap)).errors).toEqual([])
  })
})
