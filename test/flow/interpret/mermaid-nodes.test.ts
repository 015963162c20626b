import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { jsonSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { explain } from "../../../src/flow/interpret/explain.js"
import { toMermaid } from "../../../src/flow/interpret/mermaid.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import { anyFlow } from "./drawn-flow.js"
import { type Any, ask, nested, of } from "./parts.js"

/** The boxes, frames and arrows of the drawing, without the two ends. */
const body = (flow: Any): string[] =>
  toMermaid(flow)
    .split("\n")
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => !/^(?:classDef|class |direction|start\(|stop\(|$)/.test(line))

const arrows = (text: string): number => text.split("\n").filter((line) => /^ {2}\S+ -\.?->/.test(line)).length

const named = (name: string): F.Fn => F.named(name, (x: unknown) => x)

/** Drawn and told without the hash that tells the choices apart. */
const chosen = (node: Node, among: readonly Node[]): Any =>
  of({ _tag: "FlatMap", of: node, using: named("pick"), among, marks: among.map((_, i) => `0000000${i}`) })

describe("a drawing and an outline", () => {
  it("of a retry: the way back, and the policy in the box", () => {
    const flow = ask("a").retry({ times: 2, base: 1_000 })
    expect(body(flow)).toEqual([
      'n_["a<br/>again on fault, up to 2 times, after 1s, doubling"]:::is-agent',
      "n_ -.-> n_",
      "start --> n_",
      "n_ --> stop",
    ])
    expect(explain(flow)).toBe("ask a, again on fault, up to 2 times, after 1s, doubling")
    const slow = ask("a").retry({ times: 1, base: 0, on: ["TimedOut", "Unavailable"] })
    expect(explain(slow)).toBe("ask a, again on TimedOut, Unavailable, up to 1 time")
    expect(explain(ask("a").retry({ times: 9, base: 1_000, max: 5_000 }))).toContain("after 1s, doubling to 5s")
    expect(explain(ask("a").retry({ backoff: "constant" }))).toMatch(/after 500ms$/)
  })

  it("of limits, on what they go around", () => {
    const flow = F.zip(ask("a"), ask("b")).limit({ concurrency: 4, calls: 1_000, tokens: 50_000, usd: 1.5 })
    const words = "limit: 4 at a time, 1,000 asks, 50,000 tokens, $1.5"
    expect(body(flow)[0]).toBe(`subgraph n_["all at once · ${words.replace("$", "#36;")}"]`)
    expect(explain(flow).split("\n")[0]).toBe(words)
  })

  it("of side flows: a tap solid, the others dotted", () => {
    const flow = ask("a").tap(ask("log")).notify(ask("tell")).divertTo(ask("audit"), cel("value.risk > 3"))
    expect(body(flow)).toEqual([
      'n_["a"]:::is-agent',
      'n_tap["log"]:::is-agent',
      'n_notify["tell"]:::is-agent',
      'n_divertZ5fZto["audit"]:::is-agent',
      'n_ -->|"tap"| n_tap',
      'n_ -.->|"notify"| n_notify',
      'n_ -.->|"divert where value.risk #62; 3"| n_divertZ5fZto',
      "start --> n_",
      "n_ --> stop",
    ])
    expect(explain(flow)).toBe(
      [
        "ask a",
        "tap: ask log  [tap]",
        "notify: ask tell  [notify]",
        "divert where value.risk > 3: ask audit  [divert_to]",
      ].join("\n"),
    )
    expect(body(F.identity().tap(ask("log")))).toContain('n_("pass on"):::is-pure')
  })

  it("of guards", () => {
    const flow = ask("a").guard(cel("value.ok"))
    expect(body(flow)).toEqual([
      'n_["a"]:::is-agent',
      'n___2{"value.ok?"}:::is-choice',
      'n___3{{"Rejected"}}:::is-fail',
      'n___2 -.->|"no"| n___3',
      "n_ --> n___2",
      "start --> n_",
      'n___2 -->|"yes"| stop',
    ])
    expect(explain(flow)).toBe("ask a\nvalue.ok? else fail with Rejected")
    const by = of(make.guard(ask("a").node, { by: ask("judge").node }))
    expect(body(by)).toEqual(expect.arrayContaining(['n_guard["judge"]:::is-agent', "n_ --> n_guard"]))
    expect(explain(by)).toBe("ask a\ncheck: ask judge  [guard]\npasses? else fail with Rejected")
  })

  it("of flows that a function chooses: dashed", () => {
    const flow = chosen(ask("a").node, [ask("b").node, ask("c").node])
    expect(body(flow)).toEqual(
      expect.arrayContaining([
        'n___2{"pick chooses"}:::is-dynamic',
        "n_ --> n___2",
        "n___2 -.-> n_Z3aZ00000000",
        "n___2 -.-> n_Z3aZ00000001",
        "n_Z3aZ00000000 --> stop",
      ]),
    )
    expect(explain(flow).split("\n")[1]).toBe("pick chooses one of 2 flows, on the same input")
    const open = ask("a").flatMap(named("plan") as F.Fn<unknown, Any>)
    expect(body(open)).toContain('n___2("a flow that plan makes<br/>on the same input"):::is-unknown')
    expect(explain(open)).toBe("ask a\na flow that plan makes, on the same input")
  })

  it("of what runs for each element", () => {
    const flow = of(make.traverse(ask("a").node, { concurrency: 4, atLeast: 3 }))
    expect(body(flow)[0]).toBe('subgraph n___2["for each, at least 3 must succeed (4 at a time)"]')
    expect(explain(flow)).toBe("for each, at least 3 must succeed (4 at a time)\n  ask a")
  })

  it("of a graph, by what depends on what", () => {
    const flow = F.graph({
      plan: { flow: ask("planner") as never },
      web: { dependsOn: ["plan"], flow: ask("searcher").andThen(ask("reader")) as never },
      draft: { dependsOn: ["plan", "web"], flow: ask("writer") as never },
    })
    expect(body(flow as Any)).toEqual(
      expect.arrayContaining([
        'subgraph n_["graph"]',
        'n_plan["plan: planner"]:::is-agent',
        "n_plan --> n_draft",
        "start --> n_",
        "n_ --> stop",
      ]),
    )
    expect(explain(flow as Any)).toContain("  draft, after plan, web: ask writer  [draft]")
  })

  it("of named flows: in a frame where they are called first, as one box where again", () => {
    const sum = F.call("sum", ask("a").andThen(ask("b")))
    const lines = body(sum.andThen(sum).andThen(F.call("elsewhere")))
    expect(lines[0]).toBe('subgraph n_0["sum"]')
    expect(lines).toContain('n_1[["sum<br/>as above"]]:::is-call')
    expect(lines).toContain('n_2[["elsewhere"]]:::is-call')
    expect(toMermaid(sum.andThen(sum), { all: true }).match(/subgraph/g)).toHaveLength(2)
    expect(explain(sum.andThen(sum))).toBe(
      "flow sum  [0]\n  ask a  [0@sum/0]\n  ask b  [0@sum/1]\nflow sum, as above  [1]",
    )
  })

  it("of waiting", () => {
    const flow = of(make.seq([make.suspend("approval", jsonSchema(true)), make.sleep(5_000)]))
    expect(body(flow)).toEqual(
      expect.arrayContaining(['n_0[/"wait for approval"\\]:::is-wait', 'n_1[/"wait 5s"\\]:::is-wait']),
    )
    expect(explain(flow)).toBe("wait for approval  [0]\nwait 5s  [1]")
  })

  it("of a split", () => {
    expect(body(of(make.split([ask("a").node, ask("b").node])))).toEqual(
      expect.arrayContaining([
        'subgraph n___2["a list of 2, an element to each"]',
        'n_0("element 0"):::is-pure',
        "start --> n___2",
      ]),
    )
  })

  it("of a value that is kept beside one part: no frame, an arrow past it", () => {
    const flow = F.zipAll({ question: F.identity(), answer: ask("a") }).map(named("join") as never)
    expect(body(flow)).toEqual([
      'n_0_answer["a"]:::is-agent',
      'n_0("#123; question, answer #125;<br/>fn join"):::is-pure',
      'n_0_answer -->|"answer"| n_0',
      'start -->|"question"| n_0',
      "start --> n_0_answer",
      "n_0 --> stop",
    ])
  })

  it("of records of templates by their keys", () => {
    const flow = of(make.pure(template({ draft: "${value}", ok: "${value.ok}" })))
    expect(explain(flow)).toBe("{ draft, ok }")
  })
})

describe("a drawing of too much", () => {
  const many = (count: number, make: (i: number) => Any): Any[] => Array.from({ length: count }, (_, i) => make(i))
  const part = F.atLeast(2, [ask("a"), ask("b"), ask("c")]).andThen(ask("d"))

  it("collapses named and repeated parts first", () => {
    const calls = nested(90, ask("x"), (k, i) => k.andThen(F.call(`flow${i}`, part.andThen(ask(`${i}`)))))
    const text = toMermaid(calls)
    expect(text).toContain('[["flow89<br/>5 steps"]]')
    expect(text).not.toContain("more steps")
    const each = of(make.traverse(part.node, {}))
    const repeated = nested(99, each, (k) => k.andThen(each))
    expect(toMermaid(repeated)).toContain('["for each again<br/>4 steps"]')
    expect(toMermaid(repeated)).toMatch(/%% collapsed: the whole flow takes 501 arrows/)
    expect(toMermaid(repeated)).toMatch(/collapsed\["collapsed<br\/>501 arrows in all"\]/)
  })

  it.each<[string, Any]>([
    ["10,000 members", F.zipAll(many(10_000, (i) => ask(`a${i}`)))],
    [
      "a graph in which each depends on all before",
      of(
        make.graph(
          many(200, () => ask("a")).map(({ node }, i) => ({
            id: `m${i}`,
            of: node,
            dependsOn: many(i, () => ask("a")).map((_, j) => `m${j}`),
          })),
        ),
      ),
    ],
    ["parts in parts that double 60 times", nested(60, ask("a"), (k) => F.zip(k, k))],
    [
      "calls in calls that double 60 times",
      nested(60, ask("a"), (k, i) => F.call(`c${i}`, k.andThen(ask("b")).andThen(k))),
    ],
    ["names that fill the text", F.zipAll(many(300, (i) => ask(`"<${i}>"`.repeat(30))))],
    ["tries in tries", nested(1_000, ask("a"), (k) => k.retry({}))],
    ["lists in lists", nested(1_000, ask("a"), (k) => of(make.traverse(k.node, {})).tap(ask("b")).guard(cel("value")))],
  ])("of %s is what Mermaid takes", (_, flow) => {
    const text = toMermaid(flow)
    expect(arrows(text)).toBeLessThanOrEqual(400)
    expect(text.length).toBeLessThanOrEqual(50_000)
    expect(text).toContain("%% collapsed: ")
    expect(explain(flow).split("\n").length).toBeLessThan(20_000)
  })

  it("holds for every flow: each identifier once, no arrow from or to nowhere", () => {
    fc.assert(
      fc.property(anyFlow(), (flow) => {
        for (const text of [toMermaid(flow), toMermaid(flow, { all: true })]) {
          const boxes = [...text.matchAll(/^\s*(?:subgraph )?(\w+)[[({>]/gm)].map((match) => match[1])
          expect(new Set(boxes).size).toBe(boxes.length)
          for (const [, from, to] of text.matchAll(/^ {2}(\w+) -\.?->(?:\|"[^"]*"\|)? (\w+)$/gm)) {
            expect(boxes).toContain(from)
            expect(boxes).toContain(to)
          }
        }
        expect(arrows(toMermaid(flow))).toBeLessThanOrEqual(400)
        expect(explain(flow)).not.toBe("")
      }),
    )
  })
})
