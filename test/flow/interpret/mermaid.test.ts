import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { toMermaid } from "../../../src/flow/interpret/mermaid.js"
import { boxId, label, remark } from "../../../src/flow/interpret/mermaid-text.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, longSequence, nested, of, sequences } from "./parts.js"

/** The drawing without its first line, its styles, and indentation. */
const body = (flow: Any): string[] =>
  toMermaid(flow)
    .split("\n")
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("classDef") && line !== "direction TB")

const arrows = (text: string): number => text.split("\n").filter((line) => /^ {2}\S+ -\.?->/.test(line)).length

const layer = (members: string[], n: number, editor: string): Any =>
  F.atLeast(
    n,
    members.map((name) => ask(name)),
  )
    .map(F.named("moa.references", (x) => x))
    .andThen(ask(editor))

describe("a drawing", () => {
  it("of an ensemble of two layers", () => {
    const flow = layer(["writer", "critic", "scholar"], 2, "editor").andThen(layer(["skeptic"], 1, "chief"))
    expect(body(flow)).toEqual([
      'start(["input"]):::is-end',
      'subgraph n_0["quorum"]',
      'n_0_0["writer"]:::is-agent',
      'n_0_1["critic"]:::is-agent',
      'n_0_2["scholar"]:::is-agent',
      'n_0__2{{"2 of 3"}}:::is-quorum',
      "end",
      'n_1("fn moa.references"):::is-pure',
      'n_2["editor"]:::is-agent',
      'subgraph n_3__2["quorum"]',
      'n_3["skeptic"]:::is-agent',
      'n_3__3{{"1 of 1"}}:::is-quorum',
      "end",
      'n_4("fn moa.references"):::is-pure',
      'n_5["chief"]:::is-agent',
      'stop(["output"]):::is-end',
      "n_0_0 --> n_0__2",
      "n_0_1 --> n_0__2",
      "n_0_2 --> n_0__2",
      "n_3 --> n_3__3",
      "start --> n_0",
      "n_0 --> n_1",
      "n_1 --> n_2",
      "n_2 --> n_3__2",
      "n_3__2 --> n_4",
      "n_4 --> n_5",
      "n_5 --> stop",
      "class n_0,n_3__2 is-group",
    ])
  })

  it("of a recovery, with a deadline and a bound name", () => {
    const flow = F.letIn("draft", ask("editor").timeout(30_000).recoverTag("TimedOut", ask("backup")), (d) => d)
    expect(body(flow)).toEqual([
      'start(["input"]):::is-end',
      'n_0["editor<br/>at most 30s"]:::is-agent',
      'n_0_recover["backup"]:::is-agent',
      'n_1("draft"):::is-pure',
      'stop(["output"]):::is-end',
      'n_0 -.->|"on TimedOut"| n_0_recover',
      "start --> n_0",
      'n_0 -->|"as draft"| n_1',
      'n_0_recover -->|"as draft"| n_1',
      "n_1 --> stop",
    ])
  })

  it("of a branch", () => {
    const flow = of(
      make.branch({ code: cel("value.kind") }, ["a", "end"], [ask("quick").node, make.seq([])], undefined),
    )
    expect(body(flow)).toEqual([
      'start(["input"]):::is-end',
      'n_{"value.kind?"}:::is-choice',
      'n_a["quick"]:::is-agent',
      'n___2("pass on"):::is-pure',
      'stop(["output"]):::is-end',
      'n_ -->|"a"| n_a',
      'n_ -->|"end"| n___2',
      "start --> n_",
      "n_a --> stop",
      "n___2 --> stop",
    ])
  })

  it("of a loop until a condition, and of one without", () => {
    const until = of(make.loop(make.until(ask("refine").node, cel("value.ok")), 3))
    expect(body(until)).toEqual([
      'start(["input"]):::is-end',
      'subgraph n_["loop"]',
      'n_0["refine"]:::is-agent',
      'n_1{"until value.ok"}:::is-choice',
      "end",
      'stop(["output"]):::is-end',
      "n_0 --> n_1",
      'n_1 -->|"again, up to 3 turns"| n_0',
      "start --> n_",
      "n_ --> stop",
      "class n_ is-group",
    ])
    expect(body(F.loop(ask("refine") as never))).toContain('n___3 -->|"again, up to 10 turns"| n_')
  })

  it("of what runs at once, of races, failures and remarks", () => {
    const flow = F.zipAll({ facts: ask("a").note("slow"), more: ask("d"), rest: F.identity() })
      .andThen(F.race(ask("b"), ask("c").id("see")).timeout(500))
      .andThen(F.fail({ code: "late", message: "no" }))
    expect(body(flow)).toEqual(
      expect.arrayContaining([
        'subgraph n_0["all at once"]',
        'n_0_facts["facts: a<br/>slow"]:::is-agent',
        'n_0("rest: pass on"):::is-pure'.replace("n_0", "n_0__2"),
        'n_0__3{{"all 3"}}:::is-quorum',
        'subgraph n_1["race · at most 500ms"]',
        'n_1__2{{"first success wins"}}:::is-quorum',
        'n_1_see["see: c"]:::is-agent',
        'n_2{{"fail late: no"}}:::is-fail',
      ]),
    )
    expect(body(flow)).not.toContain("n_2 --> stop")
  })

  it("of nothing", () => expect(body(F.identity())).toContain("start --> stop"))

  it("is the same for the same flow", () => {
    const make = (): Any => layer(["a", "b"], 1, "c").recoverWith(F.pure(1))
    expect(toMermaid(make())).toBe(toMermaid(make()))
  })
})

