import { isAbsolute, relative, resolve, sep } from "node:path"
import type { Diagnostic } from "../data/diagnostic.js"
import { printable } from "./printable.js"
import { notesOf } from "./report.js"

/** What GitHub shows beside a line of a pull request, in one line of a workflow's log. */
interface Annotation extends Partial<Pick<Diagnostic, "file" | "line" | "column" | "endColumn">> {
  readonly kind: "error" | "warning" | "notice"
  readonly title: string
  readonly message: string
}

/** A diagnostic as a workflow command of GitHub Actions: all that it says but the line of the file, which GitHub shows. */
export function annotationOf(diagnostic: Diagnostic): string {
  const { severity, code, message } = diagnostic
  const notes = notesOf(diagnostic).map(({ label, text }) => `${label} ${text}`)
  return annotation({ ...diagnostic, kind: severity, title: code, message: [message, ...notes].join("\n") })
}

/** The line of a workflow's log, without its end. Whatever a document says, it stays one line and one command. */
export function annotation({ kind, file, line, column, endColumn, title, message }: Annotation): string {
  const properties = { file: file && inRepository(file), line, col: column, endColumn, title: `troupe: ${title}` }
  const said = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${property(printable(String(value)))}`],
  )
  return `::${kind} ${said.join(",")}::${escaped(printable(message))}`
}

/** GitHub counts paths from the top of the repository, wherever the step runs. */
function inRepository(file: string): string {
  const path = relative(process.env["GITHUB_WORKSPACE"] || process.cwd(), resolve(file))
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path) ? file : path.split(sep).join("/")
}

/** GitHub's escapes. A `\r`, which has one as well, is written out by `printable`, as all controls are. */
const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\n", "%0A")

const property = (text: string): string => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C")
