import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import { atLeast, call, done, type Flow, graph, identity, lift, loop, pure, race, zip } from "../../src/flow/index.js"
import * as make from "../../src/flow/make.js"
import type { Node, Seq } from "../../src/flow/node.js"
import { steps } from "../../src/flow/spine.js"
import { faultOf, stage, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
const increment = (n: unknown): number => Number(n) + 1
const deep = 100_000

const nest = (wrap: (inner: Any, level: number) => Any, leaf: Any, levels: number): Any => {
  let built = leaf
  for (let i = 0; i < levels; i++) built = wrap(built, i)
  return built
}

/** A combinator around a flow, at each level. */
interface Nest {
  readonly wrap: (inner: Any, level: number) => Any
  /** What a level takes from its input or makes of its output, where it does not leave the value as it is. */
  readonly input?: (value: unknown) => unknown
  readonly output?: (value: never) => unknown
  /** What the innermost level gets, for a level that changes its input itself, or what it makes of that. */
  readonly leaf?: (value: unknown, levels: number) => unknown
}

const times = (levels: number, change: ((value: never) => unknown) | undefined, value: unknown): unknown => {
  let changed = value
  if (change !== undefined) for (let i = 0; i < levels; i++) changed = change(changed as never)
  return changed
}

const second = lift(({ results }: { readonly results: { readonly a: unknown } }) => results.a)
const succeeded = (value: { readonly succeeded: readonly { readonly value: unknown }[] }): unknown =>
  value.succeeded[0]?.value

const nests: Readonly<Record<string, Nest>> = {
  "a named sequence": { wrap: (inner) => inner.andThen(identity()).id("s") },
  // A Let within a Let of its name would be refused: each has its own.
  letIn: { wrap: (inner, level) => flow(make.letIn(`x${level}`, make.seq([]), inner.node)) },
  zip: { wrap: (inner) => zip(inner), output: ([value]: readonly unknown[]) => value },
  "zip, second": { wrap: (inner) => zip(pure(1), inner), output: ([, value]: readonly unknown[]) => value },
  race: { wrap: (inner) => race(inner) },
  atLeast: { wrap: (inner) => atLeast(1, [inner]), output: succeeded },
  branch: { wrap: (inner) => identity<unknown>().branchOn(() => true, inner, pure(0)) },
  recover: { wrap: (inner) => inner.recover(() => 0) },
  "recover, handler": {
    wrap: (inner) =>
      lift<unknown, unknown>(() => {
        throw new Error("no")
      }).fallbackTo(inner),
  },
  loop: {
    wrap: (inner) => loop<unknown, unknown>(inner as never),
    leaf: (value, levels) => times(levels, done, value),
  },
  timeout: { wrap: (inner) => inner.timeout(1_000) },
  "flatMap, of": { wrap: (inner) => inner.flatMap((output) => pure(output)) },
  "flatMap, chosen": { wrap: (inner) => pure(0).flatMap(() => inner) },
  traverse: {
    wrap: (inner) => flow(make.traverse(inner.node, {})),
    input: (value) => [value],
    output: ([value]: readonly unknown[]) => value,
  },
  "traverse, atLeast": {
    wrap: (inner) => flow(make.traverse(inner.node, { concurrency: 1, atLeast: 1 })),
    input: (value) => [value],
    output: succeeded,
  },
  retry: { wrap: (inner) => inner.retry({ times: 1 }) },
  limit: { wrap: (inner) => inner.limit({ concurrency: 1 }) },
  guard: { wrap: (inner) => inner.guard(() => true) },
  "guard, checked by a flow": { wrap: (inner) => flow(make.guard(inner.node, { by: pure(true).node })) },
  graph: { wrap: (inner) => graph({ a: { flow: inner }, b: { dependsOn: ["a"], flow: second } }) },
  call: { wrap: (inner) => call("f", inner) },
}

describe.each(Object.entries(nests))("%s", (name, { wrap, input, output, leaf = (value) => value }) => {
  const given = (levels: number): unknown => times(levels, input, 1)
  const got = (levels: number, value: unknown): unknown => times(levels, output, value)

  it("nests 100,000 deep: closed, compiled, run without the event loop's help", () => {
    const built = nest(
      wrap,
      lift((value) => leaf(increment(value), deep)),
      deep,
    )
    expect(got(deep, valueOf(stage().start(built, given(deep))()))).toBe(2)
  })

  it("nests 10,000 deep around an agent that answers later, or a fault", async () => {
    const levels = 10_000
    const { run, start } = stage({ later: () => async (value) => leaf(increment(value), levels) })
    expect(got(levels, valueOf(await run(nest(wrap, to("later"), levels), given(levels))))).toBe(2)
    const failing = lift<unknown, unknown>(() => {
      throw new Error("the leaf")
    })
    const outcome = start(nest(wrap, failing, levels), given(levels))()
    if (name === "recover") expect(valueOf(outcome)).toBe(0)
    else expect(faultOf(outcome).message.length).toBeLessThan(2_000)
  })
})

describe("sequences of 100,000 steps", () => {
  const leaf = lift(increment)
  const balanced = (from: number, to_: number): Node =>
    to_ - from === 1 ? leaf.node : make.seq([balanced(from, (from + to_) >> 1), balanced((from + to_) >> 1, to_)])
  it.each([
    ["flat", () => make.seq(Array.from({ length: deep }, () => leaf.node))],
    ["to the left", () => nest((inner) => inner.andThen(leaf), identity(), deep).node],
    ["to the right", () => nest((inner) => leaf.andThen(inner), identity(), deep).node],
    ["balanced", () => balanced(0, deep)],
  ])("%s", (_, build) => {
    const node = build()
    expect(steps(node as Seq).length).toBe(deep)
    expect(valueOf(stage().start(flow(node), 0)())).toBe(deep)
  })
})
