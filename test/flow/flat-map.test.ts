import { cel } from "../../src/expr/index.js"
import { describe, expect, it, vi } from "vitest"
import {
  fail,
  type Flow,
  identity,
  letIn,
  lift,
  loop,
  continueWith,
  done,
  named,
  pure,
  zip,
} from "../../src/flow/index.js"
import { flow, nodeOf } from "../../src/flow/build.js"
import { markOf } from "../../src/flow/hash.js"
import * as make from "../../src/flow/make.js"
import { faultOf, stage, thrower, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>

const mark = (of: Any): string => markOf(nodeOf(of))

describe("flatMap", () => {
  it("runs the chosen flow on its own input, not on the output that chose it", () => {
    const { start } = stage()
    const size = lift((text: string) => text.length)
    const chosen = size.flatMap((n) => lift((text: string) => `${text} has ${n}`))
    expect(valueOf(start(chosen, "bees")())).toBe("bees has 4")
  })

  it("gives the chosen flow a path that ends in its mark, counters around it included", async () => {
    const { run, asked } = stage()
    const turn = to("a")
      .flatMap(() => to("b"))
      .flatMap(() => to("c").id("named"))
      .id("step")
      .map((n) => (n === 1 ? done(n) : continueWith(1)))
    await run(loop(turn), 0)
    const steps = ["step", `step:${mark(to("b"))}`, `step:${mark(to("c").id("named"))}/named`]
    expect(asked.slice(0, 3)).toEqual(steps.map((step) => `#0/${step}`))
    expect(asked.slice(3)).toEqual(steps.map((step) => `#1/${step}`))
  })

  it("computes no mark where no path is read", () => {
    let read = 0
    // What has a mark has its name read.
    const told = (run: (value: number) => number): Flow<number, number> =>
      flow(
        make.pure({
          _tag: "Fn",
          run,
          get name() {
            return `told ${read++}`
          },
        }),
      )
    const quiet = stage()
    const silent = { ...quiet.runtime, emit: undefined }
    expect(silent.emit).toBeUndefined()
    expect(
      valueOf(
        quiet.start(
          identity<number>().flatMap(() => told((n) => n + 1)),
          1,
        )(),
      ),
    ).toBe(2)
    expect(read).toBe(0)
    const failing = pure(1).flatMap(() => told((n) => n).andThen(fail({ code: "no", message: "no" })))
    expect(faultOf(quiet.start(failing, 1)()).path).toMatch(/^:[0-9a-f]{8}\/1$/)
    expect(read).toBe(1)
  })

  it.each<[string, unknown, RegExp]>([
    ["a number", 3, /^choose failed: it gave a value of type number: expected a flow$/],
    ["null", null, /^choose failed: it gave null: expected a flow$/],
    ["an object", { node: 1 }, /it gave a value of type object: expected a flow/],
    ["a promise", Promise.resolve(pure(1)), /returned a promise/],
  ])("is FunctionFailed where the function gives %s", (_, given, message) => {
    const whole = pure(1).flatMap(named("choose", () => given as Any))
    const fault = faultOf(stage().start(whole.id("s").andThen(identity()))())
    expect(fault).toMatchObject({ _tag: "FunctionFailed", path: "s", name: "choose", retry: "no" })
    expect(fault.message).toMatch(message)
  })

  it("is FunctionFailed where the function throws, and recovers", () => {
    const whole = pure(1).flatMap(thrower("no choice"))
    expect(faultOf(stage().start(whole)())).toMatchObject({ _tag: "FunctionFailed", path: "" })
    expect(valueOf(stage().start(whole.recover((fault) => fault.message))())).toMatch(/threw: no choice/)
  })

  it("keeps the names in scope; a name that is not bound there is told of", () => {
    const reads = lift<unknown, unknown>(cel("far"))
    const chosen = (): Any => reads
    const bound = letIn("far", pure(7), () => pure(1).flatMap(chosen))
    expect(valueOf(stage().start(bound)())).toBe(7)
    const free = letIn("near", pure(7), () => pure(1).flatMap(named("pick", chosen)))
    const fault = faultOf(stage().start(free)())
    expect(fault).toMatchObject({ _tag: "FunctionFailed", name: "pick" })
    expect(fault.message).toMatch(
      /pick failed: it chose a flow that cannot run: it reads the name far, which is not bound/,
    )
    const twice = pure(1).flatMap(() => identity().andThen(pure(1).id("a")).andThen(pure(2).id("a")))
    expect(faultOf(stage().start(twice)()).message).toMatch(/two steps of it have the id a/)
  })

  it("with `among` runs one of the listed flows, known by itself or by its mark, else NoMatch", async () => {
    const { run, asked } = stage()
    const [a, b] = [to("a"), to("b")]
    const pick = (which: () => Any): Any => pure(1).flatMap(named("pick", which), { among: [a, b] })
    await run(pick(() => b))
    await run(pick(() => to("a")))
    expect(asked).toEqual([`:${mark(b)}`, `:${mark(a)}`])
    const fault = faultOf(await run(pick(() => to("c"))))
    expect(fault).toMatchObject({ _tag: "NoMatch", tag: mark(to("c")), known: [mark(a), mark(b)], retry: "no" })
    expect(fault.message).toBe(
      `pick chose the flow ${mark(to("c"))}, which among does not list: expected ${mark(a)}, ${mark(b)}`,
    )
    expect(asked).toEqual([`:${mark(b)}`, `:${mark(a)}`])
  })

  it("chooses nothing after a fault or an abort", async () => {
    const choose = vi.fn(() => pure(1))
    const on = stage({ later: () => () => new Promise(() => undefined) })
    expect(faultOf(on.start(fail({ code: "x", message: "x" }).flatMap(choose))())._tag).toBe("Failed")
    const outcome = on.start(to("later").flatMap(choose))
    on.cancel.cancel("enough")
    await on.clock.settle()
    expect(outcome()).toMatchObject({ left: { _tag: "Aborted", reason: "enough" } })
    expect(choose).not.toHaveBeenCalled()
  })

  it("chosen flows nest 100,000 deep, and 10,000 around an agent whose path is read", async () => {
    const nest = (leaf: Any, levels: number): Any => {
      let built = leaf
      for (let i = 0; i < levels; i++) {
        const inner = built
        built = pure(0).flatMap(() => inner)
      }
      return built
    }
    expect(valueOf(stage().start(nest(lift(Number), 100_000), 2)())).toBe(2)
    const { run, asked } = stage({ later: () => async (value) => value })
    expect(valueOf(await run(nest(to("later"), 10_000), 2))).toBe(2)
    expect(asked[0]).toMatch(/^(:[0-9a-f]{8}){10000}$/)
  })
})

it("a flow of another copy of this library is a flow as well", () => {
  const foreign = { node: make.pure({ _tag: "Constant", value: 5 }) } as Any
  expect(
    valueOf(
      stage().start(
        zip(
          pure(1).flatMap(() => foreign),
          flow(foreign.node),
        ),
      )(),
    ),
  ).toEqual([5, 5])
})

it("a chosen flow that cannot run by itself is refused with what is wrong with it", () => {
  const refused = (chosen: Any): string => faultOf(stage().start(pure(1).flatMap(() => chosen))()).message
  expect(refused(flow(make.call("gone")))).toContain("the call of gone holds no flow")
  expect(refused(pure(1).id("1").andThen(pure(2)))).toContain("the id 1 is taken")
})
