import { describe, expect, it } from "vitest"
import type { JsonSchema } from "../../../src/data/schema.js"
import type { Expr, ExprProblem } from "../../../src/flow/expr.js"
import * as F from "../../../src/flow/index.js"
import { check, type CheckOptions } from "../../../src/flow/interpret/check.js"
import * as make from "../../../src/flow/make.js"
import { boolean, clean, does, expression, gives, number, reader, string, takes } from "./check-parts.js"
import { type Any, ask, asking, of, ref } from "./parts.js"

// What `check` lets expressions and the prompts of models read, and what it says of them.

const left = (...unchecked: [string, string][]): object => ({
  errors: [],
  unchecked: unchecked.map(([path, reason]) => ({ path, reason })),
})
/** An expression that gives a type, or reads one of its names. */
const typed = (source: string, type: JsonSchema, more: Partial<Expr> = {}): Expr =>
  expression(source, { infer: () => ({ type, problems: [], unknown: [] }), ...more })

describe("an expression", () => {
  it("may read the value, the input, the parameters and what is bound, and in a recovery the fault", () => {
    const [plain, recovering] = [reader("params"), reader("fault")]
    check(F.letIn("x", ask("a"), () => F.zip(plain.step, ask("b").recoverWith(recovering.step))))
    expect(plain).toMatchObject({ names: [["value", "input", "params", "x"]], seen: [true] })
    const after = reader()
    check(
      F.zip(
        F.letIn("x", ask("a"), (x) => x),
        after.step,
      ),
    )
    expect(after.names).toEqual([["value", "input", "params"]])
    expect(recovering.names).toEqual([["value", "input", "params", "fault", "x"]])
  })

  it("that reads what is not there is told, unless it told of something itself", () => {
    const problem = (severity: ExprProblem["severity"]): ExprProblem => ({
      code: "odd",
      message: "odd",
      severity,
      at: [],
      start: 0,
      end: 1,
    })
    const reads = (...problems: ExprProblem[]): Expr =>
      expression("draft", { names: ["value", "draft"], infer: () => ({ type: true, problems, unknown: [] }) })
    const said = (expr: Expr): unknown =>
      check(does(expr)).errors.map((one) => {
        expect(one.expr).toBe(expr)
        return [one.severity, one.code, one.message, one.path]
      })
    const free = ["error", "name_free", "the name draft is not bound here", ""]
    expect(said(reads())).toEqual([free])
    expect(said(reads(problem("warning")))).toEqual([["warning", "odd", "odd", ""], free])
    expect(said(reads(problem("warning"), problem("error")))).toEqual([
      ["warning", "odd", "odd", ""],
      ["error", "odd", "odd", ""],
    ])
  })

  it("is named by its text in one line, cut after 60 characters", () => {
    const named = (source: Expr["source"]): unknown => {
      const expr = { ...typed("", number), source }
      return check(of(make.guard(gives(string).node, { code: expr }))).errors[0]?.message
    }
    const told = (text: string): string => `guard ${text}: expected boolean, got number`
    expect(named("a  \n  b")).toBe(told("a b"))
    expect(named("x".repeat(60))).toBe(told("x".repeat(60)))
    expect(named("x".repeat(61))).toBe(told(`${"x".repeat(59)}…`))
    expect(named(["x"])).toBe(told('["x"]'))
  })

  it("narrows nothing where nothing arrives", () => {
    const code = typed("test", boolean, { narrow: () => string })
    const flow = (given: Any): Any => of(make.guard(given.node, { code })).andThen(takes(number))
    expect(check(flow(gives(number))).errors).toHaveLength(1)
    expect(check(flow(F.fail({ code: "x", message: "x" })))).toStrictEqual(clean)
  })
})

describe("the prompts of a model", () => {
  const wrong = (text: string): Expr => expression(text, { names: [text] })
  const model = (more: object, input?: JsonSchema): Any =>
    asking({ ...ref("m", input === undefined ? {} : { input }), kind: "model", ...more } as never)
  const own = ref("m", { input: string, output: string })
  const both = { ...own, kind: "model", prompt: wrong("p"), systemPrompt: wrong("s") } as never
  const said = (flow: Any, options: CheckOptions = {}): unknown =>
    check(flow, options).errors.map(({ path, message }) => [path, message])
  const free = (path: string, name: string): readonly string[] => [path, `the name ${name} is not bound here`]

  it("are both judged, once; those of a step where they stand in for them", () => {
    expect(said(of(make.agent(both)), { input: string })).toEqual([free("", "s"), free("", "p")])
    const step = make.agent(both, { prompt: wrong("q") })
    const other = make.agent(both, { systemPrompt: wrong("t") })
    expect(said(of(step), { input: string })).toEqual([free("", "q"), free("", "s")])
    expect(said(of(other), { input: string })).toEqual([free("", "t"), free("", "p")])
  })

  it("that a step replaced are judged at the step that has them", () => {
    const step = of(make.agent(both, { prompt: wrong("q") }))
    expect(said(step.andThen(of(make.agent(both))).andThen(of(make.agent(both))), { input: string })).toEqual([
      free("0", "q"),
      free("0", "s"),
      free("1", "p"),
    ])
  })

  it("may read the value, the parameters and the environment alone", () => {
    const { step, seen, names } = reader("env")
    const { code: prompt } = step.node as never as { code: Expr }
    expect(said(F.letIn("x", ask("a"), () => model({ prompt }, string)))).toEqual([])
    expect({ seen, names }).toEqual({ seen: [true], names: [["value", "params", "env"]] })
    const unknown = expression("e", {
      names: ["env"],
      infer: () => ({ type: true, problems: [], unknown: ["env", "value.a"] }),
    })
    expect(check(model({ prompt: unknown }, string), { input: string })).toStrictEqual(
      left(["", "e: nothing is known of value.a: the type of e is not known"]),
    )
  })

  it("are left open for the reason of what they read", () => {
    const prompt = expression("e", {
      names: ["value"],
      infer: () => ({ type: true, problems: [], unknown: ["value.a"] }),
    })
    const open = (because: string): object => left(["", `e: nothing is known of value.a: ${because}`])
    expect(check(model({ prompt }, string), { input: string })).toStrictEqual(
      open("the input of the agent m says nothing of it"),
    )
    expect(check(model({ prompt }))).toStrictEqual(open("the input of the flow has no schema"))
  })

  it("are a model's alone: what another agent calls so is its own", () => {
    expect(check(asking({ ...ref("code"), prompt: wrong("p") } as never))).toStrictEqual(clean)
  })
})
