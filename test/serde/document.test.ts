import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import { jsonSchema } from "../../src/data/schema.js"
import { agent, loop, pure } from "../../src/flow/constructors.js"
import { cost } from "../../src/flow/interpret/cost.js"
import type { Continue, Done, Flow } from "../../src/flow/types.js"
import { equals } from "../../src/flow/equals.js"
import type { Document } from "../../src/flow/document.js"
import { document, fromManifest, manifestOf, param, parse, print, registry } from "../../src/serde/index.js"

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")

function parsed(text: string, names = registry({})): Document {
  const result = parse(text, names, { file: "doc.yaml" })
  if (result._tag === "Left") throw new Error(JSON.stringify(result.left, null, 1))
  return result.right
}

const brief = read("flows/research-brief.yaml")

describe("the research brief", () => {
  const doc = parsed(brief)

  it("is read whole", () => {
    expect(doc).toMatchObject({
      name: "research-brief",
      input: { type: "string" },
      params: { tries: { default: 2, minimum: 1, maximum: 5 } },
      agents: {
        researcher: {
          kind: "model",
          model: "claude-sonnet-4-5",
          provider: { name: "anthropic", type: "anthropic" },
          caps: { requests: 1 },
        },
        editor: { provider: { type: "ollama" } },
      },
      warnings: [],
    })
    expect(Object.keys(doc.agents)).toEqual(["researcher", "analyst", "editor", "fact_check"])
  })

  it("knows where each step stands", () => {
    const line = (text: string): number => brief.split("\n").findIndex((one) => one.includes(text)) + 1
    expect(doc.at("0")?.line).toBe(line("- at_least"))
    expect(doc.at("1#1/0")?.line).toBe(line("- agent: editor"))
    expect(doc.at("1#0/1")).toEqual({ line: line("- agent: fact_check"), column: 15 })
    expect(doc.at("2")).toEqual({ line: line('- map: "${value.draft}"'), column: 7 })
    expect(doc.at("nowhere/at/all")?.line).toBe(line("steps:"))
  })

  it("is printed, read back equal, and printed the same again", () => {
    const again = parsed(print(doc))
    expect(equals(again.flow, doc.flow)).toBe(true)
    expect(print(again)).toBe(print(doc))
    expect(again.agents).toMatchObject(JSON.parse(JSON.stringify(doc.agents)))
    expect(parsed(JSON.stringify({ troupe: 1, flow: { map: 1 } })).flow.node).toMatchObject({ _tag: "Pure" })
  })
})

describe("types", () => {
  const answers = jsonSchema({ type: "object", required: ["n"], properties: { n: { type: "integer" } } })
  const counter: AnyAgentRef = { _tag: "AgentRef", name: "counter", output: answers }
  const taker: AnyAgentRef = { _tag: "AgentRef", name: "taker", input: jsonSchema({ type: "string" }) }
  const names = registry({ agents: [counter, taker] })

  it.each([
    ["flow:\n  steps:\n    - agent: counter\n    - agent: taker\n", "type_clash", 5, 7],
    ["flow:\n  steps:\n    - agent: counter\n    - map: { a: 'x ${value.m}' }\n", "unknown_field", 5, 28],
    [
      "flow:\n  steps:\n    - agent: counter\n    - loop:\n        do: { agent: counter }\n        until: ${ value.m }\n",
      "unknown_field",
      7,
      25,
    ],
    [
      "flow:\n  steps:\n    - agent: counter\n    - loop:\n        do: { agent: counter }\n        until: value.n\n",
      "type_clash",
      7,
      16,
    ],
    [
      "flow:\n  steps:\n    - agent: counter\n    - branch:\n        on: value.m\n        cases: { a: { map: 1 } }\n",
      "type_clash",
      6,
      13,
    ],
    [
      "flow:\n  steps:\n    - agent: counter\n    - id: b\n      branch:\n        on: value.n\n        cases:\n          1: { map: 1 }\n          a: { map: 2 }\n        otherwise: { map: 3 }\n",
      "unknown_case",
      10,
      11,
    ],
    ["flow:\n  branch:\n    by: { agent: counter }\n    cases: { a: { map: 1 } }\n  timeout: 1s\n", "type_clash", 4, 5],
    ["output: { type: number }\nflow:\n  steps:\n    - agent: counter\n", "type_clash", 4, 3],
    ["flow:\n  branch:\n    on: input == 1\n    cases:\n      'true': { map: 1 }\n", "missing_case", 5, 5],
  ])("that clash are errors with their place: %s", (text, code, line, column) => {
    const result = parse(`troupe: 1\n${text}`, names, { file: "doc.yaml" })
    expect(result._tag === "Left" && result.left).toMatchObject([{ code, line, column, file: "doc.yaml" }])
  })

  it("are no matter where nothing is known", () => {
    expect(parsed("troupe: 1\nflow: { map: '${value.a.b}' }").warnings).toEqual([])
  })

  it("warn of a forgotten hole", () => {
    const { warnings } = parsed("troupe: 1\nflow: { map: value.draft }")
    expect(warnings).toMatchObject([
      { severity: "warning", line: 2, column: 14, hint: expect.stringContaining("${value.draft}") },
    ])
  })
})

