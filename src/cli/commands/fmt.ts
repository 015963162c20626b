import { isLeft } from "../../data/either.js"
import type { Diagnostic } from "../../data/diagnostic.js"
import { format } from "../../serde/format.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { hinted, staticNames } from "../load.js"
import { printable } from "../printable.js"
import { readDocument, readStandardInput, standardInput } from "../read-file.js"
import { count, tellDiagnostic } from "../report.js"
import { type Terminal, terminal } from "../terminal.js"
import { write } from "../write-file.js"

export interface FmtOptions {
  readonly write?: boolean
  readonly check?: boolean
  readonly import?: string
}

interface Formatted {
  readonly file: string
  readonly before: string
  readonly after: string
}

/** `troupe fmt`: documents in their canonical form. One with mistakes is told of, and left as it is. */
export async function fmt(files: readonly string[], options: FmtOptions): Promise<ExitCode> {
  if (options.write === true && options.check === true) {
    throw new Refused("--write and --check together: expected one of the two", "--check writes nothing")
  }
  if (options.write === true && files.includes("-")) {
    throw new Refused("--write cannot write standard input", "leave --write out: the result is on standard output")
  }
  const screen = terminal()
  const judged: Formatted[] = []
  const problems: Diagnostic[] = []
  for (const file of files) {
    const found = await formatted(file, options.import, screen)
    if ("after" in found) judged.push(found)
    else problems.push(...found)
  }
  for (const problem of problems) tellDiagnostic(screen, problem)
  const changed = judged.filter(({ before, after }) => before !== after)
  if (options.check === true) for (const { file } of changed) screen.out(`${printable(file)}\n`)
  else if (options.write === true) await writeAll(changed, screen)
  else screen.out(judged.map(({ after }) => after).join("---\n"))
  if (judged.length < files.length) {
    if (problems.length > 0) screen.err(`${count(problems)}; what is wrong was left as it is\n`)
    return exitCodes.wrong
  }
  return options.check === true && changed.length > 0 ? exitCodes.failed : exitCodes.done
}

async function writeAll(changed: readonly Formatted[], { err }: Terminal): Promise<void> {
  for (const { file, after } of changed) {
    await write(file, after)
    err(`${printable(file)} is formatted\n`)
  }
}

/** A file that cannot be read is told of at once, and keeps no other file from its turn. */
async function formatted(
  given: string,
  named: string | undefined,
  { err, colors }: Terminal,
): Promise<Formatted | readonly Diagnostic[]> {
  const file = given === "-" ? standardInput : given
  try {
    const before = await (given === "-" ? readStandardInput() : readDocument(given))
    const made = format(before, await staticNames(given, named), { file })
    if (!isLeft(made)) return { file, before, after: made.right }
    return hinted(made.left, given, named).filter(({ severity }) => severity === "error")
  } catch (error) {
    if (!(error instanceof Refused) || error.file === undefined) throw error
    err(`${colors.bold(printable(error.file))}: ${colors.red("error:")} ${printable(error.message)}\n`)
    return []
  }
}
