import { describe, expect, it } from "vitest"
import { faultTags } from "../../../src/data/fault.js"
import type { JsonSchema } from "../../../src/data/schema.js"
import { zodSchema } from "../../../src/data/schema.js"
import { record, tuple } from "../../../src/data/schema-build.js"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import * as make from "../../../src/flow/make.js"
import type { Count } from "../../../src/flow/node.js"
import { z } from "zod"
import { boolean, does, expression, gives, number, string, takes, typeOf } from "./check-parts.js"
import { type Any, ask, asking, of, ref } from "./parts.js"

// The types that `check` carries from step to step, whole: what the next step may rely on.

const integer = { type: "integer" }
const nothing = "nothing"
const list = (items: JsonSchema, more: object = {}): JsonSchema => ({ type: "array", items, ...more })
const fails = F.fail({ code: "x", message: "x" })
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const param = (more: object = {}): Count => ({ _tag: "Param", name: "n", ...more })
const fault = (tags: readonly string[] = faultTags): JsonSchema => ({
  type: "object",
  properties: { _tag: { type: "string", enum: tags }, path: string, message: string },
  required: ["_tag", "path", "message"],
  additionalProperties: true,
})

describe("what branches give together", () => {
  const graph = (...members: [string, Any, ...string[]][]): Any =>
    of(make.graph(members.map(([id, k, ...dependsOn]) => ({ id, of: k.node, dependsOn }))))

  it.each<[string, Any, unknown]>([
    ["all is a tuple", F.zip(gives(string), gives(number)), tuple([string, number])],
    ["all by name is a record", F.zipAll({ a: gives(string), b: gives(number) }), record({ a: string, b: number })],
    ["all of which one fails is nothing", F.zip(gives(string), fails), nothing],
    ["a race is any of them", F.race(gives(string), gives(number)), { anyOf: [string, number] }],
    ["a race of which one fails is the other", F.race(fails, gives(number)), number],
    ["a graph of one end is that", graph(["a", gives(string)], ["b", gives(number), "a"]), number],
    [
      "a graph of two ends is a record",
      graph(["a", gives(string)], ["b", gives(number)]),
      record({ a: string, b: number }),
    ],
    ["a graph of which a member fails is nothing", graph(["a", gives(string)], ["b", fails]), nothing],
    [
      "a graph whose only end depends on a failure is nothing",
      graph(["a", fails], ["b", gives(string)], ["c", gives(string), "a", "b"]),
      nothing,
    ],
    [
      "a member that depends on others gets the input and their results",
      graph(["a", gives(string)], ["b", gives(number)], ["c", F.identity(), "b", "a"]),
      record({ input: boolean, results: record({ b: number, a: string }) }),
    ],
  ])("%s", (_, flow, type) => expect(typeOf(flow, { input: boolean })).toStrictEqual(type))

  const quorum = (n: Count, of_: Any[], keys?: string[]): Any =>
    of(
      make.atLeast(
        n,
        of_.map(({ node }) => node),
        keys,
        {},
      ),
    )
  const parts = (position: Record<string, JsonSchema>, succeeded: JsonSchema, least: number): JsonSchema =>
    record({
      succeeded: list(succeeded, { minItems: least }),
      failed: list(record({ ...position, fault: fault() })),
      aborted: list(record(position)),
    })

  it("a quorum of one type says who succeeded by its index and name", () => {
    const position = { index: integer, name: { type: "string", enum: ["source", "source#2"] } }
    expect(typeOf(quorum(2, [gives(string), gives(string)]))).toStrictEqual(
      parts(position, record({ ...position, value: string }), 2),
    )
  })

  it("a quorum of several types tells them apart by index and name", () => {
    const position = { index: integer, name: { type: "string", enum: ["a", "b"] } }
    const succeeded = {
      anyOf: [
        record({ index: { const: 0 }, name: { const: "a" }, value: string }),
        record({ index: { const: 1 }, name: { const: "b" }, value: number }),
      ],
    }
    const two = (n: Count): unknown => typeOf(quorum(n, [gives(string), gives(number)], ["a", "b"]))
    expect(two(1)).toStrictEqual(parts(position, succeeded, 1))
    expect(two(param())).toStrictEqual(parts(position, succeeded, 1))
    expect(two(param({ minimum: 2 }))).toStrictEqual(parts(position, succeeded, 2))
  })

  it("a quorum of elements says their places", () => {
    const position = { index: integer, name: string }
    const flow = (body: Any): Any => gives(list(string)).andThen(each(body, { atLeast: 2 }))
    expect(typeOf(flow(takes(string, number)))).toStrictEqual(
      parts(position, record({ ...position, value: number }), 2),
    )
    expect(typeOf(flow(fails))).toBe(nothing)
  })
})