describe("labels", () => {
  it.each([
    ['say "hi"', "say #34;hi#34;"],
    ["<b>&amp;</b>", "#60;b#62;#38;amp#59;#60;/b#62;"],
    ["`md` **b** __x__ ~s~", "#96;md#96; #42;#42;b#42;#42; #95;#95;x#95;#95; #126;s#126;"],
    ["1. one", "#49;. one"],
    ["- one", "#45; one"],
    ["%%{init}%%", "#37;#37;#123;init#125;#37;#37;"],
    ["style a:b", "style a#58;b"],
    ["a: b", "a: b"],
    ["#35;", "#35;35#59;"],
    ["a\n\tb\u0000\u2028c", "a b c"],
    ["", " "],
    [" a ", "a"],
    ["-- x", "#45;#45; x"],
    [" ".repeat(320), " "],
    [`${" ".repeat(320)}x`, "…"],
    ["\ud800x", "\uFFFDx"],
    ["数 é 🙂", "数 é 🙂"],
  ])("%j", (text, shown) => expect(label(text)).toBe(shown))

  it("hold nothing that Mermaid, its markdown or HTML could read", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const shown = label(text)
        expect(shown.replace(/#\d+;/g, "")).not.toMatch(/["#<>&`*_~\\$%;{}[\]|\n\r]|:\S/u)
        expect(remark(text)).not.toMatch(/[\n\r]|%%|%\{/)
      }),
    )
  })

  it("in comments are on one line, and no directive", () => {
    expect(remark('50% "of"\n\u2028it')).toBe('50%25 \\"of\\"\\n it')
  })

  it("are cut at 80 characters, with the whole text beside", () => {
    const name = "x".repeat(10_000)
    const text = toMermaid(ask(name))
    expect(text).toContain(`n_["${"x".repeat(79)}…"]:::is-agent`)
    expect(text).toContain(`%% n_: ${name}\n`)
    expect(toMermaid(ask("y".repeat(80)))).toContain(`["${"y".repeat(80)}"]`)
  })

  it("that are very many and long stay below what Mermaid takes", () => {
    const flow = F.zipAll(Array.from({ length: 20 }, (_, i) => ask(`${i}`.repeat(9_000))))
    expect(toMermaid(flow).length).toBeLessThan(50_000)
    expect(toMermaid(flow, { all: true }).length).toBeGreaterThan(180_000)
  })
})

describe("identifiers", () => {
  const segments = fc.string({ minLength: 1, maxLength: 6 }).map((text) => text.replaceAll("/", "%2F"))
  it("differ where paths differ, and are plain", () => {
    const paths = fc.array(segments, { maxLength: 4 }).map((parts) => parts.join("/"))
    fc.assert(
      fc.property(paths, paths, (one, other) => {
        expect(boxId(one) === boxId(other)).toBe(one === other)
        expect(boxId(one)).toMatch(/^n_[A-Za-z0-9_]*$/)
      }),
    )
  })

  it("of a drawing are each given once", () => {
    const flow = F.atLeast(1, [F.identity(), F.identity(), ask("a").timeout(5).recoverWith(F.identity())]).timeout(9)
    const given = [...toMermaid(flow).matchAll(/^\s*(?:subgraph )?(n_\w*)[[({]/gm)].map((match) => match[1])
    expect(new Set(given).size).toBe(given.length)
  })
})

describe("more than 400 arrows", () => {
  it.each<[string, Any, string]>([
    ["pure steps in a row", nested(2_000, ask("a"), (k) => k.map((x) => x)), "2,000 pure steps"],
    ["agents in a row", nested(1_000, ask("a"), (k) => k.andThen(ask("b"))), "more steps"],
    ["names in a row", nested(1_000, ask("a"), (k, i) => F.letIn(`x${i}`, ask("b"), () => k)), "more steps"],
    [
      "members",
      F.atLeast(
        5,
        Array.from({ length: 1_000 }, (_, i) => ask(`a${i}`)),
      ),
      "… 961 more",
    ],
    [
      "cases",
      of(
        make.branch(
          { key: "k" },
          Array.from({ length: 1_000 }, (_, i) => `${i}`),
          Array.from({ length: 1_000 }, () => ask("a").node),
          undefined,
        ),
      ),
      "… 961 more cases",
    ],
    ["levels", nested(300, ask("a"), (k) => F.atLeast(1, [k, ask("b"), ask("c")])), "steps"],
    ["recoveries", nested(1_000, ask("a"), (k) => k.recoverWith(ask("b"))), "steps"],
  ])("of %s are collapsed, and the drawing says so", (_, flow, words) => {
    const text = toMermaid(flow)
    expect(arrows(text)).toBeLessThanOrEqual(400)
    expect(text).toContain("%% collapsed: ")
    expect(text.replaceAll("%%", "")).toContain(words)
    const all = toMermaid(flow, { all: true })
    expect(arrows(all)).toBeGreaterThan(400)
    expect(all).not.toContain("collapsed")
  })

  it("are not collapsed up to 400", () => {
    const flow = nested(398, ask("a"), (k) => k.andThen(ask("b")))
    expect(arrows(toMermaid(flow))).toBe(400)
    expect(toMermaid(flow)).not.toContain("collapsed")
  })

  it("of 100,000 steps", () => {
    const step = (i: number): Any => (i % 3 === 0 ? ask("a") : F.pure(i))
    expect(toMermaid(longSequence(step))).toContain("more steps")
    const texts = Object.values(sequences(1_000, step)).map((flow) => toMermaid(flow))
    expect(new Set(texts).size).toBe(1)
  })

  it("of 100,000 steps are drawn where all are wanted", () => {
    expect(
      arrows(
        toMermaid(
          nested(100_000, ask("a"), (k) => k.andThen(ask("b"))),
          { all: true },
        ),
      ),
    ).toBe(100_002)
  })
})
