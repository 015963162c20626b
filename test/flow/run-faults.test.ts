import { left } from "fp-ts/lib/Either.js"
import {
  atLeast,
  continueWith,
  fail,
  type Flow,
  InvalidFlow,
  lift,
  loop,
  named,
  pure,
  race,
} from "../../src/flow/index.js"
import { describe, expect, it } from "vitest"
import type { AgentRef } from "../../src/data/agent-ref.js"
import { FaultError, FlowError, retryable } from "../../src/data/fault.js"
import type { Schema } from "../../src/data/schema.js"
import { agent } from "../../src/flow/constructors.js"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { faultOf, stage, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
const step = (inner: Any): Any => pure(1).andThen(inner.id("here"))
const refused = (message: string): Schema<never> => ({ json: true, parse: () => left([{ at: "/a", message }]) })
const throwing: Schema<never> = {
  json: true,
  parse() {
    throw new Error("the schema broke")
  },
}
const checked = (sides: Partial<AgentRef<unknown, unknown>>): Any => agent({ _tag: "AgentRef", name: "a", ...sides })

const error = new Error("boom")
const overflow = (): never => {
  const dig = (): number => 1 + dig()
  throw new Error(String(dig()))
}

describe("each fault has its tag, path, cause and verdict", () => {
  it.each<[string, Any, object]>([
    ["TimedOut", step(to("never").timeout(50)), { after: 50, retry: "yes", message: "never: not done within 50ms" }],
    [
      "InvalidInput",
      step(checked({ input: refused("no") })),
      { retry: "no", value: 1, issues: [{ at: "/a", message: "no" }] },
    ],
    ["InvalidInput", step(checked({ input: throwing })), { retry: "no", value: 1 }],
    [
      "InvalidOutput",
      step(checked({ output: refused("no") })),
      { retry: "yes", value: 1, issues: [{ at: "/a", message: "no" }] },
    ],
    ["InvalidOutput", step(checked({ output: throwing })), { retry: "yes", value: 1 }],
    ["AgentFailed", step(to("throws")), { agent: "throws", cause: error, retry: "no", message: "throws failed: boom" }],
    ["AgentFailed", step(to("rejects")), { agent: "rejects", cause: error, retry: "no" }],
    ["AgentFailed", step(to("busy")), { agent: "busy", retry: { after: 500 } }],
    ["AgentFailed", step(to("again")), { agent: "again", retry: "yes" }],
    ["AgentFailed", step(to("nested")), { agent: "nested", retry: "yes" }],
    ["AgentFailed", step(to("aborts")), { agent: "aborts", retry: "no" }],
    ["RateLimited", step(to("limited")), { retry: { after: 70 }, message: "limited: slow down" }],
    [
      "FunctionFailed",
      step(
        lift(
          named("f", () => {
            throw error
          }),
        ),
      ),
      { name: "f", cause: error, retry: "no", message: "f threw: boom" },
    ],
    ["FunctionFailed", step(lift(() => Promise.reject(new Error("late")))), { name: "", retry: "no" }],
    [
      "Failed",
      step(fail({ code: "c", message: "m", data: { x: 1 } })),
      { code: "c", message: "m", data: { x: 1 }, retry: "no" },
    ],
    ["Failed", step(fail({ code: "c", message: "m", retry: true })), { retry: "yes" }],
    ["AllFailed", step(race(fail({ code: "1", message: "" }), to("busy"))), { retry: { after: 500 } }],
    ["AllFailed", step(race(fail({ code: "1", message: "" }))), { retry: "no" }],
    ["AllFailed", step(race(to("limited"), to("busy"), to("again"))), { retry: { after: 500 } }],
    ["QuorumNotMet", step(atLeast(1, [to("again"), to("throws")], { required: [1] })), { retry: "no" }],
    [
      "QuorumNotMet",
      step(atLeast(2, [to("throws"), to("again"), to("ok")])),
      { needed: 2, succeeded: 0, retry: "yes" },
    ],
    ["QuorumNotMet", step(atLeast(3, [to("throws"), to("again"), to("ok")])), { needed: 3, retry: "no" }],
    ["QuorumNotMet", step(atLeast(1, [to("throws"), to("again")], { required: [0] })), { retry: "no" }],
    ["QuorumNotMet", step(atLeast(1, [to("throws"), to("again")], { required: ["again"] })), { retry: "yes" }],
    [
      "LoopExceeded",
      step(
        loop(
          lift((n: unknown) => continueWith(Number(n) + 1)),
          { max: 3 },
        ),
      ),
      { last: 4, turns: 3, retry: "no" },
    ],
    [
      "InvalidOutput",
      pure(1).andThen(flow<unknown, unknown>(make.withId(make.loop(make.seq([])), "here"))),
      { value: 1, retry: "yes" },
    ],
    ["NoMatch", step(flow(make.branch({ key: "k" }, ["x"], [make.seq([])], undefined))), { known: ["x"], retry: "no" }],
    ["InvalidInput", step(flow(make.loop(make.seq([]), { _tag: "Param", name: "tries" }))), { retry: "no" }],
    [
      "InvalidInput",
      step(flow(make.atLeast({ _tag: "Param", name: "n" }, [make.seq([])], undefined, {}))),
      { retry: "no" },
    ],
    ["Defect", step(lift(overflow)), { retry: "no" }],
    ["Defect", step(to("overflows")), { retry: "no" }],
    ["Defect", step(to("overflows").recover(() => 1)), { retry: "no" }],
    ["Defect", step(race(to("overflows"), pure(1))), { retry: "no" }],
    ["Defect", step(atLeast(1, [to("overflows"), pure(1)])), { retry: "no" }],
  ])("%s", async (tag, whole, expected) => {
    const { run, events } = stage({
      never: () => () => new Promise(() => undefined),
      throws: () => () => {
        throw error
      },
      rejects: () => () => Promise.reject(error),
      busy: () => () => {
        throw retryable(new Error("busy"), { after: 500 })
      },
      again: () => () => {
        throw retryable(Object.freeze({ why: "frozen" }))
      },
      aborts: () => () => {
        throw new DOMException("stop", "AbortError")
      },
      nested: () => () => {
        throw new FlowError({ _tag: "Unavailable", path: "x", message: "down", retry: "yes" })
      },
      limited: () => () => {
        throw new FaultError({ _tag: "RateLimited", message: "slow down", retry: { after: 70 } })
      },
      overflows: () => overflow,
    })
    const fault = faultOf(await run(whole, 0))
    expect(fault).toMatchObject({ _tag: tag, ...expected })
    expect(fault.path.split(/[/#]/)[0]).toBe("here")
    expect(events.at(-1)).toMatchObject({ type: "run_failed", path: fault.path, data: fault })
  })
})

describe("whatever an agent throws is AgentFailed", () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a text", "text"],
    ["a symbol", Symbol("s")],
    ["a frozen object", Object.freeze({ a: 1 })],
    ["an object without a prototype", Object.create(null)],
    ["a revoked proxy", proxy],
    [
      "an object whose text throws",
      {
        toString() {
          throw new Error("no text")
        },
      },
    ],
  ])("%s", async (_, thrown: unknown) => {
    for (const late of [false, true]) {
      const { run, events } = stage({
        a: () => () => {
          if (late) return Promise.reject(thrown)
          throw thrown
        },
      })
      const fault = faultOf(await run(to("a"), 0))
      expect(fault._tag).toBe("AgentFailed")
      expect(Object.is(fault.cause, thrown)).toBe(true)
      expect(events.map(({ type }) => type)).toEqual(["run_started", "task_started", "task_failed", "run_failed"])
    }
    const mapped = faultOf(
      stage().start(
        lift(() => {
          throw thrown
        }),
        0,
      )(),
    )
    expect(mapped._tag).toBe("FunctionFailed")
    expect(Object.is(mapped.cause, thrown)).toBe(true)
  })
})

describe("values that fight back", () => {
  const hostile = new Proxy(
    {},
    {
      has: () => true,
      get: () => {
        throw new Error("hands off")
      },
    },
  )
  it("fail where they are read, and only there", () => {
    expect(
      faultOf(
        stage().start(
          lift(() => hostile),
          0,
        )(),
      )._tag,
    ).toBe("FunctionFailed")
    const branching = flow(make.branch({ key: "kind" }, ["x"], [make.seq([])], undefined))
    const own = Object.defineProperty({}, "kind", {
      enumerable: true,
      get: () => {
        throw new Error("no kind")
      },
    })
    expect(faultOf(stage().start(pure(own).andThen(branching), 0)())).toMatchObject({
      _tag: "FunctionFailed",
      path: "1",
    })
  })
})

describe("the condition of a loop", () => {
  const until = (when: (value: unknown) => unknown) =>
    flow(
      make.loop(
        make.until(make.pure({ _tag: "Fn", name: "next", run: (n) => Number(n) + 1 }), {
          _tag: "Fn",
          name: "when",
          run: when,
        }),
      ),
    )
  it("sees the output of each turn", () => {
    expect(
      valueOf(
        stage().start(
          until((n) => Number(n) >= 4),
          0,
        )(),
      ),
    ).toBe(4)
  })
  it("fails by its own name when it throws, and is refused when it gives no boolean", () => {
    const throwing = until(() => {
      throw error
    })
    expect(faultOf(stage().start(throwing, 0)())).toMatchObject({ _tag: "FunctionFailed", name: "when", cause: error })
    expect(
      faultOf(
        stage().start(
          until(() => 1),
          0,
        )(),
      ).message,
    ).toContain("expected true or false")
  })
})

describe("parameters in the place of numbers", () => {
  const max = { _tag: "Param", name: "n" } as const
  const looped = flow(make.loop(lift(continueWith).node, max, "last"))
  it("are those of the run", () => {
    const { start, events } = stage()
    expect(valueOf(start(looped, 7, { n: 3 })())).toBe(7)
    expect(events.filter(({ type }) => type === "loop_continued").length).toBe(2)
  })
  it.each([[{}], [{ n: 0 }], [{ n: 1.5 }], [{ n: "2" }], [{ n: null }]])("%j is refused", (params) => {
    expect(faultOf(stage().start(looped, 7, params)())._tag).toBe("InvalidInput")
  })
  it("a quorum of more than there are fails before anything starts", () => {
    const { start, asked } = stage()
    const fault = faultOf(start(flow(make.atLeast(max, [to("a").node, to("b").node], undefined, {})), 0, { n: 3 })())
    expect(fault).toMatchObject({ _tag: "QuorumNotMet", needed: 3, succeeded: 0 })
    expect(asked).toEqual([])
  })
})

it("a flow that is not closed is refused before anything runs", () => {
  expect(() => stage().start(to("a").andThen(flow(make.pure({ _tag: "Name", name: "free" }))), 0)).toThrow(InvalidFlow)
})

it("a Defect is not hidden by a deadline that passed meanwhile", () => {
  expect(faultOf(stage().start(lift(overflow).timeout(0), 0)())._tag).toBe("Defect")
})
