import type { Diagnostic, Position } from "../../data/diagnostic.js"
import type { Unchecked } from "../../flow/interpret/check-findings.js"
import { checkDocument } from "../../serde/types-check.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { loadStatic, unset } from "../load.js"
import { count, tellDiagnostic } from "../report.js"
import { terminal } from "../terminal.js"

export interface CheckOptions {
  readonly import?: string
  readonly json?: boolean
}

/** What is known of a document: what is wrong with it, and what nobody can tell. */
interface Judged {
  readonly problems: readonly Diagnostic[]
  readonly unchecked: readonly (Unchecked & Partial<Position> & { readonly file: string })[]
}

/** `troupe check`: every fault of every document, at once; runs nobody's code. */
export async function check(files: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const screen = terminal()
  const judged: Judged[] = []
  for (const file of files) judged.push(await judge(file, options.import))
  const problems = judged.flatMap((one) => one.problems)
  const unchecked = judged.flatMap((one) => one.unchecked)
  const wrong = problems.some(({ severity }) => severity === "error")
  if (options.json === true) {
    screen.out(`${JSON.stringify({ ok: !wrong, diagnostics: problems, unchecked }, null, 2)}\n`)
    return wrong ? exitCodes.wrong : exitCodes.done
  }
  for (const problem of problems) tellDiagnostic(screen, problem)
  for (const { file, line, column, reason } of unchecked) {
    const place = line === undefined ? file : `${file}:${line}:${column}`
    screen.err(`${screen.colors.dim(`${place}: unchecked: ${reason}`)}\n`)
  }
  if (problems.length > 0) screen.err(`${count(problems)}\n`)
  else screen.err(`${files.join(", ")}: ${screen.colors.green("ok")}\n`)
  return wrong ? exitCodes.wrong : exitCodes.done
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
