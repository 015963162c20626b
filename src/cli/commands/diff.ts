import { diff as diffOf } from "../../flow/interpret/diff/diff.js"
import { diffMarkdown, formatDiff } from "../../flow/interpret/diff/format.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { loadStatic, usable } from "../load.js"
import { printable } from "../printable.js"
import { terminal } from "../terminal.js"

export interface DiffOptions {
  readonly exitCode?: boolean
  readonly format?: string
  readonly import?: string
  readonly json?: boolean
}

const formats: Readonly<Record<string, typeof formatDiff>> = { text: formatDiff, markdown: diffMarkdown }

/** `troupe diff`: what changed from one document to another, and what that does to the cost. */
export async function diff(before: string, after: string, options: DiffOptions): Promise<ExitCode> {
  const { format = "text" } = options
  const formatted = Object.hasOwn(formats, format) ? formats[format] : undefined
  if (formatted === undefined) throw new Refused(`there is no format ${format}: expected text or markdown`)
  const screen = terminal()
  const [was, is] = [await loadStatic(before, options.import), await loadStatic(after, options.import)]
  const documents = [usable(screen, was), usable(screen, is)]
  const [from, to] = documents
  if (from === undefined || to === undefined) return exitCodes.wrong
  const found = diffOf(from, to)
  screen.out(
    options.json === true
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${formatted(found).split("\n").map(printable).join("\n")}\n`,
  )
  return options.exitCode === true && !found.same ? exitCodes.failed : exitCodes.done
}
