import { describe, expect, it } from "vitest"
import { z } from "zod"
import { type JsonSchema, zodSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { type CheckOptions, check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import type { Code } from "../../../src/flow/node.js"
import { type Any, ask, asking, longSequences, nested, of, ref } from "./parts.js"

const string = { type: "string" }
const number = { type: "number" }
const boolean = { type: "boolean" }
const texts = { type: "array", items: string }
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
})
const gives = (output: JsonSchema, name = "source"): Any => ask(name, { output })
const takes = (input: JsonSchema, name = "sink"): Any => ask(name, { input, output: input })
const does = (code: Code): Any => of(make.pure(code))
const messages = (flow: Any, options?: CheckOptions): string[] =>
  check(flow, options).errors.map(({ path, message }) => `${path}: ${message}`)
const reasons = (flow: Any, options?: CheckOptions): string[] =>
  check(flow, options).unchecked.map(({ path, reason }) => `${path}: ${reason}`)
const clean = { errors: [], unchecked: [] }

describe("neighbours", () => {
  it("that fit are passed in silence", () => {
    expect(check(gives(object({ facts: texts })).andThen(takes(object({ facts: texts }))))).toEqual(clean)
  })

  it("that clash are told with the field, what was expected and what came", () => {
    const flow = gives(object({ facts: string })).andThen(takes(object({ facts: texts }), "editor").id("edit"))
    expect(check(flow)).toEqual({
      errors: [
        {
          severity: "error",
          code: "type_clash",
          path: "edit",
          message: "the agent editor: field facts: expected array of string, got string",
          expected: "array of string",
          got: "string",
        },
      ],
      unchecked: [],
    })
  })

  it("are read from zod", () => {
    const one = { ...ref("one"), output: zodSchema(z.object({ n: z.number(), s: z.string().optional() }), "output") }
    const two = { ...ref("two"), input: zodSchema(z.object({ n: z.number(), s: z.string() })) }
    expect(messages(asking(one).andThen(asking(two)))).toEqual([
      "1: the agent two: field s: expected string, got string or nothing: the field is not required",
    ])
  })

  it("of which one says nothing are listed, with whose silence it is", () => {
    expect(reasons(ask("mute").andThen(takes(string)))).toEqual([
      "1: the agent sink: nothing is known of what arrives; expected string: the agent mute declares no output",
    ])
    const merged = gives(string).map(F.named("merge", (x) => x))
    expect(reasons(merged.andThen(takes(string)))).toEqual([
      "2: the agent sink: nothing is known of what arrives; expected string: the function merge at 1 declares no output",
    ])
    expect(check(merged)).toEqual(clean)
    const odd = { ...ref("odd"), input: zodSchema(z.string().transform(Number), "output") }
    expect(reasons(gives(string).andThen(asking(odd)))).toEqual([
      "1: the agent odd: the input of the agent odd cannot be written as JSON Schema",
    ])
  })

  it("after a failure are never reached", () => {
    expect(check(F.fail({ code: "x", message: "x" }).andThen(takes(string)))).toEqual(clean)
  })

  it("take the flow's input", () => {
    expect(messages(takes(string), { input: number })).toEqual([": the agent sink: expected string, got number"])
    expect(reasons(takes(string))).toHaveLength(1)
  })

  it("get constants as their widened types", () => {
    expect(
      check(F.pure({ a: "", n: 3, ok: true }).andThen(takes(object({ a: string, n: number, ok: boolean })))),
    ).toEqual(clean)
    expect(messages(F.pure([1]).andThen(takes(texts)))).toEqual([
      "1: the agent sink: field []: expected string, got integer",
    ])
  })
})

describe("what the runtime makes", () => {
  const views = F.atLeast(1, { a: gives(string, "a"), b: gives(number, "b") })

  it("is a tuple or a record of all", () => {
    expect(
      check(F.zip(gives(string), gives(number)).andThen(takes({ type: "array", prefixItems: [string, number] }))),
    ).toEqual(clean)
    expect(
      messages(F.zipAll({ x: gives(string), y: gives(number) }).andThen(takes(object({ x: string, y: string })))),
    ).toEqual(["1: the agent sink: field y: expected string, got number"])
  })

  it("is what a quorum gives", () => {
    expect(messages(views.andThen(does(cel("value.succeeded.map(s, s.value)"))).andThen(takes(texts)))).toEqual([
      "2: the agent sink: field []: expected string, got number",
    ])
    expect(messages(views.andThen(does(cel("value.succeded")))).join()).toContain("succeded")
    const item = object({ index: { type: "integer" }, name: string, fault: true })
    expect(check(views.andThen(does(cel("value.failed"))).andThen(takes({ type: "array", items: item })))).toEqual(
      clean,
    )
  })

  it("is any branch of a race", () => {
    expect(messages(F.race(gives(string), gives(number)).andThen(takes(string)))).toEqual([
      "1: the agent sink: expected string, got number",
    ])
  })

  it("is the result or the recovery", () => {
    expect(messages(gives(string).recoverWith(F.pure(3)).andThen(takes(string)))).toEqual([
      "1: the agent sink: expected string, got integer",
    ])
    const handled = gives(string).recoverWith(does(cel("value.message")))
    expect(check(handled.andThen(takes(string)))).toEqual(clean)
    const byInput = of(
      make.recover(gives(number).node, does(template("${input}: ${fault.message}")).node, "input", undefined),
    )
    expect(messages(byInput.andThen(takes(string)), { input: string })).toEqual([
      "1: the agent sink: expected string, got number",
    ])
  })

  it("is the value that a name was bound to", () => {
    const flow = F.letIn("x", gives(string), (x) =>
      F.zip(x, does(cel("x + '!'"))).andThen(takes({ ...texts, minItems: 2 })),
    )
    expect(check(flow)).toEqual(clean)
  })
})

