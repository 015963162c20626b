import {
  agent,
  atLeast,
  type Continue,
  continueWith,
  type Done,
  done,
  fail,
  type Flow,
  identity,
  letIn,
  lift,
  loop,
  pure,
  race,
  route,
  zip,
  zipAll,
} from "../../src/flow/index.js"
import { describe, expect, it } from "vitest"
import { flow } from "../../src/flow/build.js"
import * as make from "../../src/flow/make.js"
import { after, faultOf, stage, to, valueOf } from "./recording.js"

type Any = Flow<unknown, unknown>
const twice = (): Flow<unknown, Continue<unknown> | Done<unknown>> => {
  let turn = 0
  return lift(() => (++turn % 2 === 0 ? done(turn) : continueWith(turn)))
}

describe("paths", () => {
  it.each<[string, Any, string[]]>([
    ["the root", to("a"), [""]],
    [
      "steps by index, sequences within flattened",
      to("a")
        .andThen(to("b").andThen(to("c")))
        .andThen(to("d")),
      ["0", "1", "2", "3"],
    ],
    ["a step by its id", to("a").andThen(to("b").id("draft")), ["0", "draft"]],
    [
      "a sequence with an id, on its own",
      to("a").andThen(to("b").andThen(to("c")).id("inner")),
      ["0", "inner/0", "inner/1"],
    ],
    ["a sequence with a note, on its own", to("a").andThen(to("b").andThen(to("c")).note("n")), ["0", "1/0", "1/1"]],
    [
      "decorators share the segment of their step",
      to("a").andThen(
        to("b")
          .id("draft")
          .timeout(5)
          .recover(() => 0),
      ),
      ["0", "draft"],
    ],
    [
      "an input computed first, as well",
      to("a").andThen(flow(make.withId(make.prepare({ _tag: "Constant", value: 1 }, to("b").node), "with"))),
      ["0", "with"],
    ],
    ["members by index", zip(to("a"), to("b")), ["0", "1"]],
    ["members by id", zip(to("a").id("x"), to("b")), ["x", "1"]],
    [
      "members by key",
      zipAll({ "a b": to("a"), "c/d#e!f~g@h:i[j]k%l": to("b") }),
      ["a b", "c%2Fd%23e%21f%7Eg%40h%3Ai%5Bj%5Dk%25l"],
    ],
    ["racers", race(to("fails"), to("b")), ["0", "1"]],
    ["members of a quorum", atLeast(1, { a: to("a"), b: to("b").andThen(to("c")) }), ["a", "b/0", "b/1"]],
    ["arms by tag", pure({ k: "x" }).branch("k", { x: to("a") }), ["1/x"]],
    ["the arm otherwise", pure<{ k: "x" | "y" }>({ k: "y" }).branch("k", { x: to("a") }, to("b")), ["1/otherwise"]],
    [
      "a classifier and its arm",
      route(to("a").andThen(pure<"t" | "u">("t")), { t: to("b"), u: to("c") }),
      ["by/0", "t"],
    ],
    ["a handler", to("fails").recoverWith(to("b")), ["", "recover"]],
    [
      "a handler of a step",
      to("a").andThen(to("fails").id("risky").fallbackTo(to("b"))),
      ["0", "risky", "risky/recover"],
    ],
    ["turns", loop(to("a").andThen(twice())), ["#0/0", "#1/0"]],
    [
      "turns of a step with an id",
      to("a").andThen(loop(to("b").id("draft").andThen(twice()))),
      ["0", "1#0/draft", "1#1/draft"],
    ],
    [
      "turns in turns",
      loop(loop(to("a").andThen(twice())).andThen(twice())),
      ["#0/0#0/0", "#0/0#1/0", "#1/0#0/0", "#1/0#1/0"],
    ],
    ["a bound step and what follows", letIn("x", to("a"), () => to("b").andThen(to("c"))), ["0", "1", "2"]],
  ])("%s", async (_, whole, expected) => {
    const { run, asked, events } = stage({
      fails: () => () => {
        throw new Error("no")
      },
    })
    await run(whole, 1)
    expect(asked).toEqual(expected)
    expect(events.filter(({ type }) => type === "task_started").map(({ path }) => path)).toEqual(expected)
  })

  it("hedged copies count from ~1, ~0 is omitted", async () => {
    const { run, asked } = stage({ slow: after(100) })
    await run(atLeast(1, [to("slow").andThen(to("b"))], { hedge: { after: 10, max: 1 } }), 1)
    expect(asked).toEqual(["0", "~1/0", "1"])
  })

  it("faults and events of a node have its path", async () => {
    const { start, events } = stage()
    const whole = loop(
      identity<unknown>().andThen(loop(lift(continueWith), { max: 2 }).id("inner").map(continueWith)),
      { max: 2 },
    )
    expect(faultOf(start(to("a").andThen(whole.id("outer")), 1)()).path).toBe("outer#0/inner")
    expect(events.map(({ type, path }) => `${type} ${path}`)).toContain("loop_continued outer#0/inner")
    expect(faultOf(start(zip(pure(1), to("a").andThen(fail({ code: "c", message: "m" }).id("f"))), 1)()).path).toBe(
      "1/f",
    )
  })
})

