import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import { fold, type FlowAlgebra } from "../../src/flow/fold.js"
import {
  type AnyFlow,
  agent,
  atLeast,
  cost,
  equals,
  type Flow,
  fail,
  hash,
  identity,
  InvalidFlow,
  letIn,
  lift,
  named,
  normalize,
  pure,
  split,
  zip,
} from "../../src/flow/index.js"
import * as make from "../../src/flow/make.js"
import type { Node } from "../../src/flow/node.js"
import { rebuild } from "../../src/flow/rebuild.js"
import { digest } from "../../src/laws/alphabet.js"
import { cel, template } from "../../src/serde/index.js"
import { anySample, delays, equal, runOn, type Schedule } from "../laws/interpreters.js"
import { anyFlow } from "../serde/arbitrary-flow.js"

const up = named("up", (n: number) => n + 1)
const down = named("down", (n: number) => n - 1)
const a: Flow<number, number> = lift(up)
const b: Flow<number, number> = lift(down)
const shut = fail({ code: "shut", message: "it is night" })
const ask = (name: string): Flow<number, number> => agent({ _tag: "AgentRef", name })
const unknown = (node: Node): Flow<unknown, unknown> => flow(node)

/** Detours around a node that change nothing; `pick` says which. */
const detours: ReadonlyArray<(node: Node) => Node> = [
  (node) => node,
  (node) => make.seq([make.seq([]), node]),
  (node) => make.seq([make.pure(cel("value")), make.seq([node])]),
  (node) => make.seq([node, make.pure(template("${value}"))]),
  (node) => make.seq([node, make.seq([make.seq([]), make.seq([])])]),
  (node) => (node._tag === "Fail" ? make.seq([node, make.pure(up), make.pure({ _tag: "Constant", value: 1 })]) : node),
  (node) => (node._tag === "Fail" ? make.seq([make.pure({ _tag: "Constant", value: 1 }), node]) : node),
  (node) =>
    node._tag === "Pure" && node.code._tag === "Constant"
      ? make.recover(
          make.seq([make.pure({ _tag: "Constant", value: { kind: "no" } }), node]),
          shut.node,
          "fault",
          undefined,
        )
      : node,
]

const longer = [...detours, (node: Node): Node => make.retry(node, { times: 0 })]

/** Random detours: they leave no trace in the normal form. */
const around = (numbers: readonly number[], node: Node, from = detours): Node => {
  let at = 0
  const add = (made: Node): Node => {
    const detour = from[(numbers[at++ % numbers.length] ?? 0) % from.length]
    return made.id === undefined && made.note === undefined && detour !== undefined ? detour(made) : made
  }
  const adding: FlowAlgebra<Node> = {
    ...rebuild,
    Pure: (one, kids, place) => add(rebuild.Pure(one, kids, place)),
    Fail: (one, kids, place) => add(rebuild.Fail(one, kids, place)),
    Agent: (one, kids, place) => add(rebuild.Agent(one, kids, place)),
    Branch: (one, kids, place) => add(rebuild.Branch(one, kids, place)),
    All: (one, kids, place) => add(rebuild.All(one, kids, place)),
    Within: (one, kids, place) => add(rebuild.Within(one, kids, place)),
    Loop: (one, kids, place) => add(rebuild.Loop(one, kids, place)),
    // The choices of a flatMap are told by their hash: a detour in one of them makes it another.
    FlatMap: (one, { of }) => ({ ...one, of }),
  }
  return fold(node, adding)
}
const numbers = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 20 })

