import { commentOf } from "../../flow/interpret/diff/comment.js"
import { diff as diffOf } from "../../flow/interpret/diff/diff.js"
import { formatDiff } from "../../flow/interpret/diff/format.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { usable } from "../load.js"
import { printable, seen } from "../printable.js"
import { terminal } from "../terminal.js"
import { loadVersion, versions } from "../versions.js"

export interface DiffOptions {
  readonly exitCode?: boolean
  readonly format?: string
  readonly from?: string
  readonly import?: string
  readonly json?: boolean
}

/**
 * `troupe diff`: what changed from one document to another, or since a revision, and what that does to the cost.
 */
export async function diff(before: string, after: string | undefined, options: DiffOptions): Promise<ExitCode> {
  const { format = "text" } = options
  if (format !== "text" && format !== "markdown") {
    throw new Refused(`there is no format ${format}: expected text or markdown`)
  }
  const screen = terminal()
  const [older, newer] = versions(before, after, options.from)
  const [was, is] = [await loadVersion(older, options.import), await loadVersion(newer, options.import)]
  const documents = [usable(screen, was), usable(screen, is)]
  const [from, to] = documents
  if (from === undefined || to === undefined) return exitCodes.wrong
  const found = diffOf(from, to)
  if (options.json === true) screen.out(`${JSON.stringify(found, null, 2)}\n`)
  else if (format === "markdown") screen.out(seen(commentOf(from, to, found, newer.file)))
  else screen.out(`${formatDiff(found).split("\n").map(printable).join("\n")}\n`)
  return options.exitCode === true && !found.same ? exitCodes.failed : exitCodes.done
}
