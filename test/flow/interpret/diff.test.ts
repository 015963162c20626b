import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { flow } from "../../../src/flow/build.js"
import { fold } from "../../../src/flow/fold.js"
import {
  type AnyFlow,
  agent,
  atLeast,
  type Diff,
  diff,
  diffMarkdown,
  type Flow,
  formatDiff,
  graph,
  hash,
  identity,
  letIn,
  lift,
  named,
  normalize,
  pure,
  split,
  zipAll,
} from "../../../src/flow/index.js"
import { rebuild } from "../../../src/flow/rebuild.js"
import { changesOf } from "../../../src/flow/interpret/diff/diff.js"
import { compared } from "../../../src/flow/interpret/diff/compare.js"
import { partsOf } from "../../../src/flow/interpret/diff/part.js"
import { parse, registry } from "../../../src/serde/index.js"
import { cel } from "../../../src/expr/index.js"
import { anyFlow } from "../../serde/arbitrary-flow.js"

const ask = (name: string): Flow<string, string> => agent({ _tag: "AgentRef", name })
const [draft, editor, reviewer, analyst] = [ask("draft"), ask("editor"), ask("reviewer"), ask("analyst")]
const messages = (before: AnyFlow, after: AnyFlow): string[] =>
  diff(before, after).changes.map(({ message }) => message)
const ofParts = (before: AnyFlow, after: AnyFlow): string[] =>
  compared(partsOf(before.node), partsOf(after.node)).map(({ message }) => message)
const nothing = ({ changes, uncomparable }: Omit<Diff, "cost">): boolean =>
  changes.length === 0 && uncomparable.length === 0

