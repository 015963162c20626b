import { describe, expect, it } from "vitest"
import { cel, template } from "../../src/expr/index.js"
import { flow as flowOf, named } from "../../src/flow/build.js"
import { equals } from "../../src/flow/equals.js"
import * as make from "../../src/flow/make.js"
import type { ModelAgent } from "../../src/flow/document.js"
import { decode, encode, parse } from "../../src/serde/index.js"
import { a, fn, hole, merge, names, one, type Row, rows as laterRows } from "./grammar-rows.js"

const rows: readonly Row[] = [
  ...laterRows,
  [{ agent: "editor" }, a],
  [{ agent: "editor", with: { q: "${value.x}" } }, make.prepare(template({ q: "${value.x}" }), a)],
  [{ map: 1 }, one],
  [{ map: null }, make.pure({ _tag: "Constant", value: null })],
  [{ map: "$${x}" }, make.pure({ _tag: "Constant", value: "${x}" })],
  [{ map: ["a ${value}"] }, make.pure(template(["a ${value}"]))],
  [{ map: { $fn: "merge" } }, make.pure({ _tag: "Constant", value: { fn: "merge" } })],
  [{ map: { fn: "merge" } }, fn, { fn: "merge" }],
  [{ fn: "merge" }, fn],
  [{ fail: { code: "no", message: "not so" } }, make.fail({ code: "no", message: "not so" })],
  [
    { fail: { code: "no", message: "not so", data: { a: 1 }, retry: true } },
    make.fail({ code: "no", message: "not so", data: { a: 1 }, retry: true }),
  ],
  [{ steps: [] }, make.seq([])],
  [{ steps: [{ map: 1 }, { agent: "editor" }] }, make.seq([one, a])],
  [
    { steps: [{ steps: [{ map: 1 }] }, { agent: "editor" }] },
    make.seq([one, a]),
    { steps: [{ map: 1 }, { agent: "editor" }] },
  ],
  [
    { steps: [{ agent: "editor", as: "draft" }, { map: "${draft}" }] },
    make.letIn("draft", a, make.pure({ _tag: "Name", name: "draft" })),
  ],
  [
    { steps: [{ agent: "editor", as: "draft" }, { map: "${draft.title}" }] },
    make.letIn("draft", a, hole("${draft.title}")),
  ],
  [
    { steps: [{ steps: [{ map: 1, as: "x" }, { agent: "editor" }] }, { map: 1 }] },
    make.seq([make.letIn("x", one, a), one]),
  ],
  [{ steps: [{ steps: [{ map: 1, as: "x" }] }, { map: 1 }] }, make.seq([make.letIn("x", one, make.seq([])), one])],
  [{ map: 1, as: "x" }, make.letIn("x", one, make.seq([]))],
  [{ all: [{ map: 1 }, { agent: "editor" }] }, make.all([one, a])],
  [{ all: { x: { map: 1 }, y: { agent: "editor" } } }, make.all([one, a], ["x", "y"])],
  [{ race: [{ map: 1 }, { agent: "editor" }] }, make.race([one, a])],
  [{ race: { of: [{ map: 1 }] } }, make.race([one]), { race: [{ map: 1 }] }],
  [{ race: { of: [{ map: 1 }], wins: "settled" } }, make.race([one], "settled")],
  [{ at_least: { n: 1, of: [{ map: 1 }] } }, make.atLeast(1, [one], undefined, {})],
  [
    {
      at_least: {
        n: 1,
        of: { x: { map: 1 }, y: { agent: "editor" } },
        settle: "quorum",
        grace: "500ms",
        required: ["y"],
        hedge: { after: "8s", max: 1 },
      },
    },
    make.atLeast(1, [one, a], ["x", "y"], {
      settle: "quorum",
      grace: 500,
      required: ["y"],
      hedge: { after: 8000, max: 1 },
    }),
  ],
  [
    { branch: { on: "value.kind", cases: { a: { map: 1 } }, otherwise: { agent: "editor" } } },
    make.branch({ key: "kind" }, ["a"], [one], a),
  ],
  [{ branch: { on: 'value["a-b"]', cases: { a: { map: 1 } } } }, make.branch({ key: "a-b" }, ["a"], [one], undefined)],
  [
    { branch: { on: "value.n > 1", cases: { true: { map: 1 }, false: { agent: "editor" } } } },
    make.branch({ code: cel("value.n > 1") }, ["true", "false"], [one, a], undefined),
  ],
  [
    { branch: { on: { fn: "merge" }, cases: { a: { map: 1 } } } },
    make.branch({ code: merge }, ["a"], [one], undefined),
  ],
  [{ branch: { by: { agent: "editor" }, cases: { a: { map: 1 } } } }, make.branch({ by: a }, ["a"], [one], undefined)],
  [{ loop: { do: { agent: "editor" } } }, make.loop(a)],
  [
    { loop: { do: { agent: "editor" }, max: 10, exhausted: "fail" } },
    make.loop(a),
    { loop: { do: { agent: "editor" } } },
  ],
  [
    { loop: { initial: { n: 0 }, do: { agent: "editor" }, until: "value.ok", max: 3, exhausted: "last" } },
    make.prepare({ _tag: "Constant", value: { n: 0 } }, make.loop(make.until(a, cel("value.ok")), 3, "last")),
  ],
  [
    { loop: { do: { agent: "editor" }, until: "${value.ok}" } },
    make.loop(make.until(a, cel("value.ok"))),
    { loop: { do: { agent: "editor" }, until: "value.ok" } },
  ],
  [
    { loop: { do: { agent: "editor" }, until: true } },
    make.loop(make.until(a, cel("true"))),
    { loop: { do: { agent: "editor" }, until: "true" } },
  ],
  [{ loop: { do: { agent: "editor" }, until: { fn: "merge" } } }, make.loop(make.until(a, merge))],
  [{ agent: "editor", timeout: "30s" }, make.within(a, 30_000)],
  [{ timeout: "1500ms" }, make.within(make.seq([]), 1500), { timeout: "1.5s" }],
  [
    { steps: [], timeout: "1s", with: 1 },
    make.prepare(make.pure({ _tag: "Constant", value: 1 }).code, make.within(make.seq([]), 1000)),
    { timeout: "1s", with: 1 },
  ],
  [
    { agent: "editor", recover: { do: { map: 1 } } },
    make.recover(a, one, "input", undefined),
    { agent: "editor", recover: { value: 1 } },
  ],
  [{ agent: "editor", recover: { do: { agent: "editor" } } }, make.recover(a, a, "input", undefined)],
  [
    { agent: "editor", recover: { on: ["TimedOut"], value: "${fault.message}" } },
    make.recover(a, hole("${fault.message}"), "input", ["TimedOut"]),
  ],
  [{ agent: "editor", recover: { value: { fn: "merge" } } }, make.recover(a, fn, "fault", undefined)],
  [{ agent: "editor", recover: { with_fault: { agent: "editor" } } }, make.recover(a, a, "fault", undefined)],
  [
    { agent: "editor", timeout: "1s", recover: { value: 1 }, with: 1 },
    make.prepare({ _tag: "Constant", value: 1 }, make.recover(make.within(a, 1000), one, "input", undefined)),
  ],
  [
    { steps: [{ agent: "editor", recover: { value: 1 } }], timeout: "1s" },
    make.within(make.recover(a, one, "input", undefined), 1000),
  ],
  [{ id: "draft", note: "first", agent: "editor" }, make.withId(make.withNote(a, "first"), "draft")],
  [{ id: "s", steps: [{ map: 1, as: "x" }, { agent: "editor" }] }, make.withId(make.letIn("x", one, a), "s")],
  [{ fn: "bind.n" }, make.pure(named("bind.n", () => 1))],
]

