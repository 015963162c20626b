import { cutToColumns } from "../data/columns.js"
import type { FlowEvent } from "../flow/event.js"
import { printable } from "./printable.js"
import { type Row, spoken, type TaskBoard } from "./task-board.js"
import type { Terminal } from "./terminal.js"

/** Shows a run while it runs, on standard error. */
export interface Progress {
  see(event: FlowEvent): void
  /** Takes the display off the screen, or leaves its last state. */
  end(): void
  readonly board: TaskBoard
}

/** What stands before a task, by its state. */
export const marks = { running: "…", done: "✓", failed: "✗", aborted: "-" } as const

/** What a task took so far: `1.2 s, 312 tokens, $0.0021`. */
export function spent(
  { started, ended, tokens, usd }: Pick<Row, "started" | "ended" | "tokens" | "usd">,
  now: number,
): string {
  return [
    spoken((ended ?? now) - started),
    ...(tokens > 0 ? [`${tokens.toLocaleString("en-US")} tokens`] : []),
    ...(usd === undefined || usd === 0 ? [] : [`$${usd.toFixed(4)}`]),
  ].join(", ")
}

/** A line that a person should notice. */
export const noticed = ({ colors }: Terminal, text: string, columns: number): string =>
  `${colors.yellow("!")} ${cutToColumns(printable(text.replaceAll(/\s+/g, " ")), Math.max(1, columns - 4))}`
