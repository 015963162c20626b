import { describe, expect, it } from "vitest"
import { z } from "zod"
import { type JsonSchema, zodSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { check } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import { boolean, clean, does, gives, messages, number, object, reasons, string, takes } from "./check-parts.js"
import { type Any, ask, asking, longSequence, nested, of, ref, sequences } from "./parts.js"

const texts = { type: "array", items: string }

describe("why something is not known", () => {
  it("is told of what the expression reads, not of what merely arrives", () => {
    const late = gives(object({ text: string })).recoverWith(does(template("${fault.last}")).andThen(takes(string)))
    expect(reasons(late)).toEqual([
      "recover/0: ${fault.last}: nothing is known of fault.last: what a fault carries is not known",
      "recover/1: the agent sink: nothing is known of what arrives; expected string: what a fault carries is not known",
    ])
  })

  it("says of an input that has a schema no more than that it says nothing of it", () => {
    expect(reasons(takes(string), { input: {} })).toEqual([
      ": the agent sink: nothing is known of what arrives; expected string: the input of the flow says nothing of it",
    ])
    expect(reasons(takes(string))).toEqual([
      ": the agent sink: nothing is known of what arrives; expected string: the input of the flow has no schema",
    ])
  })

  it("is told of expressions that may fail for it, though nothing takes what they give", () => {
    const mute = ask("mute")
    expect(reasons(mute.andThen(does(template("${value.a.b}"))))).toEqual([
      "1: ${value.a.b}: nothing is known of value: the agent mute declares no output",
    ])
    expect(reasons(mute.andThen(does(template({ n: "${value + 1}", text: "n: ${size(value)}" }))))).toHaveLength(1)
    expect(reasons(gives({ type: "object" }).andThen(does(cel("value.a"))))).toEqual([
      "1: value.a: nothing is known of value.a: the output of the agent source says nothing of it",
    ])
    expect(check(gives({ type: "object" }).andThen(does(cel("has(value.a) ? value.a : 0"))))).toEqual(clean)
    expect(check(mute.andThen(does(template("got ${value}"))))).toEqual(clean)
  })

  it("has no part in what is known and may not fit", () => {
    expect(reasons(gives(number).andThen(takes({ type: "integer" })))).toEqual([
      "1: the agent sink: a number that may not be whole; expected a whole one",
    ])
  })
})

describe("neighbours", () => {
  it("that fit are passed in silence", () => {
    expect(check(gives(object({ facts: texts })).andThen(takes(object({ facts: texts }))))).toEqual(clean)
  })

  it("that clash are told with the field, what was expected and what came", () => {
    const flow = gives(object({ facts: string })).andThen(
      takes(object({ facts: texts }), undefined, "editor").id("edit"),
    )
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

  it("that share an id are told of, as a run would refuse them", () => {
    const flow = F.pure(1).id("a").andThen(F.pure(2).id("b")).andThen(F.pure(3).id("a"))
    expect(check(flow).errors).toEqual([
      { severity: "error", code: "id_twice", path: "a", message: "two steps here have the id a", part: ["id"] },
    ])
    expect(() => F.cost(flow)).toThrow("two steps here have the id a")
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
      "1: the agent sink: field [0]: expected string, got integer",
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
      "1: the name x is bound already, at 0",
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

describe("prompts", () => {
  const model = (prompt: string, input?: JsonSchema): Any =>
    asking({ ...ref("editor", input === undefined ? {} : { input }), kind: "model", prompt: template(prompt) } as never)

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
    for (const flow of [longSequence(() => takes(string)), ...Object.values(sequences(1_000, () => takes(string)))]) {
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