describe("the grammar", () => {
  it.each(
    rows.map(([written, node, canonical]) => [JSON.stringify(written), written, node, canonical ?? written] as const),
  )("%s", (_, written, node, canonical) => {
    const decoded = decode(written, names)
    if (decoded._tag === "Left") throw new Error(JSON.stringify(decoded.left))
    expect(equals(decoded.right, flowOf(node))).toBe(true)
    expect(encode(decoded.right)).toEqual(canonical)
    expect(encode(flowOf(node))).toEqual(canonical)
  })

  it("tells different flows apart", () => {
    const flows = rows.map(([, node]) => flowOf(node))
    const same = flows.flatMap((x, i) => flows.flatMap((y, j) => (i < j && equals(x, y) ? [`${i}=${j}`] : [])))
    const canonicals = rows.map(([written, , canonical]) => JSON.stringify(canonical ?? written))
    const expected = canonicals.flatMap((x, i) => canonicals.flatMap((y, j) => (i < j && x === y ? [`${i}=${j}`] : [])))
    expect(same).toEqual(expected)
  })

  it("lets a step change a model agent", () => {
    const text = [
      "troupe: 1",
      "agents: { writer: { provider: local, prompt: '${value}' } }",
      "flow: { agent: writer, prompt: 'Say ${value}', system_prompt: short, model: m, temperature: 0, max_tokens: 9 }",
    ].join("\n")
    const parsed = parse(text)
    if (parsed._tag === "Left") throw new Error(JSON.stringify(parsed.left))
    const { flow, agents } = parsed.right
    expect(flow.node).toMatchObject({
      _tag: "Agent",
      override: {
        prompt: { _tag: "Expr" },
        systemPrompt: { _tag: "Constant" },
        model: "m",
        temperature: 0,
        maxTokens: 9,
      },
    })
    expect(encode(flow)).toEqual({
      agent: "writer",
      prompt: "Say ${value}",
      system_prompt: "short",
      model: "m",
      temperature: 0,
      max_tokens: 9,
    })
    const writer: Partial<ModelAgent> = { kind: "model", name: "writer", caps: { requests: 1, usd: 0 } }
    expect(agents["writer"]).toMatchObject(writer)
  })

  it("compares case keys as they are written", () => {
    const parsed = parse(
      "troupe: 1\nflow:\n  branch:\n    on: value.n\n    cases:\n      1: { map: 1 }\n      true: { map: 2 }\n      no: { map: 3 }\n      ~: { map: 4 }\n",
    )
    expect(parsed._tag === "Right" && parsed.right.flow.node).toMatchObject({ tags: ["1", "true", "no", "~"] })
  })
})
