import { writeSync } from "node:fs"
import type { ExitCode } from "./exit.js"

/** How a process ends before its command does, other than by us. */
export const early = "it ended the process, or waits for what can no longer come"

/** Ends the process where that is meant: nothing is told of it. */
export function leave(code: ExitCode): never {
  meant = true
  process.exit(code)
}

let meant = false

/**
 * Does work of the host's code. When the process ends before the work does, because that code called `process.exit` or
 * left nothing to wait for, it says so and gives `code` to the shell.
 */
export async function unlessItEnds<T>(message: string, code: ExitCode, work: () => Promise<T>): Promise<T> {
  const told = (): void => {
    if (meant) return
    process.exitCode = code
    try {
      writeSync(2, `error: ${message}\n`)
    } catch {
      // nobody reads it
    }
  }
  process.once("exit", told)
  try {
    return await work()
  } finally {
    process.off("exit", told)
  }
}
