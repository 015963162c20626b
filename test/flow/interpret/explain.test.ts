import { describe, expect, it } from "vitest"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import { explain } from "../../../src/flow/interpret/explain.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, longSequence, nested, of, ref, sequences } from "./parts.js"

describe("an outline", () => {
  it("has a line for each step, with its path", () => {
    const editor = of(make.agent(ref("editor"), { prompt: template("${value}"), model: "large", maxTokens: 500 }))
    const flow = F.letIn(
      "views",
      F.atLeast(2, [ask("a").timeout(30_000), ask("b"), ask("b")], { settle: "quorum", grace: 500 }),
      () =>
        of(make.loop(make.until(editor.id("edit").node, cel("value.ok")), 3, "last")).map(F.named("title", (x) => x)),
    ).recoverWith(F.pure("nobody answered"))
    expect(explain(flow)).toBe(
      [
        "try",
        "  at least 2 of 3; aborts the rest after 500ms  [0]",
        "    a: ask a, at most 30s  [0/0]",
        "    b: ask b  [0/1]",
        "    b#2: ask b  [0/2]",
        "  call it views",
        "  loop, up to 3 turns, then the last draft  [1]",
        "    ask editor, with its own prompt, model large, at most 500 tokens  [1/edit]",
        "    until value.ok  [1/1]",
        "  fn title  [2]",
        'on fault, with the fault: give "nobody answered"  [recover]',
      ].join("\n"),
    )
  })

  it("shows a number that is a parameter by its bounds, and by its value where that is known", () => {
    const n = { _tag: "Param", name: "n", minimum: 1, maximum: 2 } as const
    const members = [ask("a").node, ask("b").node]
    const flow = of(make.atLeast(n, members, undefined, {}))
      .andThen(of(make.loop(ask("c").node, n)))
      .andThen(of(make.traverse(ask("d").node, { atLeast: n })))
      .andThen(of(make.retry(ask("e").node, { times: n })))
    const open = explain(flow).split("\n")
    expect(open.filter((line) => line.includes("n (1 to 2)"))).toHaveLength(4)
    expect(explain(flow, { params: { n: "2" } }).split("\n")).toEqual(open)
    const known = explain(flow, { params: { n: 2 } })
    for (const words of ["at least 2 of 2", "up to 2 turns", "at least 2 must succeed", "up to 2 times"]) {
      expect(known).toContain(words)
    }
    expect(known).not.toContain("1 to 2")
  })

  it("names branches, races, names and failures", () => {
    const flow = F.letIn("x", ask("classify"), (x) =>
      F.zipAll({ one: x, two: F.race(ask("a"), ask("b")) }).andThen(
        of(
          make.branch(
            { key: "kind" },
            ["s"],
            [ask("quick").node],
            F.fail({ code: "odd", message: "none" }).note("rare").node,
          ),
        ),
      ),
    )
    expect(explain(flow)).toBe(
      [
        "ask classify, as x  [0]",
        "all at the same time, on the same input  [1]",
        "  one: x  [1/one]",
        "  two",
        "    race: first success wins  [1/two]",
        "      branch 0: ask a  [1/two/0]",
        "      branch 1: ask b  [1/two/1]",
        "branch on kind  [2]",
        "  case s: ask quick  [2/s]",
        "  otherwise: fail with odd: none (rare)  [2/otherwise]",
      ].join("\n"),
    )
    expect(explain(F.identity())).toBe("give what arrives")
    expect(explain(F.route(ask("k") as F.Flow<unknown, "a">, { a: F.pure(1) }).recoverTag("NoMatch", F.pure(2)))).toBe(
      [
        "try",
        "  branch by an answer",
        "    the answer of: ask k  [by]",
        "    case a: give 1  [a]",
        "on NoMatch, with the fault: give 2  [recover]",
      ].join("\n"),
    )
  })

  it("stays on its lines, whatever a name holds", () => {
    const text = explain(ask(`a\nb${"x".repeat(10_000)}`).andThen(F.pure({ cycle: 10n })))
    expect(text.split("\n")).toHaveLength(2)
    expect(text.split("\n")[0]?.length).toBeLessThan(260)
  })

  it("of 100,000 steps, and of steps nested deep", () => {
    expect(explain(longSequence(() => ask("a"))).split("\n")).toHaveLength(100_000)
    for (const flow of Object.values(sequences(1_000, () => ask("a")))) {
      expect(explain(flow).split("\n")).toHaveLength(1_000)
    }
    const deep: Any = nested(10_000, ask("a"), (k) => F.zip(k, ask("b")))
    const lines = explain(deep).split("\n")
    expect(lines.length).toBeLessThan(100)
    expect(lines.some((line) => /^ +… 29,9\d\d more lines$/.test(line))).toBe(true)
  })
})
