import { describe, expect, it } from "vitest"
import { items } from "../../../src/data/rope.js"
import { cel } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { chartOf, toMermaid } from "../../../src/flow/interpret/mermaid.js"
import { type Box, boxed, chained } from "../../../src/flow/interpret/mermaid-chart.js"
import { drawn } from "../../../src/flow/interpret/mermaid-draw.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, nested, of } from "./parts.js"

const row = (length: number, more: readonly Any[] = []): Any =>
  of(make.seq([...Array.from({ length }, () => ask("a")), ...more].map(({ node }) => node)))
/** Without the styles of its boxes. */
const lines = (text: string): string[] => text.split("\n").filter((line) => !line.startsWith("  classDef is-"))
const endless = nested(30, ask("a"), (k) => F.zip(k, k))
const arrows = (text: string): number => text.split("\n").filter((line) => /^ {2}\S+ -\.?->/.test(line)).length

describe("a drawing of no more characters than are wanted", () => {
  const whole = chartOf(row(60)).text.length

  it("is whole where it has just so many", () => {
    expect(chartOf(row(60), { upTo: whole }).text).toBe(toMermaid(row(60)))
    expect(chartOf(row(60), { upTo: whole - 1 }).text).toContain("… 21 more steps")
  })

  it("leaves out as little as it must", () => {
    const seen = new Set<string>()
    for (let upTo = whole; upTo > 0; upTo -= 40) {
      const { text } = chartOf(row(60), { upTo })
      for (const [, words] of text.matchAll(/"([^"]* steps)"/g)) seen.add(words ?? "")
    }
    expect([...seen]).toEqual([
      "… 21 more steps",
      "… 45 more steps",
      "… 53 more steps",
      "… 56 more steps",
      "… 57 more steps",
      "… 58 more steps",
      "60 steps",
    ])
  })

  it("is one box where nothing fits", () => {
    expect(lines(chartOf(row(60), { upTo: 1 }).text)).toEqual([
      "flowchart TD",
      "  %% collapsed: the whole flow takes 61 arrows, and more than 400 cannot be read; --all draws them",
      '  collapsed["collapsed<br/>61 arrows in all"]:::is-more',
      '  start(["input"]):::is-end',
      '  n_["60 steps"]:::is-more',
      '  stop(["output"]):::is-end',
      "  start --> n_",
      "  n_ --> stop",
      "",
    ])
  })
})

describe("a drawing of too many arrows", () => {
  it("closes named flows, and is not collapsed further where 400 are left", () => {
    const text = toMermaid(row(398, [F.call("long", row(30))]))
    expect(text).toContain('[["long<br/>30 steps"]]')
    expect(text).not.toContain("more steps")
    expect(arrows(text)).toBe(400)
    expect(toMermaid(row(399, [F.call("long", row(30))]))).toContain("… 361 more steps")
  })

  it("says of repeated parts what they are and how long, of three steps or more", () => {
    const each = (count: number, body: Any): Any[] =>
      Array.from({ length: count }, () => of(make.traverse(body.node, {})))
    const try_ = row(2).recoverWith(row(2))
    const few = [...each(2, row(2)), F.race(F.identity(), ask("a"))]
    const text = toMermaid(row(0, [...each(100, row(3).andThen(row(2))), ...few, ...few]))
    expect(new Set(text.match(/"[^"]*steps[^"]*"/g))).toEqual(new Set(['"for each again<br/>5 steps"']))
    expect(text.match(/subgraph/g)).toHaveLength(7)
    const tries = toMermaid(
      row(
        0,
        Array.from({ length: 120 }, () => try_),
      ),
    )
    expect(new Set(tries.match(/"[^"]*steps[^"]*"/g))).toEqual(new Set(['"a part again<br/>4 steps"']))
    const three = toMermaid(row(0, each(150, row(3))))
    expect(new Set(three.match(/"[^"]*steps[^"]*"/g))).toEqual(new Set(['"for each again<br/>3 steps"']))
  })

  it("of more parts than can be counted says so", () => {
    const [, comment, box] = toMermaid(endless).split("\n")
    expect(comment).toMatch(/^ {2}%% collapsed: the whole flow takes more than \d+ arrows, and more than 400 cannot/)
    expect(box).toMatch(/^ {2}collapsed\["collapsed<br\/>more than \d+ arrows in all"\]:::is-more$/)
  })

  it("draws repeated parts once even where all are wanted, if they are millions", () => {
    expect(toMermaid(endless, { all: true }).split("\n").slice(0, 3)).toEqual([
      "flowchart TD",
      "  %% repeated parts are drawn once: each where it stands would be millions",
      '  start(["input"]):::is-end',
    ])
    expect(toMermaid(row(500), { all: true }).split("\n")[1]).toBe('  start(["input"]):::is-end')
  })
})

