#!/usr/bin/env node
import { readFileSync } from "node:fs"
import { CommanderError } from "commander"
import { messageOf } from "../data/fault.js"
import { leave } from "./early-end.js"
import { type ExitCode, exitCodes, Refused } from "./exit.js"
import { printable } from "./printable.js"
import { program } from "./program/program.js"
import { resultsWritten, terminal } from "./terminal.js"

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string
}

/** Ends the process once its output is written, whatever an agent that ignores its abort still holds open. */
async function finish(code: Promise<ExitCode>): Promise<void> {
  const exit = await code
  await resultsWritten()
  await new Promise<void>((resolve) => process.stderr.write("", () => resolve()))
  leave(exit)
}

/** A mistake is told in words; only our own bug shows its stack. */
function tell(error: unknown): void {
  const { err, colors } = terminal()
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrong
    return
  }
  process.exitCode = exitCodes.wrong
  if (error instanceof Refused) {
    const { file, message, hint } = error
    err(
      `${file === undefined ? "" : `${colors.bold(printable(file))}: `}${colors.red("error:")} ${printable(message)}\n`,
    )
    if (hint !== undefined) err(`  ${colors.dim("hint:")} ${printable(hint)}\n`)
    return
  }
  process.exitCode = exitCodes.failed
  err(
    `troupe failed, and that is our mistake: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}

// A reader that leaves early (`troupe … | head -1`) is no error; a full disk is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") leave(exitCodes.done)
  terminal().err(`error: standard output cannot be written: ${error.code ?? error.message}\n`)
  leave(exitCodes.failed)
})
// What an agent or the host's code throws outside of any answer: a rejection that nobody awaits, a timer's error.
process.on("unhandledRejection", uncaught)
process.on("uncaughtException", uncaught)
function uncaught(error: unknown): never {
  const place = /\n\s+at (.*)/.exec(error instanceof Error ? (error.stack ?? "") : "")?.[1]
  const { err, colors } = terminal()
  err(`${colors.red("error:")} thrown where nothing catches it: ${printable(messageOf(error))}\n`)
  if (place !== undefined)
    err(`${colors.dim("hint:")} it comes from ${printable(place)}; await it, or catch it there\n`)
  leave(exitCodes.failed)
}
// Progress that nobody can read keeps no flow from its end.
process.stderr.on("error", () => undefined)

// Not awaited: a module that is never done would have Node warn of it where we tell it in words.
program(version, finish).parseAsync().catch(tell)
