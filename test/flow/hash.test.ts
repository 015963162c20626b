import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { agent, defineAgent, fail, identity, lift, named, pure, zipAll } from "../../src/index.js"
import { type AnyFlow, equals, type Flow, hash, letIn, loop, race } from "../../src/flow/index.js"
import { cel, template } from "../../src/serde/index.js"
import { flow } from "../../src/flow/build.js"
import { markOf } from "../../src/flow/hash.js"
import * as make from "../../src/flow/make.js"
import type { FaultTag } from "../../src/data/fault.js"
import type { Node } from "../../src/flow/node.js"
import { anyFlow } from "../serde/arbitrary-flow.js"

const of = (flow: AnyFlow): string => hash(flow).value
const up = named("up", (n: number) => n + 1)
const down = named("down", (n: number) => n - 1)
const a: Flow<number, number> = lift(up)
const b: Flow<number, number> = lift(down)

describe("the hash of a flow", () => {
  it("is the same for flows that are equal, and else another", () =>
    fc.assert(
      fc.property(anyFlow, anyFlow, (f, g) => {
        if (equals(f, g)) expect(of(f)).toBe(of(g))
        expect(of(identity<never>().andThen(f))).toBe(of(f))
        if (of(f) === of(g) && f.node.note === undefined) expect(hash(f)).toEqual(hash(g))
      }),
    ))

  it("is a SHA-256 that stays what it is from release to release", () => {
    const value = of(a.andThen(fail({ code: "shut", message: "it is night" })).id("gate"))
    expect(value).toMatch(/^[0-9a-f]{64}$/)
    expect(value).toBe("93ab1e48a6a4d6aecb45253d1f39491b0f9ea269afb0aaac81acefceda953b79")
  })

  it("does not see how sequences are joined, and sees their order", () => {
    expect(of(a.andThen(b).andThen(a))).toBe(of(a.andThen(b.andThen(a))))
    expect(of(a.andThen(b))).not.toBe(of(b.andThen(a)))
    expect(of(flow(make.seq([a.node])))).toBe(of(a))
  })

  it("sees ids and no remarks", () => {
    expect(of(a.id("first"))).not.toBe(of(a))
    expect(of(a.note("adds one"))).toBe(of(a))
    expect(of(a.andThen(b).note("both"))).toBe(of(a.andThen(b)))
  })

  it("sees no order of fields and of arms", () => {
    expect(of(pure({ x: 1, y: [2] }))).toBe(of(pure({ y: [2], x: 1 })))
    expect(of(pure({ x: 1 }))).not.toBe(of(pure({ x: "1" })))
    const arms = (cases: Record<string, AnyFlow>): AnyFlow => {
      const on = { key: "is" }
      const nodes = Object.values(cases).map(({ node }) => node)
      return flow(make.branch(on, Object.keys(cases), nodes, undefined))
    }
    expect(of(arms({ one: a, two: b }))).toBe(of(arms({ two: b, one: a })))
    expect(of(arms({ one: a, two: b }))).not.toBe(of(arms({ one: b, two: a })))
  })

  it("sees no order of faults to retry or recover from, nor of required members", () => {
    const again = (...on: FaultTag[]): AnyFlow => a.retry({ on })
    expect(of(again("TimedOut", "Failed"))).toBe(of(again("Failed", "TimedOut")))
    expect(of(again("TimedOut", "Failed"))).not.toBe(of(again("TimedOut")))
    const recovered = (...on: FaultTag[]): AnyFlow => flow(make.recover(a.node, b.node, "fault", on))
    expect(of(recovered("TimedOut", "Failed"))).toBe(of(recovered("Failed", "TimedOut")))
    const quorum = (...required: number[]): AnyFlow =>
      flow(make.atLeast(2, [a.node, b.node, a.node], undefined, { required }))
    expect(of(quorum(0, 2))).toBe(of(quorum(2, 0)))
    expect(of(quorum(0, 2))).not.toBe(of(quorum(0, 1)))
  })

  it("sees no spelling of bound names, in nodes and in expressions", () => {
    const both = (x: string, y: string): AnyFlow =>
      letIn(x, a, () =>
        letIn(y, b, () =>
          flow<number, unknown>(make.pure(template({ sum: `\${${x} + ${y} * value}`, text: `\${ ${y} }!` }))),
        ),
      )
    expect(of(both("p", "q"))).toBe(of(both("q", "p")))
    expect(of(both("p", "q"))).toBe(of(both("first", "x")))
    const reads = (name: string): AnyFlow =>
      letIn("p", a, () => letIn("q", b, () => flow<number, unknown>(make.pure({ _tag: "Name", name }))))
    expect(of(reads("p"))).not.toBe(of(reads("q")))
    expect(of(reads("p"))).not.toBe(of(reads("r")))
  })

  it("gives a part that reads names the hash of its place, not of where it was seen first", () => {
    const inner = make.pure({ _tag: "Name", name: "x" })
    const near = make.letIn("x", a.node, inner)
    const far = make.letIn("x", a.node, make.letIn("y", b.node, inner))
    const fresh = make.letIn("z", a.node, make.letIn("y", b.node, make.pure({ _tag: "Name", name: "z" })))
    const seen = [near, inner, far].map((node) => of(flow(node)))
    expect(new Set(seen).size).toBe(3)
    expect(of(flow(fresh))).toBe(of(flow(far)))
  })

  it("sees no layout of expressions", () => {
    expect(of(lift(cel("value . a+1 // one")))).toBe(of(lift(cel("value.a + 1.0"))))
    expect(of(lift(cel("value.a + 1")))).not.toBe(of(lift(cel("1 + value.a"))))
    expect(of(lift(cel("value.all(x, x > 1)")))).toBe(of(lift(cel("value.all(each, each > 1)"))))
    expect(of(lift(template("${value.a}")))).toBe(of(lift(cel("value.a"))))
    expect(of(lift(template("${value.a}!")))).not.toBe(of(lift(cel("value.a"))))
  })

  it("sees a branch on a field as one on the expression that reads it", () => {
    const on = (key: Parameters<typeof make.branch>[0]): AnyFlow => flow(make.branch(key, ["x"], [a.node], undefined))
    expect(of(on({ key: "kind" }))).toBe(of(on({ code: cel("value.kind") })))
  })

  it("knows functions and agents by name, and says where a name is missing", () => {
    const shout = (name: string): AnyFlow => agent(defineAgent({ name }, (text: string) => text))
    expect(of(shout("shout"))).toBe(of(shout("shout")))
    expect(of(shout("shout"))).not.toBe(of(shout("cry")))
    const plain = (n: number): number => n
    expect(hash(lift(plain))).toEqual({ value: of(lift(plain)), stable: false })
    expect(of(lift(plain))).not.toBe(of(lift((n: number) => n)))
    expect(hash(race(a, lift(plain)).timeout(5)).stable).toBe(false)
    expect(hash(pure(new Date(0))).stable).toBe(false)
    expect(hash(pure(Symbol("x"))).stable).toBe(false)
    expect(hash(pure({ deep: [null, undefined, 1n, -0, Number.NaN] })).stable).toBe(true)
  })

  it("ends on a constant that holds itself, and on one that is deep", () => {
    const ring: { self?: unknown } = {}
    ring.self = [ring]
    expect(hash(pure(ring)).stable).toBe(false)
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(hash(pure(deep)).stable).toBe(true)
    const twice = [1]
    expect(of(pure([twice, twice]))).toBe(of(pure([[1], [1]])))
  })

  it("is found for 100,000 steps and for a nest as deep, with bound names too", () => {
    let steps: Flow<number, number> = a
    for (let i = 0; i < 100_000; i++) steps = steps.andThen(b)
    expect(hash(steps).stable).toBe(true)
    let nest: Flow<number, number> = a
    for (let i = 0; i < 100_000; i++) nest = nest.timeout(1_000 + i)
    expect(hash(nest).stable).toBe(true)
    const read = make.pure({ _tag: "Name", name: "n0" })
    let lets: Node = read
    for (let i = 100_000; i-- > 0; ) lets = make.letIn(`n${i}`, a.node, make.seq([read, lets]))
    expect(hash(flow(lets)).stable).toBe(true)
  })

  it("is found once for each part: choices of choices stay linear", () => {
    let chosen: Flow<number, number> = a
    for (let i = 0; i < 20_000; i++) {
      const before: Flow<number, number> = chosen
      chosen = b.flatMap(
        named(`choose${i}`, () => before),
        { among: [before] },
      )
    }
    expect(markOf(chosen.node)).toBe(of(chosen).slice(0, 8))
    let shared: AnyFlow = zipAll([a, b])
    for (let i = 0; i < 200; i++) shared = zipAll([shared, shared])
    expect(of(shared)).toHaveLength(64)
  })

  it("tells apart what runs differently", () => {
    const body = lift(named("turn", (n: number) => ({ _tag: "Done" as const, value: n })))
    const all: AnyFlow[] = [
      a,
      b,
      identity<number>(),
      a.timeout(5),
      a.timeout(6),
      a.retry({ times: 2 }),
      a.retry({ times: 3 }),
      a.tap(b),
      a.notify(b),
      a.limit({ calls: 3 }),
      a.limit({ tokens: 3 }),
      a.fallbackTo(b),
      a.recoverWith(lift(() => 1)),
      race(a, b),
      race([a, b], { wins: "settled" }),
      zipAll([a, b]),
      zipAll({ a, b }),
      loop(body, { max: 2 }),
      loop(body, { max: 3 }),
    ]
    expect(new Set(all.map(of)).size).toBe(all.length)
  })
})
