import { describe, expect, it } from "vitest"
import { agent, type AnyFlow, atLeast, diff, type Document, zipAll } from "../../../src/flow/index.js"
import { commentOf } from "../../../src/flow/interpret/diff/comment.js"
import { drawings } from "../../../src/flow/interpret/diff/drawings.js"
import { document } from "../../../src/serde/index.js"
import { isGolden } from "../../setup/golden.js"
import { ask, nested } from "./parts.js"
import { pairs } from "./pairs.js"

const of = (flow: AnyFlow): Document => document({ flow })
const comment = (before: AnyFlow, after: AnyFlow): string =>
  commentOf(of(before), of(after), diff(of(before), of(after)), "flow.yaml")

/** The boxes of a drawing that bear a colour, as `n_0 was-changed`. */
const coloured = (text: string): string[] =>
  [...text.matchAll(/^ {2}class (\S+ was-\S+)$/gm)].map(([, one]) => one ?? "")
const both = (before: AnyFlow, after: AnyFlow): string[][] => {
  const drawn = drawings(of(before), of(after), 18_000)
  return [coloured(drawn.before), coloured(drawn.after)]
}

describe("the drawings of a diff", () => {
  it.each<[string, AnyFlow, AnyFlow, string[], string[]]>([
    ["a step that was added", ask("a"), ask("a").andThen(ask("b")), [], ["n_1 was-added"]],
    ["a step that was removed", ask("a").andThen(ask("b")), ask("a"), ["n_1 was-removed"], []],
    ["a deadline that changed", ask("a").timeout(5), ask("a").timeout(7), ["n_ was-changed"], ["n_ was-changed"]],
    ["a deadline that was added", ask("a"), ask("a").timeout(7), [], ["n_ was-changed"]],
    [
      "a recovery that was added",
      ask("a"),
      ask("a").recoverWith(ask("b")),
      [],
      ["n_ was-changed", "n_recover was-added"],
    ],
    [
      "a quorum for a step",
      ask("a"),
      atLeast(1, [ask("b"), ask("c")]),
      ["n_ was-changed"],
      ["n___2,n_0,n_1 was-changed", "n_ was-changed-frame"],
    ],
    [
      "a step that moved",
      ask("a").andThen(ask("b")).andThen(ask("c")),
      ask("c").andThen(ask("a")).andThen(ask("b")),
      ["n_2 was-moved"],
      ["n_0 was-moved"],
    ],
  ])("colour %s", (_, before, after, was, is) => expect(both(before, after)).toEqual([was, is]))

  it("colour the steps that ask an agent which changed", () => {
    const model = (model: string) =>
      ({ _tag: "AgentRef", name: "a", caps: { requests: 1, tokens: model.length } }) as const
    const made = (name: string): Document =>
      document({ flow: agent(model(name)).andThen(ask("b")), agents: { a: model(name) } })
    const drawn = drawings(made("one"), made("three"), 18_000)
    expect([coloured(drawn.before), coloured(drawn.after)]).toEqual([["n_0 was-changed"], ["n_0 was-changed"]])
  })

  it("are grey where nothing changed, and name no class that nobody bears", () => {
    const { before, after } = drawings(of(ask("a")), of(ask("a")), 18_000)
    expect(before).toBe(after)
    expect(before).not.toContain("was-")
    expect(before).not.toMatch(/#2f6fd0/)
  })

  it("of what is collapsed colour the box that it is in", () => {
    const big = (last: string): AnyFlow => nested(600, ask("a"), (flow, i) => flow.andThen(ask(i === 300 ? last : "b")))
    const drawn = drawings(of(big("b")), of(big("c")), 18_000)
    expect(drawn.after).toContain("%% collapsed: ")
    expect(drawn.after.length).toBeLessThanOrEqual(18_000)
  })
})

describe("a comment on a pull request", () => {
  it("reads as goldens/comment.txt says", () => {
    const told = [
      "wrapped step went from a quorum",
      "moved and changed",
      "handler to one for some faults",
      "swap",
      "remarks alone",
    ]
    const found = told.map((name) => pairs[name] ?? [])
    isGolden(
      new URL("goldens/comment.txt", import.meta.url),
      found.map(([before, after]) => comment(before, after)).join("\n"),
    )
  })

  it("says that nothing but layout changed, and draws nothing then", () => {
    expect(comment(ask("a"), ask("a").note("first"))).toBe("### flow.yaml\n\nNothing but layout.\n")
  })

  it("mentions nobody, and shows what a name says as it is", () => {
    const text = comment(ask("a"), ask("@octocat #12 <img src=x> `x` | [l](u)"))
    const [, line = ""] = /^- (agent a .*)$/m.exec(text) ?? []
    expect(line).toContain("@<!-- -->octocat #<!-- -->12 \\<img src=x\\> \\`x\\` \\| \\[l\\](u)")
  })

  it("is never longer than GitHub takes, and says what it leaves out", () => {
    const wide = (name: string): AnyFlow =>
      zipAll(Array.from({ length: 2_000 }, (_, i) => ask(`${name} ${i} ${"x".repeat(200)}`)))
    const text = comment(wide("a"), wide("b"))
    expect(text.length).toBeLessThanOrEqual(65_536)
    expect(text).toMatch(/^- … and [\d,]+ more, left out here: `troupe diff` tells them all$/m)
    expect(text).toContain("too large to be drawn whole here")
    expect(text.match(/^```mermaid$/gm)).toHaveLength(2)
  })
})