describe("what arrives at each element of a list", () => {
  const unknown = true
  it.each<[string, JsonSchema, unknown]>([
    ["the type of its items", list(string), string],
    ["any of its places", { type: "array", prefixItems: [string, number], items: false }, { anyOf: [string, number] }],
    [
      "any of its places and the rest",
      { type: "array", prefixItems: [string], items: number },
      { anyOf: [string, number] },
    ],
    ["no place past its length", { type: "array", prefixItems: [string, number], maxItems: 1 }, string],
    ["no rest where its places fill it", { type: "array", prefixItems: [string], items: number, maxItems: 1 }, string],
    ["its elements, of a constant", { const: ["a", 1] }, { anyOf: [{ const: "a" }, { const: 1 }] }],
    ["the lists of a union", { anyOf: [list(string), list(number)] }, { anyOf: [string, number] }],
    ["the list of a union, and not what is none", { anyOf: [list(string), number, { const: "b" }] }, string],
    ["what has items, without a type", { items: string }, string],
    ["what has places, without a type", { prefixItems: [string], maxItems: 1 }, string],
    ["nothing known, without either", { minItems: 1 }, unknown],
    ["nothing known", true, unknown],
    ["nothing known of it, of items that nothing is said of", { type: "array" }, unknown],
    [
      "nothing known, of all of several types",
      { type: "array", allOf: [list(string), list(number)], items: string },
      unknown,
    ],
    ["nothing known, of what refers to itself", { type: "array", $ref: "#/$defs/t", items: string }, unknown],
    ["nothing, of a list that is empty", list(string, { maxItems: 0 }), nothing],
    ["nothing, of what is no list", string, nothing],
  ])("is %s", (_, type, element) => {
    const seen: unknown[] = []
    const step = does(
      expression("reads", {
        infer: (types) => {
          seen.push(types.get("value"))
          return { type: true, problems: [], unknown: [] }
        },
      }),
    )
    typeOf(each(step), { input: type })
    expect(seen.length === 0 ? nothing : seen[0]).toStrictEqual(element)
  })

  it.each<[string, JsonSchema, unknown]>([
    ["as long as the list is", list(string, { minItems: 1, maxItems: 5 }), list(number, { minItems: 1, maxItems: 5 })],
    ["of any length", list(string), list(number)],
    ["at least so long", list(string, { minItems: 2 }), list(number, { minItems: 2 })],
    ["at most so long", list(string, { maxItems: 2 }), list(number, { maxItems: 2 })],
    [
      "as long as the shortest and the longest of a union",
      { anyOf: [list(string, { minItems: 2, maxItems: 5 }), list(number, { minItems: 1, maxItems: 3 })] },
      list(number, { minItems: 1, maxItems: 5 }),
    ],
    ["no list, of what is none", string, nothing],
    ["no list, of what cannot arrive", { not: {} }, nothing],
  ])("and the results are %s", (_, type, results) => {
    expect(typeOf(each(gives(number)), { input: type })).toStrictEqual(results)
  })

  it.each<[string, JsonSchema, unknown]>([
    ["an empty list where it may be empty", list(string), tuple([])],
    ["nothing where it is not", list(string, { minItems: 1 }), nothing],
  ])("and a body that fails gives %s", (_, type, results) => {
    expect(typeOf(each(fails), { input: type })).toStrictEqual(results)
  })

  it.each<[string, JsonSchema, unknown]>([
    ["the lists of that length", { anyOf: [tuple([number]), tuple([string, boolean])] }, tuple([string, boolean])],
    ["lists that may be longer or shorter", list(string, { minItems: 1, maxItems: 3 }), tuple([string, string])],
    [
      "lists that are not too short",
      { anyOf: [list(string, { maxItems: 2 }), list(number, { minItems: 3 })] },
      tuple([string, string]),
    ],
    ["nothing, of lists that are too short", { anyOf: [list(string, { maxItems: 1 }), tuple([number])] }, nothing],
    ["the first places and the rest", { type: "array", prefixItems: [string], items: number }, tuple([string, number])],
  ])("and a split in two takes %s", (_, type, pair) => {
    const split = of(make.split([F.identity().node, F.identity().node]))
    expect(typeOf(split, { input: type })).toStrictEqual(pair)
  })
})

