import { describe, expect, it } from "vitest"
import { Cancel } from "../../../src/data/cancel.js"
import { FaultError } from "../../../src/data/fault.js"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { execute } from "../../../src/flow/interpret/run/index.js"
import * as make from "../../../src/flow/make.js"
import { virtualClock } from "../../../src/testing/virtual-clock.js"
import { type Any, ask, of } from "./parts.js"

const a = ask("a")
const b = ask("b")
const dear = ask("dear", { caps: { requests: 2, tokens: 100, usd: 1, latency: 50 } })
const cheap = ask("cheap", { caps: { requests: 1, tokens: 10, usd: 0.25, latency: 50 } })
const each = (body: Any, options: make.TraverseOptions = {}): Any => of(make.traverse(body.node, options))
const turns = (body: Any, max: number): Any => F.loop(body as never, { max })
const anything: Any = F.identity().flatMap(() => b)

type Name = "requests" | "tokens" | "usd" | "latency" | "concurrency"
const most = (flow: Any, name: Name): number | null => cost(flow).most[name].value

describe("what a limit leaves", () => {
  it.each<[string, Any, Name, number | null]>([
    ["of calls, times the tokens of the dearest ask", turns(cheap.andThen(dear), 5).limit({ calls: 3 }), "tokens", 300],
    ["whichever comes first", turns(dear.andThen(cheap), 5).limit({ calls: 3 }), "tokens", 300],
    ["of calls, times the money", turns(dear.andThen(cheap), 5).limit({ calls: 3 }), "usd", 3],
    ["of calls, times the model calls", turns(cheap.andThen(dear), 5).limit({ calls: 3 }), "requests", 6],
    ["of money in a limit of calls", turns(dear.limit({ usd: 0.5 }), 4).limit({ calls: 3 }), "usd", 1.5],
    ["of tokens in a limit of calls", turns(dear.limit({ tokens: 40 }), 4).limit({ calls: 3 }), "tokens", 120],
    ["of no calls, whatever they would take", a.limit({ calls: 0 }), "requests", 0],
    ["of no calls, at any time", a.limit({ calls: 0 }), "concurrency", 0],
    ["of asks at one time, side flows among them", a.notify(b).limit({ concurrency: 2 }), "concurrency", 2],
    ["of more asks at one time than there are", a.notify(b).limit({ concurrency: 9 }), "concurrency", 2],
    [
      "of side flows, which go on beside what follows",
      a
        .notify(F.zip(b, b, b, b, b))
        .limit({ concurrency: 2 })
        .andThen(F.zip(a, a, a)),
      "concurrency",
      5,
    ],
    ["of tokens, of asks that declare none", a.limit({ tokens: 5 }), "tokens", null],
    ["of tokens, of money", dear.limit({ tokens: 5 }), "usd", 1],
  ])("%s", (_, flow, name, value) => expect(most(flow, name)).toBe(value))

  it("of calls that are not known yet counts for every agent, and no more", () => {
    const { byAgent, total } = cost(F.zip(a, b, anything.limit({ calls: 2 }))).most.calls
    expect([total.value, byAgent["a"]?.value, byAgent["b"]?.value]).toEqual([4, 3, 3])
  })

  it("open is told by its place, and what it closes is not told again where another leaves it open", () => {
    const open = (flow: Any, name: string): string[] =>
      cost(flow).unbounded.flatMap(({ path, figure }) => (figure === name ? [path] : []))
    const list = each(dear).id("list")
    const names = ["calls", "requests", "tokens", "usd", "concurrency"] as const
    for (const name of names) {
      expect(open(list.limit({ calls: 3 }).andThen(each(dear).id("other")), name)).toEqual(["other"])
      const call = F.pure(0).andThen(anything.id("later"))
      expect(open(call.limit({ concurrency: 3 }), name)).toEqual(name === "concurrency" ? [] : ["later"])
      const left = name === "calls" || name === "concurrency" ? [] : ["later"]
      expect(open(call.limit({ calls: 3 }), name)).toEqual(left)
      expect(open(call.limit({ tokens: 3 }), name)).toEqual(["later"])
    }
    const step = F.pure(0).andThen(list)
    expect(open(step.limit({ usd: 3 }), "usd")).toEqual([])
    expect(open(step.limit({ usd: 3 }), "tokens")).toEqual(["list"])
    expect(open(step.limit({ tokens: 3 }), "tokens")).toEqual([])
  })
})

describe("waits between tries", () => {
  const tries: F.Param = { _tag: "Param", name: "tries" }

  it.each<[string, Any, number]>([
    ["none where the first is none, however long the longest", F.sleep(7).retry({ times: 2, base: 0, max: 90 }), 21],
    ["none of an even backoff", F.sleep(7).retry({ times: 2, base: 0, max: 90, backoff: "constant" }), 21],
    ["the longest at once", F.sleep(7).retry({ times: 2, base: 90, max: 90 }), 201],
    ["no try, no wait", F.sleep(7).retry({ times: 0, base: 90, max: 90 }), 7],
  ])("%s", (_, flow, latency) => expect(most(flow, "latency")).toBe(latency))

  it("without an end are told once, and so are tries without a wait", () => {
    for (const base of [0, 10]) {
      const { most: figures, unbounded } = cost(F.sleep(7).retry({ times: tries, base }))
      expect(figures.latency.value).toBeNull()
      expect(unbounded).toEqual([{ path: "", figure: "latency" }])
    }
  })
})

it("a second copy that starts as its member ends may still be waited for", async () => {
  const flow = F.atLeast(1, [F.sleep(250).andThen(ask("late", { caps: { latency: 250 } }))], {
    hedge: { after: 500, max: 1 },
  })
  const clock = virtualClock()
  let asks = 0
  let ended: number | undefined
  execute(
    flow,
    "x",
    {
      clock,
      random: () => 0,
      ask: () => {
        const first = asks++ === 0
        return new Promise((resolve, reject) => {
          clock.after(250, () => {
            if (first) reject(new FaultError({ _tag: "Unavailable", message: "away", retry: "yes" }))
            else resolve({ value: "x" })
          })
        })
      },
    },
    { runId: "r", cancel: new Cancel() },
    () => {
      ended = clock.now()
    },
  )
  for (let i = 0; i < 12; i++) await clock.advance(100)
  expect([asks, ended]).toEqual([2, 1_000])
  expect(most(flow, "latency")).toBe(1_000)
})