/** Constants and branches on them, failures in the middle, names: where every rewrite has something to do. */
const crooked = fc
  .letrec<{ node: Node }>((tie) => {
    const k = tie("node")
    const several = fc.array(k, { minLength: 1, maxLength: 3 })
    const constant = fc
      .constantFrom<unknown>(1, { kind: "a", value: 2 }, { kind: 1 }, { kind: null }, [1])
      .map((value) => make.pure({ _tag: "Constant", value }))
    const arms = fc.tuple(k, k)
    return {
      node: fc.oneof(
        { maxDepth: 5, withCrossShrink: true, depthSize: "medium" },
        fc.oneof(
          constant,
          fc.constantFrom<Node>(shut.node, make.seq([]), make.pure(cel("value")), make.pure(cel("value.kind"))),
          fc.constantFrom("echo", "count", "refuse", "falter").map((name) => ask(name).node),
        ),
        fc.oneof(
          { weight: 3, arbitrary: fc.array(k, { maxLength: 4 }).map(make.seq) },
          fc.tuple(constant, k).map(([first, then]) => make.seq([first, then])),
          fc.array(k, { maxLength: 3 }).map(make.unit),
          { weight: 2, arbitrary: arms.map(([x, y]) => make.branch({ key: "kind" }, ["a", "1"], [x, y], undefined)) },
          arms.map(([x, y]) => make.branch({ key: "kind" }, ["b"], [x], y)),
          arms.map(([x, y]) => make.recover(x, y, "input", undefined)),
          arms.map(([x, y]) => make.letIn("x", x, y)).map((node) => node),
          several.map((of) => make.all(of)),
          several.map((of) => make.race(of)),
          several.map((of) => make.atLeast(1, of, undefined, {})),
          k.map((of) => make.within(of, 100_000)),
          fc.tuple(k, fc.constantFrom("here", "there")).map(([of, id]) => make.withNote(of, id)),
          fc.tuple(constant, constant).map(([x, y]) => make.seq([x, make.seq([y])])),
        ),
      ),
    }
  })
  .node.map(renamed)

/** Each name bound once. */
function renamed(node: Node): Node {
  let n = 0
  return fold(node, { ...rebuild, Let: (one, kids) => ({ ...one, ...kids, name: `x${n++}` }) })
}

const asked =
  (schedule: Schedule, log: string[]): Schedule =>
  (ask) => {
    log.push(`${ask.ref.name} ${digest(ask.input)}`)
    return schedule(ask)
  }

async function agree(one: AnyFlow, input: unknown, table: readonly number[]): Promise<void> {
  const logs: [string[], string[]] = [[], []]
  const normal = normalize(one)
  const before = await runOn(asked(delays(table), logs[0]), one, input)
  const after = await runOn(asked(delays(table), logs[1]), normal, input)
  expect({ same: equal(before, after), before, after }).toMatchObject({ same: true })
  expect(logs[1]).toEqual(logs[0])
}
const table = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 })

