import { describe, expect, it } from "vitest"
import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import type { Diagnostic } from "../../src/data/diagnostic.js"
import { decode, parse, registry } from "../../src/serde/index.js"

const agents: AnyAgentRef[] = ["editor", "researcher"].map((name) => ({ _tag: "AgentRef", name }))
const names = registry({ agents, functions: { merge: () => 1 } })

/** What is wrong with a document, all of it. */
function faults(text: string): readonly Diagnostic[] {
  const parsed = parse(text, names, { file: "bad.yaml" })
  return parsed._tag === "Left" ? parsed.left : []
}

const flow = (...lines: string[]): string => ["troupe: 1", "flow:", ...lines.map((line) => `  ${line}`)].join("\n")
type Row = readonly [what: string, text: string, code: string, line: number, column: number, hint?: RegExp]

const rows: readonly Row[] = [
  ["a count of tries alone", flow("agent: editor", "retry: 3"), "wrong_type", 4, 10, /`retry: \{ times: 3 \}`/],
  ["tries below none", flow("agent: editor", "retry: { times: -1 }"), "wrong_type", 4, 19],
  ["a fault to retry that is none", flow("map: 1", "retry: { on: [Timout] }"), "wrong_type", 4, 17, /`TimedOut`/],
  ["a fault that is no list", flow("map: 1", "retry: { on: TimedOut }"), "wrong_type", 4, 16, /`on: \[TimedOut\]`/],
  ["an unknown backoff", flow("map: 1", "retry: { backoff: linear }"), "wrong_type", 4, 21],
  ["a limit of nothing", flow("map: 1", "limit: {}"), "limit_empty", 4, 10],
  ["a limit below one", flow("map: 1", "limit: { concurrency: 0 }"), "wrong_type", 4, 25],
  ["money below none", flow("map: 1", "limit: { usd: -1 }"), "wrong_type", 4, 17],
  ["a guard that YAML takes for a tag", flow("guard: !value.ok"), "tag", 3, 10, /`guard: "!value.ok"`/],
  ["a guard of another key", flow("guard: { chek: { map: true } }"), "unknown_key", 3, 12, /`check`/],
  ["a side without a flow", flow("divert_to: { when: value.ok }"), "missing_key", 3, 14],
  ["a side that is a step", flow("divert_to: { agent: editor }"), "unknown_key", 3, 16, /under `do`/],
  ["a guard of two kinds", flow("guard: { fn: merge, check: { map: true } }"), "unknown_key", 3, 12],
  ["money that is a text", flow("map: 1", "limit: { usd: $5 }"), "wrong_type", 4, 17, /`usd: 5`/],
  ["a name in the place of a side", flow("tap: editor"), "wrong_type", 3, 8, /`agent: editor`/],
  ["a negative duration", flow("sleep: -5s"), "wrong_type", 3, 10],
  ["a negative deadline", flow("map: 1", "timeout: -1s"), "wrong_type", 4, 12],
  ["a duration that overflows", flow("sleep: 30d"), "wrong_type", 3, 10],
  ["a loop of no turns", flow("loop: { do: { map: 1 }, max: 0 }"), "wrong_type", 3, 32],
  ["a race of none", flow("race: []"), "race_empty", 3, 9],
  ["a quorum of nought", flow("at_least: { n: 0, of: [{ map: 1 }] }"), "wrong_type", 3, 18],
  ["a branch without cases", flow("branch: { on: value.a, cases: {} }"), "branch_empty", 3, 11],
  ["a list gone through by none", flow("for_each: { do: { map: 1 }, concurrency: 0 }"), "wrong_type", 3, 44],
  ["no body for the elements", flow("for_each: { concurrency: 2 }"), "missing_key", 3, 13],
  [
    "a body that is a step with a deadline",
    flow("for_each: { agent: editor, timeout: 1s, concurrency: 2 }"),
    "unknown_key",
    3,
    15,
    /under `do`/,
  ],
  ["a loop that is a step", flow("loop: { agent: editor, until: value == 1 }"), "unknown_key", 3, 11, /under `do`/],
  ["a step for a list of branches", flow("split: { agent: editor }"), "wrong_type", 3, 10],
  ["a choice by no function", flow("flat_map: { of: { map: 1 }, using: chose }"), "unknown_function", 3, 38],
  ["a choice among none", flow("flat_map: { of: { map: 1 }, using: merge, among: [] }"), "among_empty", 3, 52],
  [
    "a choice twice",
    flow("flat_map: { of: { map: 1 }, using: merge, among: [{ map: 1 }, { map: 1 }] }"),
    "duplicate",
    3,
    13,
  ],
  ["a graph of none", flow("graph: {}"), "graph_empty", 3, 10],
  ["a member that is a step", flow("graph: { a: { agent: editor } }"), "unknown_key", 3, 17, /under `do`/],
  [
    "an unknown dependency",
    flow("graph:", "  draft: { do: { map: 1 } }", "  check: { depends_on: [darft], do: { map: 2 } }"),
    "graph_unknown",
    5,
    27,
    /did you mean `draft`/,
  ],
  [
    "a dependency twice",
    flow("graph:", "  a: { do: { map: 1 } }", "  b: { depends_on: [a, a], do: { map: 2 } }"),
    "duplicate",
    5,
    26,
  ],
  ["a member that depends on itself", flow("graph:", "  a: { depends_on: [a], do: { map: 1 } }"), "graph_cycle", 4, 23],
  [
    "a ring of members",
    flow(
      "graph:",
      "  a: { depends_on: [d, c], do: { map: 1 } }",
      "  b: { depends_on: [a], do: { map: 1 } }",
      "  c: { depends_on: [d, b], do: { map: 1 } }",
      "  d: { do: { map: 1 } }",
    ),
    "graph_cycle",
    5,
    23,
  ],
  ["a suspend without a schema", flow("suspend: { name: ask }"), "missing_key", 3, 12],
  ["a suspend without a name", flow('suspend: { name: "", schema: true }'), "name", 3, 20],
  ["a free name in the name of a suspend", flow("suspend: { name: 'a ${nobody}', schema: true }"), "name_free", 3, 25],
  [
    "an unknown flow",
    `${flow("flow: coutn")}\nflows: { count: { map: 1 } }`,
    "call_unknown",
    3,
    9,
    /did you mean `count`/,
  ],
  ["a flow where there is none", flow("flow: count"), "call_unknown", 3, 9, /no named flows/],
  ["a flow that calls itself", `${flow("flow: a")}\nflows:\n  a: { steps: [{ flow: a }] }`, "call_recursion", 5, 24],
  [
    "a ring of flows",
    `${flow("flow: a")}\nflows:\n  a: { flow: b }\n  b: { id: x, flow: c, timeout: 1s }\n  c: { flow: a }`,
    "call_recursion",
    7,
    14,
    /loop/,
  ],
  [
    "a ring that nobody calls",
    `${flow("map: 1")}\nflows:\n  a: { flow: b }\n  b: { flow: a }`,
    "call_recursion",
    6,
    14,
  ],
  [
    "an outer name in a named flow",
    `${flow("steps:", "  - { map: 1, as: x }", "  - { flow: a }")}\nflows: { a: { map: "\${x}" } }`,
    "name_free",
    6,
    23,
  ],
  [
    "agents in a ring",
    "troupe: 1\nagents:\n  a: { provider: local, depends_on: [b] }\n  b: { provider: local, depends_on: [a] }",
    "graph_cycle",
    4,
    38,
  ],
  [
    "an agent that depends on none",
    "troupe: 1\nagents:\n  - { id: draft, provider: local }\n  - { id: b, provider: local, depends_on: [drfat] }",
    "graph_unknown",
    4,
    44,
    /`draft`/,
  ],
  [
    "dependencies beside a flow",
    "troupe: 1\nagents: { a: { provider: local }, b: { provider: local, depends_on: [a] } }\nflow: { agent: b }",
    "depends_on",
    2,
    57,
    /one of the two/,
  ],
  ["a list of flows", `${flow("map: 1")}\nflows: [{ map: 1 }]`, "wrong_type", 4, 8],
  ["a limit of a document", `${flow("map: 1")}\nlimit: { call: 1 }`, "unknown_key", 4, 10, /`calls`/],
]