describe("names", () => {
  it("that are free are told, with the place in an expression", () => {
    expect(check(does(cel("draft"))).errors).toMatchObject([{ path: "", severity: "error", start: 0, end: 5 }])
    expect(messages(does({ _tag: "Name", name: "x" }))).toEqual([": the name x is not bound here"])
  })

  it("that are bound twice are told", () => {
    expect(messages(F.letIn("x", ask("a"), () => F.letIn("x", ask("b"), (x) => x)))).toEqual([
      ": the name x is bound already",
    ])
  })

  it("end with the body that they are bound in", () => {
    const flow = F.zip(
      F.letIn("x", ask("a"), (x) => x),
      does(cel("x")),
    )
    expect(check(flow).errors).toMatchObject([{ path: "1" }])
  })

  it("of faults are known in recoveries alone", () => {
    expect(check(does(cel("fault.message"))).errors).toHaveLength(1)
    expect(check(ask("a").recoverWith(does(cel("fault._tag")))).errors).toEqual([])
  })
})

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
      expect.stringMatching(/expected a text, a number or a truth value, got array/),
    ])
  })

  it("on any text need an otherwise, or are listed", () => {
    const by = F.route(gives(string) as F.Flow<unknown, "a">, { a: takes(number) })
    expect(reasons(by, { input: number })).toEqual([
      ": branch: any string may come; there are cases for a and no otherwise: the output of the agent source says nothing of it",
    ])
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

describe("prompts", () => {
  const model = (prompt: string, input?: JsonSchema): Any =>
    asking({ ...ref("editor", input === undefined ? {} : { input }), prompt: template(prompt) } as never)

  it("of an agent are judged by its input, once", () => {
    const editor = model("${value.quetsion}", object({ question: string }))
    expect(check(F.pure({ question: "q" }).andThen(F.zip(editor, editor))).errors).toMatchObject([
      { path: "1/0", expr: { source: "${value.quetsion}" }, start: expect.any(Number), hint: expect.any(String) },
    ])
  })

  it("without an input schema are judged at each step by what arrives", () => {
    const editor = model("${value.question} ${env.KEY} ${params.x}")
    expect(check(F.pure({ question: "q" }).andThen(editor)).errors).toEqual([])
    expect(check(F.pure("q").andThen(F.zip(editor, editor))).errors.map(({ path }) => path)).toEqual(["1/0", "1/1"])
  })

  it("see neither the flow's input nor its names; those of a step do", () => {
    expect(check(F.letIn("x", F.pure(1), () => model("${input} ${x}"))).errors.length).toBeGreaterThan(0)
    const step = of(make.agent(ref("editor"), { prompt: template("${x} ${input}") }))
    expect(check(F.letIn("x", F.pure(1), () => step)).errors).toEqual([])
  })

  it("see the parameters", () => {
    expect(check(model("${params.tries}"), { params: { tries: number } }).errors).toEqual([])
    expect(check(model("${params.trys}"), { params: { tries: number } }).errors).toHaveLength(1)
  })
})

describe("depth", () => {
  it("of 100,000 steps", () => {
    for (const flow of Object.values(longSequences(() => takes(string)))) {
      expect(check(flow, { input: string })).toEqual(clean)
    }
  })

  it.each<[string, (inner: Any, level: number) => Any]>([
    ["recoveries", (inner) => inner.recoverWith(F.pure(""))],
    ["deadlines", (inner) => inner.timeout(5)],
    ["names", (inner, level) => F.letIn(`x${level}`, takes(string), () => inner)],
    ["parallels", (inner) => F.zip(inner, takes(string))],
    ["races", (inner) => F.race(inner, takes(string))],
    ["branches", (inner) => of(make.branch({ by: gives({ enum: ["a"] }).node }, ["a"], [inner.node], undefined))],
  ])("of 10,000 %s", (_, wrap) => {
    expect(check(nested(10_000, takes(string), wrap), { input: string })).toEqual(clean)
  })
})
