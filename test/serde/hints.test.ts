import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { Diagnostic } from "../../src/data/diagnostic.js"
import { call, pure } from "../../src/flow/index.js"
import { functions, sugar } from "../../src/moa/index.js"
import { decode, parse, registry } from "../../src/serde/index.js"
import { remedy } from "../../src/serde/grammar/remedies.js"

// Every diagnostic says what to do.

const names = registry({
  agents: [{ _tag: "AgentRef", name: "editor" }],
  functions: [...functions, { _tag: "Fn", name: "merge", run: () => 1 }],
  flows: { review: pure(1) },
  sugar,
})

const told = (text: string): ReadonlyArray<Diagnostic> => {
  const read = parse(`troupe: 1\n${text}\n`, names)
  return read._tag === "Left" ? read.left : []
}
const hints = (text: string): ReadonlyArray<readonly [string, string | undefined]> =>
  told(text).map(({ code, hint }) => [code, hint])

it("names for the branches of a race: one mistake, and how to write it", () => {
  const found = told("flow: { race: { x: { map: 1 }, y: { map: 2 } } }")
  expect(found).toMatchObject([
    {
      message: "race is a mapping of other keys: expected a list, or the keys of, wins",
      expected: "a list, or the keys of, wins",
      hint: "leave the names out: `race: [ … ]`",
    },
  ])
  expect(told("flow: { race: { off: [{ map: 1 }], wins: settled } }").length).toBeGreaterThan(0)
})

describe("a text in the place of a step", () => {
  const flows = "flows: { polish: { map: 1 } }\nagents: { critic: { provider: openai, model: m } }\n"
  it.each([
    ["polish", "did you mean `flow: polish`?"],
    ["review", "did you mean `flow: review`?"],
    ["polsh", "did you mean `flow: polish`?"],
    ["critic", "did you mean `agent: critic`?"],
    ["editr", "did you mean `agent: editor`?"],
    ["merge", "did you mean `fn: merge`?"],
    ["somebody", "write `agent: somebody` for an agent"],
  ])("%s: %s", (text, hint) => {
    expect(hints(`${flows}flow: { race: [${text}] }`)).toEqual([["wrong_type", hint]])
    expect(hints(`${flows}flow: { flat_map: { of: { map: 1 }, using: merge, among: [${text}] } }`)).toEqual([
      ["wrong_type", hint],
    ])
  })

  it("may be a flow of the registry where there is no document", () =>
    expect(decode({ race: ["review"] }, names)).toMatchObject({ left: [{ hint: "did you mean `flow: review`?" }] }))
})

describe("a named flow that is written like a document", () => {
  it.each([
    ["{ input: { type: string }, flow: { map: 1 } }", "input"],
    ["{ flow: { map: 1 } }", "flow"],
    ["{ troupe: 1, flow: { map: 1 }, name: x }", "troupe"],
  ])("%s has one mistake", (one, key) => {
    const found = told(`flow: { flow: one }\nflows: { one: ${one} }`)
    expect(found).toMatchObject([
      {
        code: "unknown_key",
        message: `a flow of \`flows\` has no key \`${key}\`: it is a step, not a document`,
        hint: "write the step itself: `one: { agent: name }`; its `input` is what its caller gives it",
      },
    ])
  })

  it("is read on, for what else is wrong in it", () =>
    expect(hints("flow: { map: 1 }\nflows: { one: { flow: { mpa: 1 } } }").map(([code]) => code)).toEqual([
      "unknown_key",
      "unknown_key",
    ]))

  it("and one that calls another is none", () =>
    expect(told("flow: { flow: one }\nflows: { one: { flow: two, timeout: 1s }, two: { map: 1 } }")).toEqual([]))
})