describe("scope", () => {
  const name = (bound: string): Any => flow(make.pure({ _tag: "Name", name: bound }))

  it("a name is the value of its step, however deep and however late", async () => {
    const { run } = stage({ later: after(10, () => "later") })
    const whole = letIn("x", to("later"), (x) =>
      zip(x, to("later").andThen(race(x)), loop(x.map(done)), fail({ code: "", message: "" }).fallbackTo(x)),
    )
    expect(valueOf(await run(whole, 0))).toEqual(["later", "later", "later", "later"])
  })

  it("a turn does not see the names of the turn before", () => {
    const body = letIn(
      "x",
      lift((n: number) => n * 10),
      (x) => x.map((v) => (v > 300 ? done(v) : continueWith(v + 1))),
    )
    expect(valueOf(stage().start(loop(body), 1)())).toBe(1110)
  })

  it.each<[string, Any, string]>([
    [
      "a sibling branch",
      zip(
        letIn("x", pure(1), (x) => x),
        name("x"),
      ),
      "1: ",
    ],
    [
      "after a nested flow with an id",
      letIn("x", pure(1), (x) => x)
        .id("in")
        .andThen(name("x")),
      "",
    ],
    ["a name never bound", name("x"), ""],
    ["the outside of a loop", loop(letIn("x", pure(1), () => pure(done(1)))).andThen(name("x")), "1: "],
  ])("%s does not see it: refused before anything runs", (_, whole) => {
    expect(() => stage().start(whole, 1)).toThrow(/the name x is not bound here/)
  })

  it("binding a bound name is refused, with both places", () => {
    const whole = letIn("x", to("a"), () =>
      zip(
        to("b"),
        letIn("x", to("c"), (x) => x),
      ),
    )
    expect(() => stage().start(whole, 1)).toThrow(/the name x is bound already, at/)
    expect(
      valueOf(
        stage().start(
          zip(
            letIn("x", pure(1), (x) => x),
            letIn("x", pure(2), (x) => x),
          ),
          0,
        )(),
      ),
    ).toEqual([1, 2])
  })
})

it("an agent gets the path, the ids and the nearest deadline", async () => {
  const seen: unknown[] = []
  const { run } = stage({
    look:
      () =>
      (_, { path, runId, taskId, agentPath, deadline }) => {
        seen.push({ path, runId, taskId, agentPath, deadline })
      },
  })
  const look = agent<unknown, unknown>({ _tag: "AgentRef", name: "look" })
  await run(look.andThen(look.timeout(9).andThen(look).timeout(5)), 0)
  const common = { runId: "r" }
  expect(seen).toEqual([
    { ...common, path: "0", taskId: "r.1", agentPath: "/r/look-1", deadline: undefined },
    { ...common, path: "1/0", taskId: "r.2", agentPath: "/r/look-2", deadline: 5 },
    { ...common, path: "1/1", taskId: "r.3", agentPath: "/r/look-3", deadline: 5 },
  ])
})
