import type { Diagnostic } from "../../data/diagnostic.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { loadStatic } from "../load.js"
import { count, tellDiagnostic } from "../report.js"
import { terminal } from "../terminal.js"

export interface CheckOptions {
  readonly import?: string
  readonly json?: boolean
}

/** `troupe check`: every fault of every document, at once; runs nobody's code. */
export async function check(files: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const screen = terminal()
  const problems: Diagnostic[] = []
  for (const file of files) problems.push(...(await problemsOf(file, options.import)))
  const wrong = problems.some(({ severity }) => severity === "error")
  if (options.json === true) {
    screen.out(`${JSON.stringify({ ok: !wrong, diagnostics: problems }, null, 2)}\n`)
    return wrong ? exitCodes.wrong : exitCodes.done
  }
  for (const problem of problems) tellDiagnostic(screen, problem)
  if (problems.length > 0) screen.err(`${count(problems)}\n`)
  else screen.err(`${files.join(", ")}: ${screen.colors.green("ok")}\n`)
  return wrong ? exitCodes.wrong : exitCodes.done
}

async function problemsOf(file: string, named: string | undefined): Promise<readonly Diagnostic[]> {
  try {
    return (await loadStatic(file, named)).problems
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { message, hint } = error
    const said = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message
    const problem = { severity: "error", code: "unreadable", message: said, file, path: "" } as const
    return [hint === undefined ? problem : { ...problem, hint }]
  }
}