describe("an ill-formed step", () => {
  const cases = rows.map(([what, text, code, line, column, hint]) => ({ what, text, code, line, column, hint }))

  it.each(cases)("$what gets one message with a place and a frame", ({ text, code, line, column, hint }) => {
    const [first, ...others] = faults(text)
    expect(others).toEqual([])
    expect(first).toMatchObject({ severity: "error", code, line, column, file: "bad.yaml" })
    expect(first?.frame).toMatch(/\^/)
    if (hint !== undefined) expect(first?.hint).toMatch(hint)
  })
})

describe("flows that call flows", () => {
  /** Each calls the next one so many times. */
  const laughs = (depth: number, times: number): string => {
    const row = (i: number): string =>
      `  f${i}: { all: [${Array(times)
        .fill(`{ flow: f${i + 1} }`)
        .join(", ")}] }`
    return `troupe: 1\nflow: { flow: f0 }\nflows:\n${Array.from({ length: depth }, (_, i) => row(i)).join("\n")}\n  f${depth}: { map: 1 }`
  }

  it("are refused quickly where they come to too much", () => {
    const found = faults(laughs(30, 10))
    expect(found).toMatchObject([{ code: "call_size", message: expect.stringMatching(/more than 200,000 nodes/) }])
    expect(found[0]?.line).toBeGreaterThan(3)
  })

  it("are refused where they are too deep", () =>
    expect(faults(laughs(1000, 1))).toMatchObject([{ code: "call_size", message: expect.stringMatching(/256 deep/) }]))

  it("are told of with the ring", () => {
    const [ring] = faults("troupe: 1\nflow: { flow: a }\nflows: { a: { flow: b }, b: { flow: c }, c: { flow: b } }")
    expect(ring?.message).toBe("the flow `b` calls itself: b -> c -> b")
  })

  it("are told of without a position where there is no text", () =>
    expect(decode({ steps: [{ flow: "a" }] }, names)).toMatchObject({
      left: [{ code: "call_unknown", path: "steps[0].flow" }],
    }))

  it("may be wrong and be called: the mistake is told once", () => {
    const found = faults("troupe: 1\nflow: { all: [{ flow: a }, { flow: a }] }\nflows: { a: { agnet: editor } }")
    expect(found.map(({ code, line }) => [code, line])).toEqual([["unknown_key", 3]])
  })

  it("are told of in time, however long the rings are", () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => [`f${i}`, { all: [{ flow: `f${i + 1}` }, { flow: "f0" }] }])
    const json = { troupe: 1, flows: { ...Object.fromEntries(rows), f5000: { map: 1 } }, flow: { map: 1 } }
    const found = decode(json, names)
    expect(found._tag === "Left" && found.left[15]?.message).toMatch(
      /^the flow `f0` calls itself: f0 -> f1 .* … .* -> f0$/,
    )
  }, 20_000)
})