describe("braces of other template languages", () => {
  const warned = (text: string): unknown =>
    parsed(`troupe: 1\nflow: ${text}`).warnings.map(({ code, line, column, hint }) => [code, line, column, hint])

  it("warn where they name what is in scope, in a constant as beside a hole", () => {
    const hint = "did you mean `${value.text}`?"
    expect(warned("{ map: 'a {{value.text}} b' }")).toEqual([["literal_expression", 2, 17, hint]])
    expect(warned("{ map: { a: '${input} {{ value.text }}' } }")).toEqual([["literal_expression", 2, 29, hint]])
    expect(warned("{ map: '{{value.text}}' }")).toEqual([["literal_expression", 2, 15, hint]])
  })

  it("are text where they do not, and no matter inside of a hole", () => {
    expect(warned("{ map: 'the {{name}} of a { set }' }")).toEqual([])
    expect(warned('{ map: \'${ {"a": {"b": value}} } x\' }')).toEqual([])
  })

  it("warn in the prompt of an agent", () => {
    const text = "agents:\n  w: { provider: local, prompt: 'About {{value}}' }\nflow: { agent: w }"
    expect(parsed(`troupe: 1\n${text}`).warnings).toMatchObject([{ line: 3, hint: "did you mean `${value}`?" }])
  })
})

describe("agents and providers", () => {
  const search: AnyAgentRef = { _tag: "AgentRef", name: "search" }
  const names = registry({ agents: [search] })

  it("may be a list", () => {
    const doc = parsed("troupe: 1\nagents:\n  - { id: a, model: qwen3 }\nflow: { agent: a }")
    expect(doc.agents["a"]).toMatchObject({ name: "a", provider: { name: "ollama", type: "ollama" } })
  })

  it("have a default provider", () => {
    const doc = parsed(
      "troupe: 1\ndefault_provider: mine\nproviders: { mine: { type: openai, base_url: 'http://localhost:1/v1', api_key: '${env.KEY}', timeout: 5s } }\nagents: { a: { model: m } }\nflow: { agent: a }",
    )
    expect(doc.agents["a"]).toMatchObject({
      provider: { name: "mine", type: "openai", timeout: 5000, apiKey: { source: "${env.KEY}" } },
    })
    expect(print(parsed(print(doc)))).toBe(print(doc))
  })

  it("may stand for one of the registry", () => {
    const doc = parsed("troupe: 1\nagents: { find: { use: search, timeout: 5s } }\nflow: { agent: find }", names)
    expect(doc.agents["find"]).toMatchObject({ name: "find", use: "search", timeout: 5000 })
    expect(print(doc)).toContain("use: search")
  })

  it.each([
    ["agents: { search: { model: m } }\nflow: { agent: search }", "ambiguous_agent", 3, 16],
    ["agents: { a: { use: serch } }\nflow: { agent: a }", "unknown_agent", 2, 21],
    ["agents: { a: { provider: opnai, model: m } }\nflow: { agent: a }", "unknown_provider", 2, 26],
    ["agents: { a: { provider: openai } }\nflow: { agent: a }", "missing_key", 2, 14],
    ["agents: { a: { model: m, prompt: '${input}' } }\nflow: { agent: a }", "name_free", 2, 34],
    ["agents: { a: { model: m, tools: [] } }\nflow: { agent: a }", "unknown_key", 2, 26],
    ["agents: { a: { model: m, temperature: 9 } }\nflow: { agent: a }", "wrong_type", 2, 39],
    ["agents: [{ model: m }]\nflow: { map: 1 }", "missing_key", 2, 10],
    ["agents: { a: { model: m, input: strng } }\nflow: { agent: a }", "wrong_type", 2, 33],
    ["params: { n: { type: integer, default: 9, maximum: 3 } }\nflow: { map: 1 }", "param_default", 2, 40],
    [
      "params: { n: { type: integer, maximum: 3 } }\nflow: { loop: { do: { map: 1 }, max: '${params.n}' } }",
      "param_bounds",
      3,
      38,
    ],
    [
      "params: { n: { type: integer, minimum: 0, maximum: 3 } }\nflow: { loop: { do: { map: 1 }, max: '${params.n}' } }",
      "param_bounds",
      3,
      38,
    ],
    [
      "params: { n: { type: number, minimum: 1, maximum: 3 } }\nflow: { loop: { do: { map: 1 }, max: '${params.n}' } }",
      "param_bounds",
      3,
      38,
    ],
  ])("that are wrong are refused: %s", (text, code, line, column) => {
    const result = parse(`troupe: 1\n${text}`, names)
    expect(result._tag === "Left" && result.left).toMatchObject([{ code, line, column }])
  })
})

