import { extname } from "node:path"
import { isLeft } from "../../data/either.js"
import { commentsOf } from "../../serde/canonical.js"
import { format, type Spelling } from "../../serde/format.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { hinted, staticNames } from "../load.js"
import { readDocument, readStandardInput, standardInput } from "../read-file.js"
import { count, tellDiagnostic } from "../report.js"
import { terminal } from "../terminal.js"
import { write } from "../write-file.js"

export interface ConvertOptions {
  readonly to?: string
  readonly output?: string
  readonly import?: string
}

const spellings: Readonly<Record<string, Spelling>> = { yaml: "yaml", yml: "yaml", json: "json" }

/** `troupe convert`: a document as YAML or as JSON, in its canonical form. */
export async function convert(given: string, options: ConvertOptions): Promise<ExitCode> {
  const to = wanted(options)
  const screen = terminal()
  const file = given === "-" ? standardInput : given
  const text = await (given === "-" ? readStandardInput() : readDocument(given))
  const made = format(text, await staticNames(given, options.import), { file, to })
  if (isLeft(made)) {
    const problems = hinted(made.left, given, options.import)
    for (const problem of problems) tellDiagnostic(screen, problem)
    screen.err(`${count(problems)}; nothing was written\n`)
    return exitCodes.wrong
  }
  if (options.output === undefined) screen.out(made.right)
  else await write(options.output, made.right)
  const left = to === "json" ? commentsIn(text) : 0
  if (left > 0) screen.err(`${left} ${left === 1 ? "comment was" : "comments were"} left out: JSON has none\n`)
  return exitCodes.done
}

function wanted({ to, output = "" }: ConvertOptions): Spelling {
  const said = to ?? extname(output).slice(1).toLowerCase()
  const spelling = Object.hasOwn(spellings, said) ? spellings[said] : undefined
  if (spelling !== undefined) return spelling
  if (to !== undefined) throw new Refused(`--to ${to}: expected yaml or json`)
  throw new Refused("convert to what?", "say --to yaml, --to json, or name a file: --output flow.json")
}

const commentsIn = (text: string): number => commentsOf(text).length
