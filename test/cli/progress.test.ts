import pc from "picocolors"
import { describe, expect, it } from "vitest"
import { progress } from "../../src/cli/progress.js"
import type { Terminal } from "../../src/cli/terminal.js"
import { AgentSystem, agent, defineAgent, zipAll } from "../../src/index.js"
import { virtualClock } from "../../src/testing/index.js"

function screen(rows: number): { readonly terminal: Terminal; readonly last: () => string } {
  const drawings: string[] = []
  const err = (text: string): void => void drawings.push(text)
  const terminal = { out: err, err, live: true, rows, columns: 80, colors: pc.createColors(false) }
  return { terminal, last: () => (drawings.at(-1) ?? "").split("\u001B[0J").at(-1) ?? "" }
}

describe("the live list of a run", () => {
  it("fits the terminal while it runs, and shows every task at the end", async () => {
    const clock = virtualClock()
    await using system = new AgentSystem({ clock })
    const wait = (name: string, ms: number) =>
      agent(defineAgent({ name }, () => new Promise<string>((resolve) => void clock.after(ms, () => resolve(name)))))
    const all = zipAll(Array.from({ length: 12 }, (_, i) => wait(`agent-${i}`, 1_000 * (i + 1))))
    const { terminal, last } = screen(10)
    const view = progress(terminal, clock)
    const run = system.start(all, 0)
    const seen = (async () => {
      for await (const event of run.events) if (event.type !== "lagged") view.see(event)
    })()

    await clock.advance(5_500)
    expect(last().trimEnd().split("\n")).toHaveLength(7)
    expect(last()).toContain("(6 more)")
    expect(last()).toMatch(/agent-5 at 5 \(5\.\d s\)/)

    await clock.advance(7_000)
    await seen
    view.end()
    expect(last().trimEnd().split("\n")).toHaveLength(12)
    expect(last()).toMatch(/^✓ agent-0 at 0 \(1\.0 s\)/)
    expect(last()).not.toContain("more)")
  })
})