describe("a document of TypeScript", () => {
  const body: Flow<number, Continue<number> | Done<string>> = agent({ _tag: "AgentRef", name: "refine" })
  const doc = document({
    name: "mine",
    description: "one",
    flow: loop(body, { max: param("tries") }),
    params: { tries: { type: "integer", minimum: 1, maximum: 4, default: 2 } },
  })

  it("is printed, and read back with the bounds of its parameters", () => {
    const again = parsed(print(doc), registry({ agents: [{ _tag: "AgentRef", name: "refine" }] }))
    expect(equals(again.flow, doc.flow)).toBe(true)
    expect(cost(again.flow).most.calls.total.value).toBe(4)
    expect(again).toMatchObject({ name: "mine", description: "one", params: doc.params })
  })

  it("has no positions", () => expect(doc.at("")).toBeUndefined())
})

describe("a manifest", () => {
  const schema = jsonSchema({ type: "object", required: ["b"], properties: { b: { type: "string" }, a: true } })
  const agents: AnyAgentRef[] = [
    { _tag: "AgentRef", name: "b", input: schema, caps: { usd: 1, requests: 2 } },
    { _tag: "AgentRef", name: "a" },
  ]
  const manifest = manifestOf(registry({ agents, functions: { z: () => 1, y: () => 2 } }))

  it("has one text for one registry, in whatever order", () => {
    const other = manifestOf(registry({ agents: agents.toReversed(), functions: { y: () => 2, z: () => 1 } }))
    expect(JSON.stringify(other)).toBe(JSON.stringify(manifest))
  })

  it("gives a registry back that says the same, and runs nothing", () => {
    const names = fromManifest(JSON.parse(JSON.stringify(manifest)))
    expect(JSON.stringify(manifestOf(names))).toBe(JSON.stringify(manifest))
    expect(names.agents.get("b")?.caps).toEqual({ requests: 2, usd: 1 })
    expect(() => names.fn("z")?.run(1 as never)).toThrow(/known by name only/)
  })

  it.each([[{}], [{ troupe: 1, agents: 1, functions: [] }], [{ troupe: 1, agents: {}, functions: [1] }], [null]])(
    "that is none is refused: %j",
    (json) => expect(() => fromManifest(json)).toThrow(/expected/),
  )
})

describe("a registry", () => {
  it("refuses a name twice, and none", () => {
    const ref: AnyAgentRef = { _tag: "AgentRef", name: "a" }
    expect(() => registry({ agents: [ref, ref] })).toThrow(/two agents called "a"/)
    expect(() => registry({ functions: [{ _tag: "Fn", name: undefined, run: () => 1 }] })).toThrow(/has no name/)
  })

  it("knows what bind joins with", () => expect(registry({}).fn("bind.x")?.name).toBe("bind.x"))
  it("does not know what every object has", () => expect(registry({}).fn("constructor")).toBeUndefined())
})

it("print gives a flow as a document of its own", () => expect(print(pure("a"))).toBe("troupe: 1\nflow:\n  map: a\n"))

it("the summary of the gallery is read with the host's code beside it", async () => {
  const { default: names } = (await import(new URL("../../flows/troupe.config.js", import.meta.url).href)) as {
    default: ReturnType<typeof registry>
  }
  const doc = parsed(read("flows/summarize.yaml"), names)
  expect(doc.warnings).toEqual([])
  expect(doc.at("panel")?.line).toBeGreaterThan(0)
  expect(equals(parsed(print(doc), names).flow, doc.flow)).toBe(true)
})

it("a prompt that is an object of the one key fn is printed as it was read", () => {
  const read = parse("troupe: 1\nagents: { w: { model: m, prompt: { fn: compose } } }\nflow: { agent: w }")
  expect(read._tag === "Right" && print(read.right)).toContain("prompt: { fn: compose }")
})

it("a misspelt keyword of a schema is a warning where it stands; one of one's own is not", () => {
  const doc = parsed(`troupe: 1
params: { n: { type: integer, minium: 1, x-unit: cm, example: 3, default: 1 } }
flow: { map: 1 }`)
  expect(doc.warnings).toMatchObject([
    { severity: "warning", code: "schema_keyword", line: 2, column: 31, hint: "did you mean `minimum`?" },
  ])
})
