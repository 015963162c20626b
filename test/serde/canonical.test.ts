import { readdirSync, readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { encode, formatSchema, print } from "../../src/serde/index.js"
import { canonicalJson, canonicalYaml, commentsOf } from "../../src/serde/canonical.js"
import { yamlText } from "../../src/serde/print.js"
import { readText } from "../../src/serde/reading.js"
import { plain } from "../../src/serde/tree.js"
import { commented } from "./arbitrary-comments.js"
import { anyFlow } from "./arbitrary-flow.js"
import { times } from "../setup/times.js"

const schema = formatSchema()
const canonical = (text: string): string => canonicalYaml(text, schema)
const flows = new URL("../../flows/", import.meta.url)
const gallery = readdirSync(flows).filter((name) => name.endsWith(".yaml"))

const dataOf = (text: string): unknown => {
  const read = readText(text)
  if ("problem" in read) throw new Error(`${read.problem.message}\n${text}`)
  return plain(read.tree)
}

describe("the canonical form of YAML", () => {
  it("is what a flow is printed in", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const text = print(flow)
        expect(canonical(text)).toBe(text)
      }),
      times(300),
    ))

  it("keeps the meaning and every comment, and is its own", () =>
    fc.assert(
      fc.property(
        anyFlow.chain((flow) => commented(print(flow))),
        (text) => {
          const made = canonical(text)
          expect(dataOf(made), text).toEqual(dataOf(text))
          expect([...commentsOf(made)].sort(), text).toEqual([...commentsOf(text)].sort())
          expect(canonical(made), text).toBe(made)
        },
      ),
      times(300),
    ))

  it("is what comes of JSON", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const text = print(flow)
        expect(canonical(yamlText(JSON.parse(canonicalJson(JSON.stringify(dataOf(text)), schema))))).toBe(text)
      }),
      times(200),
    ))

  it.each(gallery)("of flows/%s keeps its meaning and every comment, and is its own", (name) => {
    const text = readFileSync(new URL(name, flows), "utf8")
    const made = canonical(text)
    expect(dataOf(made)).toEqual(dataOf(text))
    expect([...commentsOf(made)].sort()).toEqual([...commentsOf(text)].sort())
    expect(canonical(made)).toBe(made)
  })

  it.each([
    [
      "keys in their order, and what was before the first one above all",
      "# a\nflow: { as: x, map: 1, id: y }\ntroupe: 1\n",
      "# a\n\ntroupe: 1\nflow: { id: y, map: 1, as: x }\n",
    ],
    [
      "four spaces and blank lines",
      "troupe: 1\n\n\n\nflow:\n    steps:\n\n        - map: 1\n\n\n        - map: 2\n",
      "troupe: 1\n\nflow:\n  steps:\n\n    - map: 1\n\n    - map: 2\n",
    ],
    [
      "quotes",
      'flow: { map: ["a", \'b\', "1", \'true\', "x: y", \'say "hi"\'] }\n',
      'flow: { map: [a, b, "1", "true", "x: y", say "hi"] }\n',
    ],
    ["lines", 'flow:\n  map: "one\\ntwo"\n', "flow:\n  map: |-\n    one\n    two\n"],
    ["a folded text", "flow:\n  map: >\n    one\n    two\n", "flow:\n  map: |\n    one two\n"],
    [
      "`${…}` around expressions alone",
      'flow: { guard: "${ value.ok }", map: "${value}" }\n',
      'flow: { map: "${value}", guard: value.ok }\n',
    ],
    [
      "expressions in all their places",
      'flow: { loop: { until: "${a}", do: { divert_to: { when: "${b}", do: { branch: { cases: {}, on: "${c}" } } } } } }\n',
      "flow: { loop: { do: { divert_to: { do: { branch: { on: c, cases: {} } }, when: b } }, until: a } }\n",
    ],
    [
      "durations and numbers as they are written",
      "flow: { sleep: 1500ms, retry: { times: 0x2 }, limit: { usd: 1.50 } }\n",
      "flow: { sleep: 1500ms, retry: { times: 0x2 }, limit: { usd: 1.50 } }\n",
    ],
    [
      "keys that are no texts by their spelling",
      "flow: { branch: { on: x, cases: { true: 1, 1: 2, 1e3: 3, no: 4 } } }\n",
      'flow: { branch: { on: x, cases: { true: 1, 1: 2, "1e3": 3, no: 4 } } }\n',
    ],
    [
      "the order in schemas, templates and params",
      "params: { b: { type: integer, default: 1 }, a: true }\nflow: { map: { z: 1, as: 2, id: 3 } }\n",
      "params: { b: { type: integer, default: 1 }, a: true }\nflow: { map: { z: 1, as: 2, id: 3 } }\n",
    ],
    [
      "anchors and aliases",
      "flows: { a: &a { map: 1 } }\nflow: { steps: [*a, {as: x, map: *a}] }\n",
      "flows: { a: &a { map: 1 } }\nflow: { steps: [*a, { map: *a, as: x }] }\n",
    ],
    [
      "what is long, and what has comments, on lines of its own",
      `flow: { all: [{ map: 1 }, # one\n  { note: "${"x".repeat(120)}" }] }\n`,
      `flow:\n  all:\n    - { map: 1 } # one\n    - note: ${"x".repeat(120)}\n`,
    ],
    [
      "a byte order mark and ends of lines",
      "\uFEFFtroupe: 1\r\n# a\r\nflow: { map: 1 }\r\n",
      "troupe: 1\n# a\nflow: { map: 1 }\n",
    ],
    ["the marks around a document", "%YAML 1.2\n---\ntroupe: 1\n...\n", "troupe: 1\n"],
    [
      "comments on every side",
      "troupe: 1 # a\n# b\nflow: # c\n  # d\n  steps:\n    # e\n    - # f\n      map: 1 # g\n# h\n",
      "troupe: 1 # a\n# b\nflow:\n  # c\n  # d\n  steps:\n    # e\n    # f\n    - map: 1 # g\n\n# h\n",
    ],
  ])("of %s", (_, text, expected) => {
    expect(canonical(text)).toBe(expected)
    expect(canonical(expected)).toBe(expected)
  })

  it("is none where an alias would come before its anchor", () =>
    expect(() => canonical("flow: &f { map: 1 }\nflows: { a: *f }\n")).toThrow("*f would stand before its anchor &f"))

  it("is the canonical form of JSON, but for its layout", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const made = canonicalJson(JSON.stringify({ flow: encode(flow), troupe: 1 }), schema)
        expect(JSON.parse(made)).toEqual({ troupe: 1, flow: encode(flow) })
        expect(canonicalJson(made, schema)).toBe(made)
      }),
    ))
})