describe("what changed from one flow to another", () => {
  it("is nothing from a flow to itself, whatever its layout, remarks and names", () =>
    fc.assert(
      fc.property(anyFlow, (one) => {
        let n = 0
        const bare = fold(one.node, rebuild)
        const noted = fold(bare, { ...rebuild, Agent: (node) => ({ ...node, note: `remark ${n++}` }) })
        for (const other of [one, flow(noted) as AnyFlow, identity<never>().andThen(one)]) {
          expect(changesOf(one, other)).toEqual({ same: true, changes: [], uncomparable: [] })
        }
      }),
    ))

  it("is something exactly where the normal forms have different hashes, whichever way round", () =>
    fc.assert(
      fc.property(anyFlow, anyFlow, fc.nat(), (one, other, at) => {
        // Much alike, so that both happen: the same flow with one leaf changed.
        let leaf = 0
        const changed = fold(one.node, {
          ...rebuild,
          Agent: (node) => (leaf++ === at % 4 ? { ...node, ref: { ...node.ref, name: "else" } } : node),
        })
        for (const next of [other, flow<never, unknown>(changed)]) {
          const equal = hash(normalize(one)).value === hash(normalize(next)).value
          const [there, back] = [changesOf(one, next), changesOf(next, one)]
          expect([nothing(there), nothing(back), there.same, back.same]).toEqual([equal, equal, equal, equal])
        }
      }),
    ))

  it("says of a graph which member waits for what, of a split how long its list is, of decorators their order", () => {
    const dag = (...waits: string[]): AnyFlow =>
      graph({ x: { flow: draft }, y: { flow: editor }, z: { dependsOn: waits, flow: pure(1) } } as never)
    expect(messages(dag("x"), dag("y", "x"))).toEqual(["member z of the flow now depends on y, x instead of x"])
    expect(messages(dag("x"), dag())).toEqual(["member z of the flow now depends on nothing instead of x"])
    const [two, three] = [split(draft, editor), split(draft, editor, analyst)]
    expect(messages(two, three)[0]).toBe("the value of the flow (a list of 3) went from a list of 2 to a list of 3")
    const inner = draft.timeout(1_000).retry({ times: 1 })
    expect(messages(inner, draft.retry({ times: 1 }).timeout(1_000))).toEqual([
      "what is around the flow (draft), outermost first, went from retry 1, timeout 1s to timeout 1s, retry 1",
    ])
    expect(messages(inner, draft.retry({ times: 2 }).timeout(1_000))).toHaveLength(2)
    expect(messages(draft.retry({ times: 1 }), draft.retry({ times: 1, on: ["TimedOut"] }))).toEqual([
      "the flow (draft) now has a list of faults: TimedOut",
    ])
  })

  it("names what is wrapped around a step", () => {
    expect(messages(draft.andThen(editor.timeout(30_000)), draft.andThen(editor.timeout(60_000)))).toEqual([
      "the timeout of step 1 (editor) went from 30s to 1m",
    ])
    expect(messages(draft.andThen(editor), draft.andThen(editor.timeout(30_000)))).toEqual([
      "added: timeout 30s on step 1 (editor)",
    ])
    expect(messages(editor.fallbackTo(draft).timeout(5), editor.timeout(5))).toEqual([
      "removed: recover on the flow (editor)",
    ])
    expect(ofParts(draft, draft.guard(cel("value.ok")))).toEqual(["added: guard value.ok on the flow (draft)"])
    expect(ofParts(draft.guard(cel("value.ok")), draft.guard(cel("value.fine")))).toEqual([
      "the condition of the guard of the flow (draft) went from value.ok to value.fine",
    ])
  })

  it("names steps that came, went, moved or were replaced", () => {
    const before = draft.andThen(editor).andThen(reviewer)
    expect(diff(before, draft.andThen(editor).andThen(analyst).andThen(reviewer)).changes).toEqual([
      { kind: "added", path: "2", after: "ask analyst", message: "added: ask analyst after step 1 (editor)" },
    ])
    expect(messages(before, editor.andThen(reviewer))).toEqual(["removed: ask draft at the beginning"])
    expect(messages(before, draft.andThen(analyst).andThen(reviewer))).toEqual(["agent editor replaced by analyst"])
    expect(messages(before, editor.andThen(reviewer).andThen(draft))).toEqual(["moved: ask draft from 0 to 2"])
    expect(messages(draft, pure("x"))).toEqual(['ask draft replaced by map "x"'])
    expect(messages(draft.id("a").andThen(editor), editor.andThen(draft.id("a").timeout(5)))).toContain(
      "added: timeout 5ms on a (draft)",
    )
    expect(messages(draft, draft.id("first"))).toEqual(["the id of the flow (draft) is now first"])
  })

  it("names members by their keys, and says what a quorum needs", () => {
    const three = [draft, editor, reviewer]
    expect(messages(atLeast(3, three), atLeast(2, three))).toEqual(["quorum of 3 now needs 2 instead of 3"])
    expect(messages(atLeast(1, three), atLeast(2, [draft, editor]))).toEqual([
      "removed: ask reviewer as member of the flow",
      "quorum of 2 (it was 3) now needs 2 instead of 1",
    ])
    expect(messages(zipAll({ a: draft, b: editor }), zipAll({ a: draft, c: editor }))).toEqual([
      "removed: ask editor as branch b of the flow",
      "added: ask editor as branch c of the flow",
    ])
    expect(messages(zipAll({ a: draft, b: editor }), zipAll({ b: editor, a: draft }))).toEqual([
      "the order of members of the flow went from a, b to b, a",
    ])
    expect(messages(zipAll({ a: draft }), zipAll({ a: draft.andThen(editor) }))).toEqual([
      "added: ask editor after a/0 (draft)",
    ])
  })

  it("names what the members of a graph depend on", () => {
    const joined = { dependsOn: ["a", "b"], flow: identity<unknown>() } as const
    const before = graph({ a: { flow: editor }, b: { dependsOn: ["a"], flow: lift(String) }, c: joined })
    const after = graph({ a: { flow: editor }, b: { flow: lift(String) }, c: joined })
    expect(messages(before, after)).toEqual(["member b of the flow now depends on nothing instead of a"])
  })

  it("names bound results", () => {
    const bound = letIn("views", draft, () => editor)
    expect(messages(draft.andThen(editor), bound)).toEqual(["step 0 (draft) now has a name of the result: views"])
    expect(
      diff(
        bound,
        letIn("other", draft, () => editor),
      ).same,
    ).toBe(true)
  })

  it("tells the cost that moved", () => {
    const { cost } = diff(editor, draft.andThen(editor).timeout(1_000))
    expect(cost).toContainEqual({ bound: "most", figure: "calls", before: 1, after: 2 })
    expect(cost).toContainEqual({ bound: "most", figure: "latency", before: null, after: 1_000 })
    expect(formatDiff(diff(editor, draft.andThen(editor)))).toBe(
      "added: ask draft at the beginning\ncost: calls, at least: 2 instead of 1\ncost: calls, at most: 2 instead of 1",
    )
    expect(diffMarkdown(diff(editor, analyst.andThen(lift(named("a_b", (text: string) => text)))))).toContain("a\\_b")
  })

  it("knows from the input of a document how long its lists are", () => {
    const read = (most: number) => {
      const text = `troupe: 1
input: { type: array, items: { type: string }, minItems: 1, maxItems: ${most} }
agents: { reader: { provider: local } }
flow: { for_each: { do: { agent: reader } } }
`
      const parsed = parse(text, registry({}))
      if (parsed._tag === "Left") throw new Error(JSON.stringify(parsed.left))
      return parsed.right
    }
    expect(diff(read(4), read(9)).cost).toContainEqual({ bound: "most", figure: "calls", before: 4, after: 9 })
  })

  it("lists functions without a name that it cannot compare", () => {
    const size = (text: string): number => text.length
    expect(diff(lift(size), lift(size)).same).toBe(true)
    const result = diff(draft.andThen(lift((text: string) => text)), draft.andThen(lift((text: string) => text)))
    expect(result).toMatchObject({ same: false, changes: [] })
    expect(result.uncomparable).toEqual([
      { path: "1", side: "before" },
      { path: "1", side: "after" },
    ])
    expect(formatDiff(result)).toContain("cannot compare: a function without a name at 1, as it was")
  })

  it("is found for 20,000 steps and for a deep nest", () => {
    let [steps, others]: [Flow<string, string>, Flow<string, string>] = [draft, draft]
    for (let i = 0; i < 20_000; i++) {
      const next = ask(`agent${i % 1_000}`)
      steps = steps.andThen(next)
      others = others.andThen(i % 10_000 === 7 ? editor : next)
    }
    expect(diff(steps, others).changes).toHaveLength(2)
    let [nest, deeper]: [Flow<string, string>, Flow<string, string>] = [draft, editor]
    for (let i = 0; i < 3_000; i++) {
      nest = zipAll([nest]).andThen(pure("x"))
      deeper = zipAll([deeper]).andThen(pure("x"))
    }
    expect(messages(nest, deeper)).toEqual(["agent draft replaced by editor"])
  })
})
