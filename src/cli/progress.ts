import type { Clock } from "../data/clock.js"
import { cutToColumns } from "../data/columns.js"
import type { FlowEvent } from "../flow/event.js"
import { Notices } from "./notices.js"
import { type Row, spoken, TaskBoard } from "./task-board.js"
import { printable } from "./printable.js"
import type { Terminal } from "./terminal.js"

/** Shows a run while it runs, on standard error. */
export interface Progress {
  see(event: FlowEvent): void
  /** Takes the display off the screen, or leaves its last state. */
  end(): void
  readonly board: TaskBoard
}

const marks = { running: "…", done: "✓", failed: "✗", aborted: "-" } as const
const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

function line({ colors, columns }: Terminal, row: Row, now: number, mark: string): string {
  const paint = { running: colors.cyan, done: colors.green, failed: colors.red, aborted: colors.dim }[row.state]
  const spent = [
    spoken((row.ended ?? now) - row.started),
    ...(row.tokens > 0 ? [`${row.tokens} tokens`] : []),
    ...(row.usd === undefined || row.usd === 0 ? [] : [`$${row.usd.toFixed(4)}`]),
  ].join(", ")
  const where = row.path === "" ? "" : ` at ${row.path}`
  const note = row.note === "" ? "" : `: ${row.note.replaceAll(/\s+/g, " ")}`
  const plain = printable(`${row.agent}${where} (${spent})${row.state === "aborted" ? " aborted" : note}`)
  return `${paint(mark)} ${cutToColumns(plain, Math.max(1, columns - 4))}`
}

const noticed = ({ colors }: Terminal, text: string, columns: number): string =>
  `${colors.yellow("!")} ${cutToColumns(printable(text.replaceAll(/\s+/g, " ")), Math.max(1, columns - 4))}`

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
      if (row !== undefined)
        terminal.err(`${line({ ...terminal, columns: 1_000 }, row, clock.now(), marks[row.state])}\n`)
    },
    end: () => stop(),
  }
}

/** The tasks of a run as a live list, drawn over itself ten times a second. */
function live(terminal: Terminal, clock: Clock): Progress {
  const board = new TaskBoard()
  const notices = new Notices()
  let drawn = 0
  let frame = 0
  let ended = false
  let stop = clock.after(100, tick)
  function draw(): void {
    const height = Math.max(1, terminal.rows - 4)
    const now = clock.now()
    const news = [...notices.failed, ...notices.sleeping(now), ...notices.waiting]
    const said = news.slice(Math.max(0, news.length - height + 1))
    const room = height - said.length
    const { rows } = board
    const running = rows.filter(({ state }) => state === "running")
    const left = Math.max(0, room - running.length)
    const over = left === 0 ? [] : rows.filter(({ state }) => state !== "running").slice(-left)
    const shown = [...over, ...running.slice(0, room)].toSorted((a, b) => rows.indexOf(a) - rows.indexOf(b))
    const hidden = rows.length - shown.length
    const mark = spinner[frame++ % spinner.length] ?? "…"
    const lines = shown.map((row) => line(terminal, row, now, row.state === "running" ? mark : marks[row.state]))
    if (hidden > 0)
      lines.unshift(terminal.colors.dim(cutToColumns(`  (${hidden} more)`, Math.max(1, terminal.columns - 2))))
    for (const text of said) lines.push(noticed(terminal, text, terminal.columns))
    // Line over line, then what is below: a screen that is first cleared flickers, and some terminals keep what they clear.
    const up = drawn === 0 ? "" : `\u001B[${drawn}A`
    terminal.err(`${up}\r${lines.map((text) => `${text}\u001B[K\n`).join("")}\u001B[J`)
    drawn = lines.length
  }
  function tick(): void {
    draw()
    stop = clock.after(100, tick)
  }
  return {
    board,
    see(event) {
      board.see(event)
      notices.see(event)
    },
    end() {
      if (ended) return
      ended = true
      stop()
      draw()
    },
  }
}

/** A live list where a person watches, plain lines elsewhere. */
export const progress = (terminal: Terminal, clock: Clock): Progress =>
  terminal.live ? live(terminal, clock) : plain(terminal, clock)
