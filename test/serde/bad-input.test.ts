import { describe, expect, it } from "vitest"
import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import type { Diagnostic } from "../../src/data/diagnostic.js"
import { decode, parse, registry } from "../../src/serde/index.js"
import { limits, unreadable } from "../../src/serde/limits.js"

const agents: AnyAgentRef[] = ["editor", "researcher"].map((name) => ({ _tag: "AgentRef", name }))
const names = registry({ agents, functions: { merge: () => 1 } })

/** What is wrong with a document, all of it. */
function faults(text: string): readonly Diagnostic[] {
  const parsed = parse(text, names, { file: "bad.yaml" })
  return parsed._tag === "Left" ? parsed.left : []
}

const flow = (...lines: string[]): string => ["troupe: 1", "flow:", ...lines.map((line) => `  ${line}`)].join("\n")
const deep = (open: string): string => open.repeat(20_000)
const bomb = "bcdefgh"
  .split("")
  .reduce(
    (text, name, i) => `${text}${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")}]\n`,
    "a: &a [x, x, x, x, x, x, x, x, x]\n",
  )

type Row = readonly [what: string, text: string, code: string, line: number, column: number, hint?: RegExp]

const rows: readonly Row[] = [
  ["a colon in a value", "troupe: 1\nname: a: b\nflow: { map: 1 }", "syntax", 2, 7, /`name: "a: b"`/],
  ["a colon in a template", flow("map: Summary: of"), "syntax", 3, 8, /^quote .*`map: "Summary: of"`/],
  ["a colon at the end", flow("steps:", "  - note: see this:", "    map: 1"), "syntax", 4, 13, /`note: "see this:"`/],
  ["a list item too deep", flow("steps:", "  - map: 1", "    - map: 2"), "indentation", 5, 7, /4 spaces/],
  ["a list item one off", flow("steps:", "  - map: 1", "   - map: 2"), "indentation", 5, 6, /4 spaces/],
  ["a list item too shallow", flow("steps:", "  - map: 1", " - map: 2"), "indentation", 5, 4, /4 spaces/],
  ["a key one off", flow("steps:", "  - map: 1", "   timeout: 3s"), "indentation", 5, 6, /like the keys/],
  ["a key too deep", flow("steps:", "  - agent: editor", "      timeout: 3s"), "indentation", 5, 9, /deeper/],
  ["a key too deep after CRLF", "troupe: 1\r\nname: a\r\n  flow: 1\r\n", "indentation", 3, 3, /deeper/],
  ["a dash without a space", flow("steps:", "  -agent: editor"), "wrong_type", 4, 5, /space after the `-`/],
  ["a colon without a space", flow("agent:editor"), "wrong_type", 3, 3, /`agent: editor`/],
  ["a text to recover with", flow("map: 1", "recover: sorry"), "wrong_type", 4, 12, /`recover: \{ value: "sorry" \}`/],
  ["the word of another language", flow("throw: { code: a, message: b }"), "unknown_key", 3, 3, /did you mean `fail`/],
  ["a word near to a wrong key", flow("call: editor"), "unknown_key", 3, 3, /did you mean `agent`/],
  ["a decorator of another language", flow("map: 1", "on_error: { value: 1 }"), "unknown_key", 4, 3, /`recover`/],
  ["an unknown agent", flow("agent: editr"), "unknown_agent", 3, 10, /did you mean `editor`/],
  ["an unknown function", flow("fn: merg"), "unknown_function", 3, 7, /did you mean `merge`/],
  ["a misspelt key", flow("agnet: editor"), "unknown_key", 3, 3, /did you mean `agent`/],
  [
    "a misplaced key",
    flow("at_least: { n: 1, of: [{ agent: editor }], timeout: 3s }"),
    "unknown_key",
    3,
    46,
    /belongs in a step/,
  ],
  ["a key of a later version", flow("preset: moa-lite"), "unknown_key", 3, 3, /not supported by this version yet/],
  ["a wrong type", flow("at_least: { n: two, of: [{ agent: editor }] }"), "wrong_type", 3, 18],
  ["a bare number for a duration", flow("agent: editor", "timeout: 30"), "wrong_type", 4, 12, /write 30s/],
  ["a number that may be milliseconds", flow("agent: editor", "timeout: 5000"), "wrong_type", 4, 12, /5000ms/],
  [
    "an expression without quotes in braces",
    flow("agent: editor", "with: { a: ${input}, b: 1 }"),
    "syntax",
    4,
    15,
    /^quote this expression: `"\$\{input\}"`$/,
  ],
  [
    "a step where a tag's expression is due",
    flow("branch: { on: { agent: editor }, cases: {} }"),
    "wrong_type",
    3,
    17,
    /by/,
  ],
  ["a type of another language", "troupe: 1\ninput: { type: int }\nflow: { map: 1 }", "wrong_type", 2, 16, /`integer`/],
  ["a list for a step", flow("- agent: editor"), "wrong_type", 3, 3, /under `steps:`/],
  ["a name for a step", flow("all: [editor]"), "wrong_type", 3, 9, /`agent: editor`/],
  ["two node keys", flow("agent: editor", "map: 1"), "two_nodes", 4, 3, /one after the other/],
  ["an empty step", flow("steps: [{}]"), "wrong_type", 3, 11],
  ["tabs", "troupe: 1\nflow:\n\tmap: 1\n", "tab", 3, 1, /spaces/],
  ["tabs after spaces", "troupe: 1\nflow:\n  steps:\n  \t- map: 1\n", "tab", 4, 3, /spaces/],
  ["an empty file", "", "empty", 1, 1, /begin with/],
  ["comments alone", "# nothing\n", "empty", 1, 1],
  ["a binary file", "a\0b", "binary", 1, 2],
  ["a file of 9 MB", "x".repeat(9_000_000), "too_large", 1, 1],
  ["20,000 brackets", deep("["), "too_deep", 1, 257, /flatten/],
  ["20,000 braces of JSON", deep('{"a":'), "too_deep", 1, 1281],
  ["20,000 dashes", `${deep("- ")}a`, "too_deep", 1, 513],
  ["an alias bomb", bomb, "too_many_nodes", 5, 8],
  ["a cyclic anchor", "troupe: 1\nflow: &a { steps: [*a] }\n", "cyclic", 2, 20],
  ["an alias of nothing", "troupe: 1\nflow: { agent: *editor }\n", "alias", 2, 16],
  ["__proto__", flow("__proto__: 1"), "forbidden_key", 3, 3],
  ["__proto__ in JSON", '{ "troupe": 1,\n  "__proto__": 1 }', "forbidden_key", 2, 3],
  ["a duplicate key", flow("map: 1", "map: 2"), "duplicate_key", 4, 3],
  ["a duplicate key in JSON", '{ "troupe": 1,\n  "troupe": 1 }', "duplicate_key", 2, 3],
  ["two documents", "troupe: 1\nflow: { map: 1 }\n---\na: 1\n", "several_documents", 3, 1],
  [
    "too many nodes in YAML",
    `troupe: 1\nflow: { map: [${"1,".repeat(limits.yamlNodes)}] }`,
    "too_many_nodes",
    2,
    20_007,
  ],
  ["a number beyond JSON", flow("map: 1e999"), "number", 3, 8],
  ["the same in JSON", '{ "troupe": 1, "flow": { "map": 1e999 } }', "number", 1, 33],
  ["no version", "name: a\nflow: { map: 1 }", "version", 1, 1, /begin with `troupe: 1`/],
  ["another version", "troupe: 2\nflow: { map: 1 }", "version", 1, 9],
  ["no flow", "troupe: 1\n", "missing_key", 1, 1],
  [
    "a tag for an expression",
    flow("loop:", "  do: { map: 1 }", "  until: !value.ok"),
    "tag",
    5,
    12,
    /`until: "!value.ok"`/,
  ],
  [
    "a tag for an expression in braces",
    flow("agent: editor", "recover: { do: { agent: editor, guard: !has(value.a, 1), id: x } }"),
    "tag",
    4,
    42,
    /^quote this expression: `guard: "!has\(value.a, 1\)"`$/,
  ],
  [
    "a list for an expression",
    flow("loop:", "  do: { map: 1 }", "  until: [1, 2]"),
    "wrong_type",
    5,
    12,
    /`until: "\[1, 2\]"`/,
  ],
  [
    "text after a quote",
    flow("loop:", "  do: { map: 1 }", '  until: "a" == value'),
    "syntax",
    5,
    16,
    /`until: '"a" == value'`/,
  ],
  [
    "text after a list",
    flow("loop:", "  do: { map: 1 }", "  until: [1].size() > value"),
    "syntax",
    5,
    15,
    /`until: "\[1\]/,
  ],
  ["a quote that is not closed", flow("steps:", '  - map: "a', "  - map: 1"), "syntax", 4, 12, /close it with "/],
  ["steps without a flow", "troupe: 1\nflow: { map: 1 }\nsteps: []", "unknown_key", 3, 1, /belongs in `flow`/],
  ["wrong CEL", flow("loop:", "  do: { map: 1 }", "  until: value.ok &&"), "syntax", 5, 23],
  ["wrong CEL in a template", flow("map: { a: 'it is ${1 +}' }"), "syntax", 3, 25],
  ["wrong CEL after escapes", flow('map: "\\u00e9\\n\\"${1 +}"'), "syntax", 3, 24],
  ["wrong CEL in a block", flow("map: |", "  first", "  then ${1 +}"), "syntax", 5, 15],
  ["a hole that is not closed", flow("map: ${value"), "template", 3, 8],
  ["a free name", flow("map: { a: 'x ${nobody.b}' }"), "name_free", 3, 18],
  ["a rebound name", flow("steps:", "  - { map: 1, as: x }", "  - { map: 2, as: x }"), "name_rebound", 5, 21],
  ["a reserved name", flow("steps:", "  - { map: 1, as: value }"), "name", 4, 21],
  ["a reserved name of a lone step", flow("map: 1", "as: input"), "name", 4, 7],
  ["no name", flow("steps:", "  - { map: 1, as: a-b }"), "wrong_type", 4, 21],
  ["a quorum of none", flow("at_least: { n: 1, of: [] }"), "quorum_empty", 3, 25],
  ["a quorum beyond its members", flow("at_least: { n: 2, of: [{ map: 1 }] }"), "quorum_range", 3, 18],
  ["a misplaced grace", flow("at_least:", "  n: 1", "  of: [{ map: 1 }]", "  grace: 2s"), "quorum_grace", 6, 12],
  ["an unknown member", flow("at_least: { n: 1, of: [{ map: 1 }], required: [b] }"), "quorum_required", 3, 49],
  [
    "more members than n",
    flow("at_least:", "  n: 1", "  of: [{ map: 1 }, { map: 2 }]", "  required: [0, 1]"),
    "quorum_required",
    6,
    15,
  ],
  ["an unknown word", flow("race: { of: [{ map: 1 }], wins: setled }"), "wrong_type", 3, 35, /`settled`/],
  [
    "an unknown fault",
    flow("agent: editor", "recover: { on: [TimeOut], value: 1 }"),
    "wrong_type",
    4,
    19,
    /`TimedOut`/,
  ],
  ["a schema of nothing", "troupe: 1\ninput: false\nflow: { map: 1 }\n", "wrong_type", 2, 8, /leave it out/],
  ["two handlers", flow("agent: editor", "recover: { value: 1, with_fault: { map: 2 } }"), "recover_handler", 4, 12],
  ["neither on nor by", flow("branch: { cases: { a: { map: 1 } } }"), "branch_on", 3, 11],
  ["an id twice", flow("steps:", "  - { id: a, map: 1 }", "  - { id: a, map: 2 }"), "id_twice", 5, 13],
  [
    "an unknown default provider",
    "troupe: 1\ndefault_provider: opnai\nagents: { w: { model: m } }\nflow: { agent: w }",
    "unknown_provider",
    2,
    19,
    /`openai`/,
  ],
  ["an override of no model", flow("agent: editor", "model: gpt-5"), "not_a_model", 4, 3],
  ["an unknown param", flow("loop: { do: { map: 1 }, max: '${params.n}' }"), "unknown_param", 3, 32],
  [
    "a key in the document",
    "troupe: 1\nproviders:\n  p: { type: openai, api_key: sk-1 }\nflow: { map: 1 }",
    "secret",
    3,
    31,
    /env\.NAME/,
  ],
]

describe("bad input", () => {
  const cases = rows.map(([what, text, code, line, column, hint]) => ({ what, text, code, line, column, hint }))

  it.each(cases)(
    "$what gets one message with a place, a frame and what to do",
    ({ text, code, line, column, hint }) => {
      const [first, ...others] = faults(text)
      expect(others).toEqual([])
      expect(first).toMatchObject({ severity: "error", code, line, column, file: "bad.yaml" })
      if (text !== "") expect(first?.frame).toMatch(/\^/)
      if (hint !== undefined) expect(first?.hint).toMatch(hint)
    },
  )

  it("is reported all at once, in the order of the text", () => {
    const text = flow(
      "steps:",
      "  - { agent: editr, timeout: 30 }",
      "  - { map: '${1 +}', as: x }",
      "  - { map: '${x}', retry: 1 }",
      "  - { fn: no }",
      "  - { map: '${nobody}', as: x }",
    )
    expect(faults(text).map(({ code, line }) => [code, line])).toEqual([
      ["unknown_agent", 4],
      ["wrong_type", 4],
      ["syntax", 5],
      ["wrong_type", 6],
      ["unknown_function", 7],
      ["name_free", 8],
      ["name_rebound", 8],
    ])
  })

  it("is told once where it stands once, however often it is used", () => {
    const text = `troupe: 1
agents: { w: { model: m, prompt: "\${params.tone}" } }
flow: { all: [{ agent: w }, { agent: w }, &a { map: "\${nobody}" }, *a] }`
    expect(faults(text).map(({ code, line }) => [code, line])).toEqual([
      ["unknown_field", 2],
      ["name_free", 3],
    ])
    expect(faults(text.replace("nobody", "value")).map(({ code, line }) => [code, line])).toEqual([
      ["unknown_field", 2],
    ])
  })

  it("is told in one line, however long and wherever broken what it quotes is", () => {
    const [long] = faults(flow(`? "${"very ".repeat(1000)}"\n  : 1`, "map: 1"))
    expect(long?.message).toMatch(/^a step has no key `very .{300,480}$/)
    const [broken] = faults(flow('"a\\n\\nb": 1', "map: 1"))
    expect(broken?.message).toBe("a step has no key `a b`")
  })

  it("of a value has the way to it in place of a position", () => {
    const bad = decode({ steps: [{ map: 1 }, { loop: { do: { agent: "editr" }, max: 0 } }] }, names)
    expect(bad._tag === "Left" && bad.left.map(({ code, path, line }) => [code, path, line])).toEqual([
      ["unknown_agent", "steps[1].loop.do.agent", undefined],
      ["wrong_type", "steps[1].loop.max", undefined],
    ])
  })

  it("that is no JSON value is refused", () => {
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    for (const [value, code] of [
      [cyclic, "cyclic"],
      [{ map: () => 1 }, "not_json"],
      [JSON.parse('{"__proto__":1}'), "forbidden_key"],
    ]) {
      expect(decode(value, names)).toMatchObject({ left: [{ code }] })
    }
  })

  it("never shows a key", () => {
    const text =
      "troupe: 1\nproviders:\n  p: { type: openai, api_key: sk-verysecret, tmeout: 3 }\n  q: 1\nflow: { map: 1 }"
    const all = JSON.stringify(faults(text))
    expect(all).toContain("secret")
    expect(all).not.toContain("sk-verysecret")
  })
})

describe("bytes", () => {
  it.each([
    [new Uint8Array([65, 0, 66]), /binary/],
    [new Uint8Array([0xc3, 0x28]), /UTF-8/],
    [new Uint8Array(limits.text + 1), /8\.0 MiB/],
  ])("that are no text are refused", (bytes, why) => expect(unreadable(bytes)).toMatch(why))

  it("that are text are let through", () => expect(unreadable(new TextEncoder().encode("é: ☃"))).toBeUndefined())
})

it("a key of the document that is near a missing one is taken for a slip", () => {
  const hints = faults("troupe: 1\nflwo:\n  agent: editor").map(({ hint }) => hint)
  expect(hints).toContain("did you mean `flow`?")
})
