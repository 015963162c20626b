import { describe, expect, it } from "vitest"
import { type Diff, diff, diffMarkdown, formatDiff, identity, lift, pure } from "../../../src/flow/index.js"
import type { Document } from "../../../src/flow/document.js"
import { movedWords } from "../../../src/flow/interpret/diff/figures.js"
import { parse, registry } from "../../../src/serde/index.js"

const read = (text: string): Document => {
  const parsed = parse(text, registry({}))
  if (parsed._tag === "Left") throw new Error(JSON.stringify(parsed.left))
  return parsed.right
}
const document = (model: string, prompt: string, max: number, key: string, extra = ""): Document =>
  read(`troupe: 1
input: { type: string }
params: { tries: { type: integer, default: 2, minimum: 1, maximum: ${max} } }
providers: { house: { type: openai, base_url: "http://127.0.0.1/v1", api_key: "\${env.${key}}" } }
agents: { writer: { provider: house, model: ${model}, system_prompt: ${prompt} }${extra} }
flow: { agent: writer }
`)
const messages = (before: Document, after: Document): string[] =>
  diff(before, after).changes.map(({ message }) => message)
const around = (rest: string): Document => read(`troupe: 1\n${rest}\nflow: { map: "\${input}" }\n`)

describe("two documents", () => {
  it("are compared in parameters, agents and providers too, and no key is told", () => {
    const before = document("small", "Write.", 5, "ONE")
    const after = document("large", "Write well.", 4, "TWO", ", critic: { provider: house, model: small }")
    const { same, changes } = diff(before, after)
    expect(same).toBe(false)
    const changed = (path: string, what: string, was: string, is: string, message: string): object => {
      return { kind: "changed", path, what, before: was, after: is, message }
    }
    expect(changes).toEqual([
      changed("params/tries", "maximum", "5", "4", "the maximum of parameter tries went from 5 to 4"),
      changed("agents/writer", "model", "small", "large", "the model of agent writer went from small to large"),
      changed(
        "agents/writer",
        "system prompt",
        "Write.",
        "Write well.",
        "the system prompt of agent writer went from Write. to Write well.",
      ),
      { kind: "added", path: "agents/critic", message: "added: agent critic" },
      {
        kind: "changed",
        path: "providers/house",
        what: "key",
        message: "the key of provider house is taken from elsewhere",
      },
    ])
    expect(JSON.stringify(changes)).not.toMatch(/ONE|TWO/)
    expect(diff(before, before).same).toBe(true)
    expect(diff(after, before).changes).toContainEqual({
      kind: "removed",
      path: "agents/critic",
      message: "removed: agent critic",
    })
  })

  it("are compared in the schemas of what goes in and comes out", () => {
    expect(messages(around(""), around("input: { type: string }"))).toEqual([
      'the document now has a input schema: {"type":"string"}',
    ])
    expect(messages(around("input: { type: string }"), around(""))).toEqual([
      'the document no longer has the input schema {"type":"string"}',
    ])
    const [text, number] = [
      around("input: true\noutput: { type: string }"),
      around("input: true\noutput: { type: number }"),
    ]
    expect(diff(text, number).changes).toEqual([
      {
        kind: "changed",
        path: "",
        what: "output schema",
        before: '{"type":"string"}',
        after: '{"type":"number"}',
        message: 'the output schema of the document went from {"type":"string"} to {"type":"number"}',
      },
    ])
  })

  it("are compared in what agents declare, at length cut", () => {
    const agent = (settings: string): Document => around(`input: { type: string }\nagents: { a: { ${settings} } }`)
    const prompt = `Take   it\\n easy ${"x".repeat(90)}`
    expect(messages(agent("provider: local"), agent(`provider: local, system_prompt: "${prompt}"`))).toEqual([
      `the agent a now has a system prompt: Take it easy ${"x".repeat(66)}…`.replace("the agent", "agent"),
    ])
    expect(messages(agent("provider: local, timeout: 5s"), agent("provider: local"))).toEqual([
      "agent a no longer has the timeout 5s",
    ])
    expect(
      messages(agent("provider: local, output: { type: string }"), agent("provider: local, output: true")),
    ).toEqual(['the output schema of agent a went from {"type":"string"} to true'])
  })

  it("say nothing of what is around the flow where one of them is a flow alone", () => {
    const one = document("small", "Write.", 5, "ONE")
    expect(diff(one.flow, one)).toMatchObject({ same: true, changes: [] })
  })
})

describe("a difference as text", () => {
  const size = (text: unknown): number => String(text).length

  it("says so where there is none", () => {
    const same = diff(pure(1), identity<never>().andThen(pure(1)))
    expect([formatDiff(same), diffMarkdown(same)]).toEqual(["nothing but layout", "Nothing but layout."])
  })

  it("names where a function without a name stands, on both sides", () => {
    const [one, two] = [lift(size), lift((text: unknown) => String(text).length)]
    expect(formatDiff(diff(one, two))).toBe(
      "cannot compare: a function without a name at the root, as it was\ncannot compare: a function without a name at the root, as it is now",
    )
    expect(
      diffMarkdown(diff(one, two))
        .split("\n")
        .every((line) => line.startsWith("- cannot")),
    ).toBe(true)
    expect(diff(one.andThen(lift(String)), one.andThen(lift(String))).uncomparable).toEqual([])
    expect(diff(one.andThen(two), one).uncomparable).toEqual([{ path: "1", side: "before" }])
  })

  it.each<[Diff["cost"][number], string]>([
    [{ bound: "most", figure: "latency", before: null, after: 1_000 }, "latency, at most: 1s instead of unbounded"],
    [{ bound: "least", figure: "usd", before: 1, after: 2.5 }, "money, at least: $2.5 instead of $1"],
    [{ bound: "most", figure: "tokens", before: 10_000, after: 5 }, "tokens, at most: 5 instead of 10,000"],
    [{ bound: "most", figure: "requests", before: 1, after: 2 }, "model calls, at most: 2 instead of 1"],
    [{ bound: "most", figure: "concurrency", before: 1, after: 2 }, "at one time, at most: 2 instead of 1"],
    [{ bound: "least", figure: "calls", before: 1, after: 2 }, "calls, at least: 2 instead of 1"],
  ])("says of a figure that moved: %j", (moved, words) => {
    expect(movedWords(moved)).toBe(words)
  })
})
