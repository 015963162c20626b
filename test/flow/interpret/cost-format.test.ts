import { describe, expect, it } from "vitest"
import * as F from "../../../src/flow/index.js"
import { cost } from "../../../src/flow/interpret/cost.js"
import { formatAmount, formatCost } from "../../../src/flow/interpret/cost-format.js"
import * as make from "../../../src/flow/make.js"
import { type Any, ask, longSequence, of } from "./parts.js"

describe("formatCost", () => {
  it("is a short table", () => {
    const capped = ask("editor", { caps: { requests: 2, tokens: 12_000, usd: 0.05, latency: 30_000 } })
    expect(formatCost(cost(F.atLeast(1, [capped, ask("analyst")]).timeout(60_000)))).toBe(
      [
        "             least       most",
        "calls            1          2",
        "  analyst        0          1",
        "  editor         0          1",
        "model calls      0  unbounded",
        "tokens           0  unbounded",
        "money           $0  unbounded",
        "latency        0ms         1m",
        "at one time      1          2",
        "no bound of model calls, tokens, money: analyst declares none",
      ].join("\n"),
    )
    expect(formatCost(cost(capped)).split("\n").slice(2, 7)).toEqual([
      "  editor         1       1",
      "model calls      0       2",
      "tokens           0  12,000",
      "money           $0   $0.05",
      "latency        0ms     30s",
    ])
  })

  it("tells the longest way, estimates and success", () => {
    const slow = ask("slow", { caps: { requests: 0, latency: 30_000 } })
    const flow = slow.andThen(F.loop(ask("guessed") as never, { max: 3 })).andThen(F.suspend("ok", { type: "boolean" }))
    const priced = cost(flow, {
      estimates: {
        guessed: { requests: 1, tokens: 400, usd: 0.01, latency: 1_000, failure: 0.1 },
        slow: { failure: 0 },
      },
    })
    expect(formatCost(priced).split("\n").slice(4)).toEqual([
      "model calls      0         ~3",
      "tokens           0     ~1,200",
      "money           $0     ~$0.03",
      "latency        0ms  unbounded",
      "at one time      1          1",
      "success: ~72.9%",
      "longest way: slow 30s, then 3 × guessed 3s, then wait at 2 unbounded",
      "no bound of latency: what the flow at 2 takes is known only as it runs",
    ])
  })

  it("lists no more than a few steps of a long way", () => {
    const text = formatCost(cost(longSequence(() => F.sleep(1))))
    expect(text).toContain("then wait at 5 1ms, then 99,994 more steps")
  })

  it("stays short for many agents", () => {
    const flow = F.zipAll(Array.from({ length: 500 }, (_, i) => ask(`agent${i}`)))
    const text = formatCost(cost(flow))
    expect(text.split("\n").length).toBeLessThan(60)
    expect(text).toContain("… 480 more agents")
  })

  const table = (flow: Any, options?: F.CostOptions): string[] => formatCost(cost(flow, options)).split("\n")
  const many = (count: number): Any => F.zipAll(Array.from({ length: count }, (_, i) => ask(`agent${1_000 + i}`)))
  const waits = (name: string): Any => F.suspend(name, { type: "boolean" })
  const row = (flow: Any, name: string, options?: F.CostOptions): string | undefined =>
    table(flow, options).find((line) => line.startsWith(name))

  it("lists twenty agents, and counts those beyond", () => {
    expect(table(many(20)).filter((line) => /^ {2}agent|^no/.test(line))).toEqual([
      ...Array.from({ length: 20 }, (_, i) => `  agent${1_000 + i}      1          1`),
      `no bound of model calls, tokens, money, latency: ${Array.from({ length: 20 }, (_, i) => `agent${1_000 + i}`).join(", ")} declare none`,
    ])
    const beyond = table(many(22))
    expect(beyond.filter((line) => line.startsWith("  agent"))).toHaveLength(20)
    expect(beyond).toContain("  … 2 more agents")
    expect(beyond.at(-1)).toMatch(/: agent1000, .*, agent1019, 2 more declare none$/)
  })

  it("cuts names beyond forty characters", () => {
    const [fits, long] = ["f".repeat(40), "l".repeat(41)]
    expect(table(ask(fits).andThen(ask(long))).filter((line) => line.startsWith("  "))).toEqual([
      `${" ".repeat(44)}least       most`,
      `  ${fits}      1          1`,
      `  ${"l".repeat(39)}…      1          1`,
    ])
  })

  it("rounds no more than it must", () => {
    const of = (usd: number, tokens = 1): F.CostOptions => ({ estimates: { a: { usd, tokens } } })
    const a = ask("a")
    expect(row(a, "money", of(0.00254))).toMatch(/ ~\$0\.0025$/)
    expect(row(a, "money", of(0.5))).toMatch(/ ~\$0\.50$/)
    expect(row(a, "money", of(12.3456))).toMatch(/ ~\$12\.35$/)
    expect(row(a, "money", of(1_234))).toMatch(/ ~\$1,234$/)
    expect(row(a, "tokens", of(1, 1_234.5678))).toMatch(/ ~1,235$/)
    expect(row(a, "success", { estimates: { a: { failure: 0.012345 } } })).toBe("success: ~98.77%")
  })

  it("says that the success is not known, and why", () => {
    const lines = table(ask("a").andThen(ask("b")), { estimates: { a: { failure: 0.5, latency: 5, requests: 1 } } })
    expect(lines.filter((line) => /success|failures/.test(line))).toEqual([
      "success: not known",
      "no bound of model calls, tokens, money, latency, failures: b declares none",
    ])
  })

  it("lists six steps of the longest way, and counts those beyond", () => {
    const way = (steps: number): string | undefined =>
      row(of(make.seq(Array.from({ length: steps }, () => F.sleep(1).node))), "longest")
    const six = "longest way: " + Array.from({ length: 6 }, (_, i) => `wait at ${i} 1ms`).join(", then ")
    expect([way(1), way(6), way(7)]).toEqual([undefined, six, `${six}, then 1 more steps`])
  })

  it("says of the longest way what each step is, and how often", () => {
    const turns: F.Param = { _tag: "Param", name: "turns" }
    const loop = (max: F.Param | number): Any => F.loop(F.sleep(5) as never, { max })
    expect(row(waits("x"), "longest")).toBe("longest way: wait at the root unbounded")
    expect(row(loop(3_000).andThen(loop(turns)), "longest")).toBe(
      "longest way: 3,000 × wait at 0 15s, then × wait at 1 unbounded",
    )
    const later = F.sleep(1).andThen(F.identity().flatMap(() => ask("a")))
    expect(row(later, "longest")).toBe("longest way: wait at 0 1ms, then flow at 1 unbounded")
    expect(row(F.sleep(1).andThen(F.sleep(90).timeout(8)), "longest")).toBe(
      "longest way: wait at 0 1ms, then deadline at 1 8ms",
    )
  })

  it("says of each place what it leaves open, places alike together and apart from agents", () => {
    const agent = ask("a", { caps: { requests: 0 } })
    const each = of(make.traverse(ask("b", { caps: { requests: 1, latency: 1 } }).node, {}))
    const lines = table(of(make.seq([waits("x").node, each.node, waits("y").node, agent.node])))
    expect(lines.filter((line) => line.startsWith("no bound"))).toEqual([
      "no bound of calls, model calls, tokens, money, asks at one time: what the flow at 1 takes is known only as it runs",
      "no bound of tokens, money: b declares none",
      "no bound of latency: what the flow at 0, the flow at 2 takes is known only as it runs",
      "no bound of latency: a declares none",
    ])
    expect(table(waits("x")).at(-1)).toBe("no bound of latency: what the flow takes is known only as it runs")
  })

  it("says nothing of an agent that a cost leaves out but 0", () => {
    const whole = cost(ask("a"))
    const { total } = whole.least.calls
    const cut = { ...whole, least: { ...whole.least, calls: { total, byAgent: {} } } }
    expect(formatCost(cut).split("\n")[2]).toBe("  a              0          1")
  })

  it.each([
    ["usd", 0.25, "$0.25"],
    ["usd", 3, "$3"],
    ["tokens", 1_200, "1,200"],
    ["calls", 3, "3"],
  ])("an amount of %s: %d is %s", (figure, value, text) => expect(formatAmount(figure, value)).toBe(text))
})