describe("a box", () => {
  it("knows the steps that it is drawn for", () => {
    const { piece } = chartOf(of(make.seq([make.pure(cel("1")), make.pure(cel("2")), ask("a").node])))
    expect(items(piece.boxes).map((box) => (box === "close" ? box : [box.id, box.paths]))).toEqual([
      ["start", undefined],
      ["n_0", ["0", "1"]],
      ["n_2", ["2"]],
      ["stop", undefined],
    ])
  })
})

describe("texts that are cut in their boxes", () => {
  const box = (id: string, letter: string): Box => ({ id, look: "agent", words: [letter.repeat(100)] })
  const piece = chained(boxed(box("n", "x")), [boxed(box("m", "y"))])
  const base = drawn(piece, [], { upTo: 0 }).length
  const comments = (upTo: number): string[] =>
    drawn(piece, [], { upTo })
      .split("\n")
      .filter((line) => line.startsWith("  %%"))
  const [first, second] = [`  %% n: ${"x".repeat(100)}`, `  %% m: ${"y".repeat(100)}`]

  it.each<[string, number, string[]]>([
    ["no room", 0, []],
    ["room for less than 20 letters", base + 30, []],
    ["room for 20 letters", base + 31, [`  %% n: ${"x".repeat(20)}…`]],
    ["room for all letters but one", base + 110, [`  %% n: ${"x".repeat(99)}…`]],
    ["room for all", base + 111, [first]],
    ["room for one and less than 20 letters", base + 139, [first]],
    ["room for one and 20 letters", base + 140, [first, `  %% m: ${"y".repeat(20)}…`]],
    ["room for both", base + 220, [first, second]],
    ["room without end", Infinity, [first, second]],
  ])("stand above them, with %s", (_, upTo, shown) => {
    expect(comments(upTo)).toEqual(shown)
    expect(drawn(piece, [], { upTo }).length).toBeLessThanOrEqual(Math.max(upTo, base))
  })

  it("stand each above its own box", () => {
    expect(drawn(piece, ["a note"], { upTo: Infinity }).split("\n").slice(0, 7)).toEqual([
      "flowchart TD",
      "  %% a note",
      first,
      `  n["${"x".repeat(79)}…"]:::is-agent`,
      second,
      `  m["${"y".repeat(79)}…"]:::is-agent`,
      "  n --> m",
    ])
  })

  it("fill what Mermaid takes, and no more", () => {
    const text = toMermaid(ask("x".repeat(60_000)))
    expect(text.length).toBe(49_999)
    expect(text.split("\n")[2]).toMatch(/^ {2}%% n_: x+…$/)
  })
})

describe("colours of one's own", () => {
  it("are given to boxes and frames by name, after those of their kind", () => {
    let ids: string[] = []
    const { text } = chartOf(of(make.traverse(row(2).node, {})), {
      colours(boxes) {
        ids = boxes.map(({ id }) => id)
        const of = new Map(ids.slice(1, 4).map((id, i) => [id, i === 1 ? "cold" : "hot"]))
        return { classes: { hot: "fill:#f00", cold: "fill:#00f", unused: "fill:#0f0" }, of }
      },
    })
    expect(ids).toEqual(["start", "n_", "n_0", "n_1", "stop"])
    expect(lines(text).slice(-7)).toEqual([
      "  n_ --> stop",
      "  class n_ is-group",
      "  class n_,n_1 hot",
      "  class n_0 cold",
      "  classDef hot fill:#f00",
      "  classDef cold fill:#00f",
      "",
    ])
  })
})
