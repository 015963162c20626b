import type { Position } from "../../data/diagnostic.js"
import type { Document } from "../../flow/document.js"
import { explain as textOf, outlineOf } from "../../flow/interpret/explain.js"
import { type ExitCode, exitCodes } from "../exit.js"
import { loadStatic, usable } from "../load.js"
import { readParams } from "../params.js"
import { printable } from "../printable.js"
import { terminal } from "../terminal.js"

export interface ExplainOptions {
  readonly set?: readonly string[]
  readonly import?: string
  readonly json?: boolean
}

/** `troupe explain`: the flow in words; with `--json` each line with its place in the flow and in the file. */
export async function explain(file: string, options: ExplainOptions): Promise<ExitCode> {
  const screen = terminal()
  const document = usable(screen, await loadStatic(file, options.import))
  if (document === undefined) return exitCodes.wrong
  const { flow, name, description } = document
  const given = options.set ?? []
  const params = given.length === 0 ? {} : readParams(document, given)
  if (options.json === true) {
    const lines = outlineOf(flow, { params }).map((line) => ({ ...line, ...placed(document, line.path) }))
    screen.out(`${JSON.stringify({ name, description, lines }, null, 2)}\n`)
  } else {
    screen.out(`${textOf(flow, { params }).split("\n").map(printable).join("\n")}\n`)
  }
  return exitCodes.done
}

/** A heading, and the flow as a whole, has no place of its own. */
const placed = (document: Document, path: string): Position | undefined => (path === "" ? undefined : document.at(path))