describe("what single steps give", () => {
  const odd = zodSchema(z.string().transform(Number), "output")
  const maybe = { type: ["string", "null"] }
  const divert = (how: "tap" | "notify" | "divertTo", side: Any): Any =>
    of(make.divert(gives(string).node, side.node, how))
  const recover = (gets: "fault" | "input", on?: readonly ("TimedOut" | "Defect")[]): Any =>
    of(make.recover(fails.node, F.identity().node, gets, on))
  it.each<[string, Any, unknown]>([
    ["an agent gives its output", takes(boolean, number), number],
    ["an agent that declares none gives anything", ask("mute"), true],
    [
      "an agent whose output is no JSON Schema gives anything",
      asking({ ...ref("odd"), output: { ...odd, json: undefined } }),
      true,
    ],
    ["a model that declares none gives a text", asking({ ...ref("m"), kind: "model" } as never), string],
    [
      "a model that declares one gives that",
      asking({ ...ref("m", { output: number }), kind: "model" } as never),
      number,
    ],
    ["a step gets nothing after a failure", fails.andThen(takes(string, number)), nothing],
    ["a constant gives nothing after a failure", fails.andThen(F.pure(1)), nothing],
    ["a suspend gives nothing after a failure", fails.andThen(F.suspend("s", z.string())), nothing],
    [
      "a choice gives nothing after a failure",
      of(
        make.flatMap(
          fails.node,
          F.named("c", () => F.identity() as never),
          undefined,
        ),
      ),
      nothing,
    ],
    ["a tap that fails gives nothing", divert("tap", fails), nothing],
    ["a tap that passes gives what arrived", divert("tap", gives(number)), string],
    ["a notification that fails gives what arrived", divert("notify", fails), string],
    ["a diversion that fails gives what arrived", divert("divertTo", fails), string],
    ["a guard gives what it lets through", of(make.guard(gives(maybe).node, { code: cel("value != null") })), string],
    ["a guard by a function gives what arrived", gives(maybe).guard(() => true), maybe],
    ["a guard by a flow gives what arrived", of(make.guard(gives(maybe).node, { by: gives(boolean).node })), maybe],
    ["a guard by a flow that fails gives nothing", of(make.guard(gives(maybe).node, { by: fails.node })), nothing],
    ["a guard after a failure gives nothing", of(make.guard(fails.node, { code: cel("value") })), nothing],
    ["a handler gets the fault", recover("fault"), fault()],
    [
      "a handler gets the faults that it takes",
      recover("fault", ["TimedOut", "Defect"]),
      fault(["TimedOut", "Defect"]),
    ],
    ["a handler gets the input", recover("input"), boolean],
    ["a call gets what arrives", F.call("f", F.identity()), boolean],
    ["a call of what is not there gives anything", F.call("f"), true],
    ["a loop of which nothing is known gives anything", of(make.loop(ask("mute").node, 3)), true],
    ["a name that is not bound gives anything", does({ _tag: "Name", name: "x" }), true],
    [
      "a loop until a function gives what its body does",
      of(
        make.loop(
          make.until(
            gives(boolean).node,
            F.named("f", () => true),
          ),
          3,
        ),
      ),
      boolean,
    ],
  ])("%s", (_, flow, type) => expect(typeOf(flow, { input: boolean })).toStrictEqual(type))
})
