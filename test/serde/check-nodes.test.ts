import { describe, expect, it } from "vitest"
import { isLeft } from "fp-ts/lib/Either.js"
import { named } from "../../src/flow/build.js"
import { lift } from "../../src/flow/constructors.js"
import { parse, registry } from "../../src/serde/index.js"
import { checkDocument } from "../../src/serde/types-check.js"

// What the types of documents say of each node, with the line and column that it is said of.

const names = registry({
  functions: [named("size", (text: string) => text.length), named("choose", () => lift((x: unknown) => x))],
})
const agents = `agents:
  counter: { provider: ollama, model: m, input: { type: string }, output: { type: integer } }
  judge:
    provider: ollama
    model: m
    output: { type: object, required: [ok, note], properties: { ok: { type: boolean }, note: { type: [string, "null"] } } }
`
const found = (flow: string, input = "{ type: array, items: { type: string } }"): readonly string[] => {
  const text = `troupe: 1\ninput: ${input}\n${agents}flow:\n${flow.replace(/^/gm, "  ")}\n`
  const result = parse(text, names)
  if (isLeft(result)) return result.left.map(({ line = 0, column, message }) => `${line - 9}:${column} ${message}`)
  return checkDocument(result.right).unchecked.map(({ path, reason }) => `unchecked ${path}: ${reason}`)
}

describe("documents", () => {
  it.each<[string, string, string]>([
    ["for_each", "for_each: { do: { agent: counter } }", "{ type: array, items: { type: string } }"],
    [
      "split",
      "split: [{ agent: counter }, { map: '${value + 1}' }]",
      "{ type: array, prefixItems: [{ type: string }, { type: integer }], minItems: 2, items: false }",
    ],
    [
      "guard",
      "steps:\n  - { agent: judge, guard: value.note != null }\n  - map: '${value.note}'\n  - agent: counter",
      "{ type: string }",
    ],
    ["guard by a flow", "{ agent: counter, guard: { check: { map: '${value > 1}' } } }", "{ type: string }"],
    [
      "divert_to",
      "agent: judge\ndivert_to: { when: value.note != null, do: { steps: [{ map: '${value.note}' }, { agent: counter }] } }",
      "{ type: string }",
    ],
    [
      "branch on a choice",
      "branch:\n  on: \"size(value) > 3 ? 'many' : 'few'\"\n  cases: { many: { agent: counter }, few: { agent: counter } }",
      "{ type: string }",
    ],
    [
      "graph",
      "graph:\n  a: { do: { agent: counter } }\n  b: { depends_on: [a], do: { map: '${value.results.a + 1}' } }",
      "{ type: string }",
    ],
    [
      "suspend",
      "steps: [{ suspend: { name: 'for ${value}', schema: { type: string } } }, { agent: counter }]",
      "{ type: string }",
    ],
    [
      "retry, limit and sleep",
      "steps: [{ sleep: 1s, retry: {}, limit: { calls: 2 } }, { agent: counter }]",
      "{ type: string }",
    ],
  ])("%s that fit are passed in silence", (_, flow, input) => expect(found(flow, input)).toEqual([]))

  it.each<[string, string, string, readonly string[]]>([
    [
      "a list that is none",
      "for_each: { do: { agent: counter } }",
      "{ type: string }",
      ["1:3 for_each: expected array, got string"],
    ],
    [
      "an element",
      "for_each: { do: { agent: counter } }",
      "{ type: array, items: { type: integer } }",
      ["1:3 the agent counter: expected string, got integer"],
    ],
    [
      "a length",
      "split: [{ agent: counter }, { agent: counter }]",
      "{ type: array, items: { type: string }, minItems: 3 }",
      ["1:3 split into 2: expected 2 elements, got 3 or more elements"],
    ],
    [
      "a length that is open",
      "split: [{ agent: counter }, { agent: counter }]",
      "{ type: array, items: { type: string } }",
      ["unchecked : split into 2: the length may not fit: 0 or more elements; expected 2 elements"],
    ],
    [
      "a missing case",
      "branch:\n  on: \"size(value) > 3 ? 'many' : 'few'\"\n  cases: { many: { agent: counter } }",
      "{ type: string }",
      ["3:5 branch: there is no case for few"],
    ],
    [
      "a guard",
      "{ agent: counter, guard: value + 1 }",
      "{ type: string }",
      ["1:28 guard value + 1: expected boolean, got integer"],
    ],
    [
      "a member of a graph",
      "graph:\n  a: { do: { map: '${input}' } }\n  b: { depends_on: [a], do: { map: '${value.results.c}' } }",
      "{ type: string }",
      [expect.stringMatching(/^3:.*c/) as string],
    ],
    [
      "a choice that is not known",
      "flat_map: { of: { agent: judge }, using: choose }",
      "{ type: string }",
      ["unchecked : flat_map: the flow that the function choose makes is not known before the run"],
    ],
    [
      "one of the choices",
      "flat_map: { of: { agent: judge }, using: choose, among: [{ agent: counter }, { map: '${value.x}' }] }",
      "{ type: string }",
      [expect.stringMatching(/^1:96 `value` has no fields/) as string],
    ],
  ])("%s is told where it is written", (_, flow, input, expected) => expect(found(flow, input)).toEqual(expected))

  it("a called flow is typed where it is called, and told of where it is written", () => {
    const text = `troupe: 1\ninput: { type: integer }\n${agents}flows:\n  count: { agent: counter }\nflow: { flow: count }\n`
    const result = parse(text, names)
    expect(isLeft(result) && result.left).toMatchObject([
      { line: 10, column: 12, path: "@count", message: "the agent counter: expected string, got integer" },
    ])
  })
})
