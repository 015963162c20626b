import * as fc from "fast-check"
import pc from "picocolors"
import { describe, expect, it } from "vitest"
import { virtualClock } from "troupe/testing"
import { progress } from "../../src/cli/progress.js"
import { columnsOf, cutToColumns } from "../../src/data/columns.js"
import type { FlowEvent } from "../../src/flow/event.js"

/** What moves the cursor up and clears from there. */
const moves = new RegExp(String.raw`${String.fromCodePoint(27)}\[(\d+A|K|J|0J)`, "g")

type Of<T extends FlowEvent["type"]> = Extract<FlowEvent, { type: T }>["data"]

/** Runs a live list over some tasks, and gives each frame that it drew as lines. */
async function frames(
  rows: number,
  columns: number,
  tasks: number,
  ended: number,
  note: string,
  open = 0,
): Promise<string[][]> {
  const clock = virtualClock()
  const drawn: string[] = []
  const screen = { out: () => {}, err: (text: string) => void drawn.push(text), live: true, rows, columns }
  const view = progress({ ...screen, colors: pc.createColors(false) }, clock)
  const head = (task: number) => ({ runId: "r", seq: 0, time: 0, path: `${task}`, taskId: `${task}` })
  for (let task = 0; task < tasks; task++) {
    const data = { agent: `agent_${task}`, input: "" } as unknown as Of<"task_started">
    view.see({ ...head(task), type: "task_started", data } as FlowEvent)
    view.see({ ...head(task), type: "task_progress", data: note } as FlowEvent)
    if (task < ended) view.see({ ...head(task), type: "task_completed", data: { output: "" } } as unknown as FlowEvent)
  }
  if (open > 0) {
    const waits = Array.from({ length: open }, (_, i) =>
      i % 2 === 0 ? { path: `${i}`, name: note } : { path: `${i}`, until: 9e9 },
    )
    view.see({ ...head(0), type: "run_suspended", data: { waits } } as unknown as FlowEvent)
  }
  await clock.advance(300)
  view.end()
  view.end()
  expect([drawn.shift(), drawn.pop()]).toEqual(["\u001B[?25l", "\u001B[?25h"])
  return drawn.map((frame) => frame.replaceAll(moves, "").replaceAll("\r", "").split("\n").slice(0, -1))
}

describe("the live tree", () => {
  it("never draws more than the window holds, however tasks are divided", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 30 }),
        fc.integer({ min: 12, max: 100 }),
        fc.integer({ min: 0, max: 40 }),
        fc.nat(),
        fc.constantFrom("short", "words ".repeat(40), "日本語😀".repeat(20), "\u001B[2J\u0007bell\r\n"),
        fc.integer({ min: 0, max: 40 }),
        async (rows, columns, tasks, some, note, open) => {
          for (const lines of await frames(rows, columns, tasks, some % (tasks + 1), note, open)) {
            expect(lines.length).toBeLessThan(rows)
            for (const line of lines) {
              expect(columnsOf(line)).toBeLessThan(columns)
              expect(line).not.toMatch(/\p{Cc}/u)
            }
          }
        },
      ),
    ))

  it("says at its end what it waits for", async () => {
    const last = (await frames(24, 80, 1, 1, "approval", 2)).at(-1) ?? []
    expect(last.slice(1).map((line) => line.replace(/, \d.*/, ""))).toEqual([
      "! asleep at 1",
      "! waits for the answer `approval` at 0",
      "! a timeout or Ctrl-C ends that; answers are given by programs: system.signal",
    ])
  })

  it("draws its last state once", async () => {
    expect(await frames(24, 80, 2, 2, "")).toHaveLength(4)
  })
})

describe("a text cut to columns", () => {
  it.each([
    ["summary", 4, "sum…"],
    ["summary", 7, "summary"],
    ["日本語", 6, "日本語"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["", 1, ""],
    ["e\u0301e\u0301", 2, "e\u0301e\u0301"],
  ])("%j to %i is %j", (text, columns, cut) => expect(cutToColumns(text, columns)).toBe(cut))
})