describe("what is missing, or refused, comes with what to do", () => {
  it.each<[string, string, string]>([
    ["{ at_least: { of: [{ map: 1 }] } }", "missing_key", "add `n:`, how many must succeed"],
    ["{ loop: { max: 3 } }", "missing_key", "add `do:`, "],
    ["{ suspend: { name: x } }", "missing_key", "add `schema:`, "],
    ["{ at_least: { n: 3, of: [{ map: 1 }] } }", "quorum_range", "lower `n`, or add members to `of`"],
    ["{ at_least: { n: 1, of: [{ map: 1 }], grace: 1s } }", "quorum_grace", "add `settle: quorum`, or leave"],
    ["{ at_least: { n: 1, of: [] } }", "quorum_empty", "add a member to `of`"],
    ["{ at_least: { n: 1, of: [{ map: 1 }], required: [7] } }", "quorum_required", "name members of the quorum"],
    ["{ race: [] }", "race_empty", "add a branch"],
    ["{ branch: { on: value, cases: {} } }", "branch_empty", "add a case"],
    ["{ map: 1, limit: {} }", "limit_empty", "set one of `concurrency`"],
    ["{ map: 1, retry: { base: 2m, max: 1s } }", "retry_base", "raise `max`, or lower `base`"],
    ["{ map: 1, as: input }", "name", "choose another name"],
    ["{ graph: {} }", "graph_empty", "add a member"],
    [
      "{ graph: { a: { depends_on: [b], do: { map: 1 } }, b: { depends_on: [a], do: { map: 1 } } } }",
      "graph_cycle",
      "",
    ],
    ["{ flat_map: { of: { map: 1 }, using: merge, among: [] } }", "among_empty", "list the flows"],
    ["{ steps: [{ map: 1, id: a }, { map: 1, id: a }] }", "id_twice", "give one of them another id"],
    ["{ all: [{ map: 1, id: a }, { map: 1, id: a }] }", "id_twice", "give one of them another id"],
    ["{ moa: { layers: [] } }", "moa", "write `moa: "],
  ])("%s", (flow, code, hint) => {
    expect(hints(`flow: ${flow}`)).toEqual([[code, expect.stringContaining(hint)]])
  })

  it("no flow at all", () =>
    expect(hints("name: x")).toEqual([["missing_key", "add `flow:`, a step: `flow: { agent: name }`"]]))

  it("for every code with which a maker of documents' nodes refuses", () => {
    const folder = new URL("../../src/flow/", import.meta.url)
    const makers = readdirSync(folder).filter((file) => /^(make|refuse)/.test(file))
    const codes = makers.flatMap((file) =>
      [...readFileSync(new URL(file, folder), "utf8").matchAll(/new InvalidFlow\(\s*"([a-z_]+)"/g)].map(
        ([, code]) => code,
      ),
    )
    // Of these a document's grammar is stricter, or the code is the caller's.
    const elsewhere = ["list", "record", "text"]
    expect(codes.length).toBeGreaterThan(20)
    expect(
      codes.filter((code) => code !== undefined && !elsewhere.includes(code) && remedy(code) === undefined),
    ).toEqual([])
    expect(remedy("constructor")).toBeUndefined()
  })
})

describe("the first wait of a retry", () => {
  it("is no longer than the longest", () => {
    const refused = expect.objectContaining({ code: "retry_base", option: "base", path: "" }) as Error
    expect(() => pure(1).retry({ base: 2, max: 1 })).toThrow(refused)
    expect(() => pure(1).retry({ base: 2, max: 1 })).toThrow(
      "base is 2 ms, more than max, the longest wait, which is 1 ms: expected at most that",
    )
    expect(() => pure(1).retry({ base: 60_001 })).toThrow("which is 60000 ms by default")
    expect(pure(1).retry({ base: 1, max: 1 }).node).toMatchObject({ base: 1, max: 1 })
  })

  it("is the longest where that is below the default", () => {
    expect(pure(1).retry({ max: 100 }).node).toMatchObject({ base: 100, max: 100 })
    expect(pure(1).retry({ max: 700 }).node).toMatchObject({ base: 500, max: 700 })
    expect(call("x", pure(1)).retry().node).toMatchObject({ base: 500, max: 60_000 })
  })
})
