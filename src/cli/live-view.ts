import type { Clock } from "../data/clock.js"
import { columnsOf, cutToColumns } from "../data/columns.js"
import { hideCursor } from "./cursor.js"
import { Notices } from "./notices.js"
import { marks, noticed, type Progress, spent } from "./progress-words.js"
import { printable } from "./printable.js"
import { type Row, TaskBoard } from "./task-board.js"
import { pruned, treeOf, type Twig } from "./task-tree.js"
import type { Terminal } from "./terminal.js"

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

/** How often it is drawn at most, in milliseconds. */
const every = 100

/** Of more tasks than these, those that have ended long since are not laid out. */
const most = 1_000

/** The tasks of a run as a tree of its branches, drawn over itself ten times a second. */
export function liveView(terminal: Terminal, clock: Clock, names: () => ReadonlyMap<string, string>): Progress {
  const board = new TaskBoard()
  const notices = new Notices()
  const started = clock.now()
  let known: ReadonlyMap<string, string> | undefined
  /** How many columns each line takes that was drawn last. */
  let drawn: readonly number[] = []
  let frame = 0
  let showCursor: (() => void) | undefined
  let stop = clock.after(every, tick)
  const besides = terminal.besides?.(() => {
    if (drawn.length > 0) terminal.err(`${toTop()}\u001B[J`)
    drawn = []
  })

  /** To the first line that was drawn. A window that is narrower now has broken the lines that are wider than it. */
  function toTop(): string {
    const rows = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / terminal.columns)), 0)
    const up = Math.min(rows, Math.max(1, terminal.rows) - 1)
    return up === 0 ? "\r" : `\u001B[${up}A\r`
  }

  function line(twig: Twig, now: number, mark: string): [paint: Row["state"], mark: string, text: string] {
    const { depth, path, name, state, note, tasks } = twig
    const indent = "  ".repeat(Math.min(depth, Math.floor(terminal.columns / 8)))
    const where = path === "" ? "" : tasks > 0 ? ` [${path}]` : ` at ${path}`
    const said =
      state === "aborted" && tasks === 0 ? " aborted" : note === "" ? "" : `: ${note.replaceAll(/\s+/g, " ")}`
    const text = printable(`${name}${where} (${spent(twig, now)})${said}`)
    return [state, indent + mark, cutToColumns(text, Math.max(1, terminal.columns - 4 - indent.length))]
  }

  function layout(now: number): string[] {
    const { colors, columns } = terminal
    const height = Math.max(1, terminal.rows - 4)
    const news = [...notices.failed, ...notices.sleeping(now), ...notices.waiting]
    const said = news.slice(Math.max(0, news.length - height + 1))
    const paints = { running: colors.cyan, done: colors.green, failed: colors.red, aborted: colors.dim }
    const spin = spinner[frame++ % spinner.length] ?? "…"
    const { rows } = board
    const last = rows.length - most
    const laid = last <= 0 ? rows : rows.filter(({ state }, i) => i > last || state === "running").slice(-most)
    known ??= names()
    const twigs = pruned(treeOf(laid, known), height - said.length)
    const lines = twigs.map((twig) => {
      const [paint, mark, text] = line(twig, now, twig.state === "running" ? spin : marks[twig.state])
      return `${paints[paint](mark)} ${text}`
    })
    for (const text of said) lines.push(noticed(terminal, text, columns))
    if (rows.length > 1) lines.push(colors.dim(cutToColumns(total(now), Math.max(1, columns - 2))))
    return lines
  }

  function total(now: number): string {
    const { rows } = board
    const ended = rows.length - board.running.length
    const sum = { started, ended: undefined, tokens: 0, usd: 0 }
    for (const { tokens, usd = 0 } of rows) {
      sum.tokens += tokens
      sum.usd += usd
    }
    return `  ${ended} of ${rows.length} ended (${spent(sum, now)})`
  }

  function draw(): void {
    showCursor ??= hideCursor(terminal.err)
    const lines = layout(clock.now())
    // Line over line, then what is below: a screen that is first cleared flickers, and some terminals keep what they clear.
    terminal.err(`${toTop()}${lines.map((text) => `${text}\u001B[K\n`).join("")}\u001B[J`)
    drawn = lines.map((text) => columnsOf(text.replaceAll(painted, "")))
  }
  function tick(): void {
    draw()
    stop = clock.after(every, tick)
  }
  let ended = false
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
      besides?.()
      showCursor?.()
    },
  }
}

/** What colours a text. */
const painted = new RegExp(String.raw`${String.fromCodePoint(27)}\[[\d;]*m`, "g")
