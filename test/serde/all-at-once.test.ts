import { expect, it } from "vitest"
import type { Diagnostic } from "../../src/data/diagnostic.js"
import { isLeft } from "../../src/data/either.js"
import { parse } from "../../src/serde/index.js"

// All mistakes of a document are told at once.

function faults(text: string): readonly Diagnostic[] {
  const read = parse(text)
  return isLeft(read) ? read.left : []
}

it("a mistake in types is told along with what cannot be read: of a step that is wrong nothing is known", () => {
  const text = `troupe: 1
input: { type: string }
agents:
  judge:
    model: m
    output: { type: object, required: [ok], properties: { ok: { type: boolean } } }
flow:
  steps:
    - agent: jugde
    - map: "\${value.any}"
    - agent: judge
      timout: 3s
      as: verdict
    - map: "\${verdict.any} \${nobody}"
    - agent: judge
      guard: value.okay
    - flow: missing
    - map: "\${value.any} \${input.title}"`
  expect(faults(text).map(({ code, line }) => [code, line])).toEqual([
    ["unknown_agent", 9],
    ["unknown_key", 12],
    ["name_free", 14],
    ["unknown_field", 16],
    ["call_unknown", 17],
    ["unknown_field", 18],
  ])
})

it("nothing is said of parameters and of what flows call where these cannot be read", () => {
  const text = `troupe: 1
params: { n: { type: intger } }
flows: { a: { flow: b }, b: { flow: a } }
flow: { steps: [{ flow: a }, { map: "\${params.n} \${value.any}" }, { loop: { do: { map: "\${value}" }, until: value == "x", max: "\${params.n}" } }] }`
  expect(faults(text).map(({ code, line }) => [code, line])).toEqual([
    ["wrong_type", 2],
    ["call_recursion", 3],
  ])
})

it("a reserved name is told along with the others", () => {
  const text = "troupe: 1\nflow: { steps: [{ map: 1, as: value }, { map: 2, as: 3x }] }"
  expect(faults(text).map(({ code }) => code)).toEqual(["name", "wrong_type"])
})

it("quotes around an expression that has the same inside are told with how to write it", () => {
  const [first] = faults(`troupe: 1\nflow: { map: a }\nwhen: "value == "a" || value == "b""`)
  expect(first?.hint).toBe(`quote this expression: \`when: 'value == "a" || value == "b"'\``)
})
