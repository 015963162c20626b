import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const document = `
troupe: 1
input: { type: string }
agents:
  editor: { provider: anthropic, model: claude-sonnet-4-5, timeout: 30s }
flow:
  loop: { do: { agent: editor }, until: "true", max: 5 }
`

describe("troupe cost", () => {
  const here = folder()
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    writeFileSync(join(here.path, "edit.yaml"), document)
  })
  afterAll(here.remove)
  const cost = (...options: string[]) => troupe(["cost", "edit.yaml", ...options], { cwd: here.path })

  it("is a table of the least and the most, and why a figure has no bound", async () => {
    const { code, stdout, stderr } = await cost()
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toMatch(/^calls +1 +5$/m)
    expect(stdout).toMatch(/^latency +0ms +150s$/m)
    expect(stdout).toContain("no bound of tokens, money: editor declares none")
  })

  it("prints with --json what the library gives", async () => {
    const { stdout } = await cost("--json")
    const told = JSON.parse(stdout)
    expect(Object.keys(told)).toEqual(["least", "most", "unbounded", "criticalPath"])
    for (const figures of [told.least, told.most]) {
      expect(Object.keys(figures)).toEqual(["calls", "requests", "tokens", "usd", "latency", "concurrency"])
    }
    expect(told.most.calls).toEqual({
      total: { value: 5, kind: "bound" },
      byAgent: { editor: { value: 5, kind: "bound" } },
    })
    expect(told.unbounded).toContainEqual({ path: "0", agent: "editor", figure: "usd" })
  })

  it("is a gate: within, over and without a bound", async () => {
    expect((await cost("--max-calls", "5", "--max-requests", "5")).code).toBe(0)
    const over = await cost("--max-calls", "3", "--max-requests", "4")
    expect(over.code).toBe(1)
    expect(over.stderr).toBe(
      "error: calls: up to 5, 2 more than --max-calls allows (3)\n" +
        "error: model calls: up to 5, 1 more than --max-requests allows (4)\n",
    )
    expect(over.stdout).toMatch(/^calls +1 +5$/m)
    const open = await cost("--max-usd", "0.5", "--max-tokens", "9000", "--json")
    expect(open.code).toBe(1)
    expect(open.stderr).toBe(
      "error: tokens: no bound, by editor; --max-tokens allows 9,000\n" +
        "error: money: no bound, by editor; --max-usd allows $0.50\n",
    )
    expect(JSON.parse(open.stdout).most.usd.value).toBeNull()
  })

  it.each([
    ["--max-calls", "many", "a whole number, 0 or more"],
    ["--max-calls", "1.5", "a whole number, 0 or more"],
    ["--max-usd", "-1", "an amount of US dollars, such as 2.50"],
  ])("refuses %s %s", async (option, value, expected) => {
    const { code, stdout, stderr } = await cost(`${option}=${value}`)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(`error: ${option} ${value}: expected ${expected}`)
  })
})