describe("the normal form of a flow", () => {
  it("runs as the flow does: the same value or fault, the same asks in the same order", () =>
    fc.assert(
      fc.asyncProperty(
        anySample(),
        numbers,
        fc.integer({ min: 0, max: 100 }),
        table,
        ({ flow: of }, how, input, times) => agree(unknown(around(how, of.node)), input, times),
      ),
    ))

  it("runs as the flow does where constants, failures and branches stand side by side", () =>
    fc.assert(
      fc.asyncProperty(crooked, fc.constantFrom<unknown>(3, { kind: "a" }, { kind: 1 }), table, (node, input, times) =>
        agree(unknown(node), input, times),
      ),
    ))

  it("costs no more, and no less where it succeeds", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          crooked,
          anySample().map(({ flow: of }) => of.node),
        ),
        (node) => {
          const [before, after] = [cost(unknown(node)), cost(normalize(unknown(node)))]
          const top = (value: number | null): number => value ?? Infinity
          expect(top(after.most.calls.total.value)).toBeLessThanOrEqual(top(before.most.calls.total.value))
          expect(top(after.most.latency.value)).toBeLessThanOrEqual(top(before.most.latency.value))
          expect(top(after.most.concurrency.value)).toBeLessThanOrEqual(top(before.most.concurrency.value))
          // 0: the normal form shows that it cannot succeed
          const least = after.least.calls.total.value
          if (least !== 0) expect(top(least)).toBeGreaterThanOrEqual(top(before.least.calls.total.value))
        },
      ),
    ))

  it("is its own normal form", () =>
    fc.assert(
      fc.property(fc.oneof(anyFlow, crooked.map(unknown)), (one: AnyFlow) => {
        const normal = normalize(one)
        expect(equals(normalize(normal), normal)).toBe(true)
        expect(hash(normalize(normal))).toEqual(hash(normal))
      }),
    ))

  it("is the same with and without detours", () =>
    fc.assert(
      fc.property(anySample(), numbers, ({ flow: of }, how) => {
        expect(equals(normalize(unknown(around(how, of.node, longer))), normalize(of))).toBe(true)
      }),
    ))

  it("drops what passes its input on, and keeps every function", () => {
    const winding = identity<number>()
      .andThen(a)
      .andThen(identity())
      .andThen(lift(cel("value")))
    expect(normalize(winding as AnyFlow).node).toEqual(a.node)
    expect(equals(normalize(a.andThen(b)), a.andThen(b))).toBe(true)
  })

  it("drops a constant that the next step does not look at, and no step that might fail", () => {
    expect(normalize(pure(1).andThen(pure(2))).node).toEqual(pure(2).node)
    expect(equals(normalize(a.andThen(pure(2))), a.andThen(pure(2)))).toBe(true)
    const one = letIn("x", a, (x) => pure(1).andThen(x))
    expect(
      equals(
        normalize(one),
        letIn("x", a, (x) => x),
      ),
    ).toBe(true)
  })

  it("ends with what always fails", () => {
    expect(normalize(pure(1).andThen(shut).andThen(a)).node).toEqual(shut.node)
    expect(equals(normalize(zip(a, shut).timeout(5).andThen(pure(1))), zip(a, shut).timeout(5))).toBe(true)
    expect(equals(normalize(shut.recover(() => 1)), shut)).toBe(false)
    expect(normalize(letIn("x", shut, () => a)).node).toEqual(shut.node)
  })

  it("is the arm that a constant chooses", () => {
    const size = pure<{ kind: "small"; n: number } | { kind: "large" }>({ kind: "small", n: 1 })
    const small = ask("small")
    const routed = size.branch("kind", { small: lift(named("n", () => 1)).andThen(small), large: pure(0) })
    expect(equals(normalize(routed), size.andThen(lift(named("n", () => 1))).andThen(small))).toBe(true)
    const noCase = unknown(
      make.seq([pure({ kind: "odd" }).node, make.branch({ key: "kind" }, ["a"], [a.node], undefined)]),
    )
    expect(equals(normalize(noCase), noCase)).toBe(true)
  })

  it("keeps what has an id, and no remark", () => {
    const kept: AnyFlow[] = [
      pure(1).id("one").andThen(pure(2)),
      shut.andThen(a.id("never")),
      pure(1).recoverWith(pure(2).id("never")),
      unknown(
        make.seq([pure({ k: "x" }).node, make.withId(make.branch({ key: "k" }, ["x"], [a.node], undefined), "way")]),
      ),
      unknown(
        make.seq([pure({ k: "x" }).node, make.branch({ key: "k" }, ["x", "y"], [a.node, b.id("y").node], undefined)]),
      ),
    ]
    for (const one of kept) expect(equals(normalize(one), one)).toBe(true)
    expect(normalize(a.note("adds").andThen(b.andThen(a).note("twice"))).node).toEqual(
      normalize(a.andThen(b).andThen(a)).node,
    )
  })

  it("keeps the names of a quorum's members, which may come from a part that never runs", () => {
    const quorum = atLeast(1, [shut.andThen(ask("echo")), ask("count")])
    expect(equals(normalize(quorum), quorum)).toBe(true)
  })

  it("keeps the choices of flatMap, which are told by their hash, and the form of a split", () => {
    const choice = identity<number>().andThen(pure(1)).andThen(pure(2))
    const chosen = a.flatMap(
      named("choose", () => choice),
      { among: [choice] },
    )
    expect(equals(normalize(chosen), chosen)).toBe(true)
    const parts = split(identity<number>(), a)
    expect(equals(normalize(parts), parts)).toBe(true)
  })

  it("refuses a flow that is not closed", () => {
    expect(() => normalize(unknown(make.pure({ _tag: "Name", name: "x" })))).toThrow(InvalidFlow)
  })

  it("is found for 100,000 steps and for a nest as deep", () => {
    let steps: Flow<number, number> = a
    for (let i = 0; i < 100_000; i++) steps = steps.andThen(i % 2 === 0 ? identity() : b)
    const normal = normalize(steps).node
    expect(normal._tag === "Seq" && normal.parts.length).toBe(50_001)
    let nest: Flow<number, number> = a
    for (let i = 0; i < 100_000; i++) nest = nest.timeout(1_000)
    expect(normalize(nest).node._tag).toBe("Within")
  })
})
