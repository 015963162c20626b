import type { Diagnostic, Position } from "../../data/diagnostic.js"
import type { Unchecked } from "../../flow/interpret/check-findings.js"
import { checkDocument } from "../../serde/types-check.js"
import { annotation, annotationOf } from "../annotation.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { loadStatic, unset } from "../load.js"
import { count, tellDiagnostic } from "../report.js"
import { type Terminal, terminal } from "../terminal.js"

export interface CheckOptions {
  readonly import?: string
  readonly format?: string
  readonly json?: boolean
}

const formats = ["text", "json", "github"] as const
type Format = (typeof formats)[number]
const isFormat = (text: string): text is Format => formats.some((format) => format === text)

function wanted({ json = false, format = json ? "json" : "text" }: CheckOptions): Format {
  if (!isFormat(format)) throw new Refused(`--format ${format}: expected ${formats.join(", ")}`)
  if (!json || format === "json") return format
  throw new Refused(`--json and --format ${format} together: expected one of the two`)
}

/** What is known of a document: what is wrong with it, and what nobody can tell. */
interface Judged {
  readonly problems: readonly Diagnostic[]
  readonly unchecked: readonly (Unchecked & Partial<Position> & { readonly file: string })[]
}

/** `troupe check`: every fault of every document, at once; runs nobody's code. */
export async function check(files: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const format = wanted(options)
  const judged: Judged[] = []
  for (const file of files) judged.push(await judge(file, options.import))
  const problems = judged.flatMap((one) => one.problems)
  const unchecked = judged.flatMap((one) => one.unchecked)
  const ok = !problems.some(({ severity }) => severity === "error")
  const screen = terminal()
  if (format === "json") screen.out(`${JSON.stringify({ ok, diagnostics: problems, unchecked }, null, 2)}\n`)
  else if (format === "github") annotate(screen, { problems, unchecked })
  else tell(screen, { problems, unchecked }, files)
  return ok ? exitCodes.done : exitCodes.wrong
}

function tell(screen: Terminal, { problems, unchecked }: Judged, files: readonly string[]): void {
  for (const problem of problems) tellDiagnostic(screen, problem)
  for (const { file, line, column, reason } of unchecked) {
    const place = line === undefined ? file : `${file}:${line}:${column}`
    screen.err(`${screen.colors.dim(`${place}: unchecked: ${reason}`)}\n`)
  }
  if (problems.length > 0) screen.err(`${count(problems)}\n`)
  else screen.err(`${files.join(", ")}: ${screen.colors.green("ok")}\n`)
}

/** Says nothing but annotations and a count: GitHub would take commands from any other line of the log as well. */
function annotate(screen: Terminal, { problems, unchecked }: Judged): void {
  for (const problem of problems) screen.out(`${annotationOf(problem)}\n`)
  for (const { reason, ...place } of unchecked)
    screen.out(`${annotation({ ...place, kind: "notice", title: "unchecked", message: reason })}\n`)
  screen.err(`${problems.length > 0 ? count(problems) : "ok"}\n`)
}

async function judge(file: string, named: string | undefined): Promise<Judged> {
  try {
    const { document, problems } = await loadStatic(file, named)
    if (document === undefined) return { problems, unchecked: [] }
    return {
      problems: [...problems, ...unset(document, "all")],
      unchecked: checkDocument(document).unchecked.map((one) => ({ file, ...document.at(one.path), ...one })),
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { message, hint } = error
    const problem = { severity: "error", code: "unreadable", message, file: error.file ?? file, path: "" } as const
    return { problems: [hint === undefined ? problem : { ...problem, hint }], unchecked: [] }
  }
}
