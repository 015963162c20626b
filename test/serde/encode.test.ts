import { describe, expect, it } from "vitest"
import type { Json } from "../../src/data/json.js"
import { flow as flowOf, named } from "../../src/flow/build.js"
import { fail, lift, pure, zip, zipAll } from "../../src/flow/constructors.js"
import { equals } from "../../src/flow/equals.js"
import * as make from "../../src/flow/make.js"
import type { Node } from "../../src/flow/node.js"
import { split } from "../../src/flow/over-lists.js"
import { loopWithState } from "../../src/flow/stateful.js"
import { done } from "../../src/flow/step.js"
import type { AnyFlow } from "../../src/flow/types.js"
import { decode, EncodeError, encode, parse, print, registry, template } from "../../src/serde/index.js"

const inc = named("inc", (n: number) => n + 1)
const zero = named("zero", () => 0)
const turn = named("turn", ([n, state]: readonly [number, number]) => [done(n + state), state + 1] as const)
const names = registry({ functions: [inc, zero, turn] })

function refused(flow: AnyFlow): EncodeError {
  try {
    encode(flow)
  } catch (error) {
    if (error instanceof EncodeError) return error
    throw error
  }
  throw new Error("it was written")
}

describe("encode", () => {
  it("lists every function without a name, by path, and says how to name it", () => {
    const anonymous = (n: number): number => n
    const flow = lift(anonymous)
      .andThen(zipAll({ a: lift(inc), b: lift(anonymous).id("here") }))
      .recover(() => 1)
    const error = refused(flow)
    expect(error.paths).toEqual(["0", "1/here", "recover"])
    expect(error.message).toContain('named("merge", fn)')
  })

  it.each([
    ["a function in a constant", { a: [() => 1] }, /\(at \/a\/0\)/],
    ["undefined", undefined, /not JSON/],
    ["a date", new Date(0), /not JSON/],
    ["not a number", Number.NaN, /not JSON/],
  ])("refuses a constant that is not JSON: %s", (_, value, message) => {
    expect(refused(pure(value)).message).toMatch(message)
  })

  it.each<[string, AnyFlow]>([
    ["a split of nothing", split()],
    ["a split of nothing beside all of nothing", zip(split(), zip())],
    ["a state that a named function makes", loopWithState(lift(turn), { initial: zero, max: 2 })],
  ])("comes back equal: %s", (_, flow) => {
    const back = decode(encode(flow), names)
    expect(back._tag === "Right" && equals(back.right, flow)).toBe(true)
    const read = parse(print(flow), names)
    expect(read._tag === "Right" && equals(read.right.flow, flow)).toBe(true)
  })

  it("refuses free names", () =>
    expect(() => encode(flowOf(make.pure({ _tag: "Name", name: "x" })))).toThrow(/not bound/))

  it("refuses a key that no document may have", () => {
    expect(refused(flowOf(make.all([make.seq([])], ["__proto__"]))).message).toContain("__proto__")
    const value = JSON.parse(`{ "a": [{ "__proto__": 1 }] }`) as Json
    expect(refused(pure(value)).message).toContain("__proto__")
    expect(refused(fail({ code: "c", message: "m", data: value })).message).toContain("__proto__")
    expect(refused(lift(template(value))).message).toContain("__proto__")
  })

  it("names the path beyond 256 levels, however deep it goes on", () => {
    let node: Node = make.pure(inc)
    for (let i = 0; i < 10_000; i++) node = make.all([node, make.pure(inc)])
    const { paths } = refused(flowOf(node))
    expect(paths.length).toBeGreaterThan(0)
    expect(paths[0]).toMatch(/^0(\/0)*$/)
    let value: unknown = 1
    for (let i = 0; i < 10_000; i++) value = [value]
    expect(refused(pure(value)).message).toContain("256")
  })
})

describe("long sequences", () => {
  const steps = 100_000
  const long = flowOf(make.seq(Array.from({ length: steps }, () => make.pure(inc))))

  it("are written and read back, as JSON text too", () => {
    const json = encode(long)
    const back = decode(json, names)
    expect(back._tag === "Right" && equals(back.right, long)).toBe(true)
    const text = print(long)
    const document = parse(text, names)
    expect(document._tag === "Right" && equals(document.right.flow, long)).toBe(true)
    expect(document._tag === "Right" && document.right.at(String(steps - 1))?.line).toBe(1)
  })

  it("of bindings are written as one list", () => {
    let node: Node = make.seq([])
    for (let i = 0; i < steps; i++) node = make.letIn(`x${i}`, make.pure(inc), node)
    const json = encode(flowOf(node))
    expect(json["steps"]).toHaveLength(steps)
  })
})
