import type { Clock } from "../data/clock.js"
import { cutToColumns } from "../data/columns.js"
import { liveView } from "./live-view.js"
import { Notices } from "./notices.js"
import { printable } from "./printable.js"
import { marks, noticed, type Progress, spent } from "./progress-words.js"
import { type Row, spoken, TaskBoard } from "./task-board.js"
import type { Terminal } from "./terminal.js"

function line({ colors }: Terminal, row: Row, now: number): string {
  const paint = { running: colors.cyan, done: colors.green, failed: colors.red, aborted: colors.dim }[row.state]
  const where = row.path === "" ? "" : ` at ${row.path}`
  const note = row.note === "" ? "" : `: ${row.note.replaceAll(/\s+/g, " ")}`
  const text = printable(`${row.agent}${where} (${spent(row, now)})${row.state === "aborted" ? " aborted" : note}`)
  return `${paint(marks[row.state])} ${cutToColumns(text, 996)}`
}

/** A line an ended task; who is still at work after a second, and then every ten. */
function plain(terminal: Terminal, clock: Clock): Progress {
  const board = new TaskBoard()
  const notices = new Notices()
  let stop = clock.after(1_000, remind)
  function remind(): void {
    const names = board.running.map(({ agent, started }) => `${agent} (${spoken(clock.now() - started)})`)
    if (names.length > 0) terminal.err(`… at work: ${names.join(", ")}\n`)
    for (const text of notices.sleeping(clock.now())) terminal.err(`… ${printable(text)}\n`)
    stop = clock.after(10_000, remind)
  }
  return {
    board,
    see(event) {
      for (const text of notices.see(event)) terminal.err(`${noticed(terminal, text, 1_000)}\n`)
      const row = board.see(event)
      if (row !== undefined) terminal.err(`${line(terminal, row, clock.now())}\n`)
    },
    end: () => stop(),
  }
}

/** A live tree where a person watches, plain lines elsewhere. `names` says what branches are called, by their paths. */
export const progress = (
  terminal: Terminal,
  clock: Clock,
  names: () => ReadonlyMap<string, string> = () => new Map(),
): Progress => (terminal.live ? liveView(terminal, clock, names) : plain(terminal, clock))
