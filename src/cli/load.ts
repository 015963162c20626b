import { basename } from "node:path"
import { isLeft } from "../data/either.js"
import type { Diagnostic } from "../data/diagnostic.js"
import type { Document } from "../flow/document.js"
import { diagnose } from "../serde/diagnose.js"
import { parse } from "../serde/parse.js"
import type { Registry } from "../serde/registry.js"
import { unsetVariables } from "../serde/variables.js"
import { complete, hostFile, hostRegistry, manifestRegistry } from "./host.js"
import { readDocument } from "./read-file.js"
import { count, tellDiagnostic } from "./report.js"
import type { Terminal } from "./terminal.js"

/** What is known of a document after reading it: the flow, or what is wrong with it. */
export interface Loaded {
  readonly document: Document | undefined
  readonly problems: readonly Diagnostic[]
}

/** Reads and checks a document without running anybody's code, unless `--import` names some. */
export async function loadStatic(file: string, named: string | undefined): Promise<Loaded> {
  const { document, problems } = parsed(file, await readDocument(file), await staticNames(file, named))
  return { document, problems: hinted(problems, file, named) }
}

/** The names that a document may use, of which the manifest beside it tells; of what `--import` names, which is run. */
export const staticNames = async (file: string, named: string | undefined): Promise<Registry> =>
  complete(named === undefined ? await manifestRegistry(file) : await hostRegistry(named))

/** Problems of a document that was read by its manifest: what may help where there is code beside it. */
export function hinted(
  problems: readonly Diagnostic[],
  file: string,
  named: string | undefined,
): readonly Diagnostic[] {
  const host = named === undefined ? hostFile(file, undefined) : undefined
  return host === undefined ? problems : problems.map((problem) => unwritten(problem, file, basename(host)))
}

/** A name that the host's code may well have: the manifest, which is all that was read, is missing or older. */
function unwritten(problem: Diagnostic, file: string, host: string): Diagnostic {
  if (problem.code === "call_unknown") {
    const before = problem.hint === undefined ? "" : `${problem.hint.replace(/[^?.]$/, "$&.")} `
    return { ...problem, hint: `${before}If ${host} registers it: --import ${host}` }
  }
  if (problem.code !== "unknown_agent" && problem.code !== "unknown_function") return problem
  const meant = problem.hint?.startsWith("did you mean") === true ? `${problem.hint} ` : ""
  return { ...problem, hint: `${meant}If ${host} registers it, write that down: troupe manifest ${file}` }
}

/** Reads and checks a document with the host's code, which is run. */
export async function loadWithHost(
  file: string,
  named: string | undefined,
): Promise<Loaded & { host: Registry | undefined }> {
  const text = await readDocument(file)
  const path = hostFile(file, named)
  const host = path === undefined ? undefined : await hostRegistry(path)
  return { ...parsed(file, text, complete(host ?? (await manifestRegistry(file)))), host }
}

/** Reads and checks a text. */
export function parsed(file: string, text: string, names: Registry): Loaded {
  const result = parse(text, names, { file })
  if (isLeft(result)) return { document: undefined, problems: result.left }
  return { document: result.right, problems: result.right.warnings }
}

/** The variables of the environment that the document reads and that are not set. */
export const unset = (document: Document, parts: "all" | "agents"): readonly Diagnostic[] =>
  diagnose(document, unsetVariables(document, process.env, parts))

/** Tells what is wrong; gives the document when nothing keeps it from being used. */
export function usable(terminal: Terminal, { document, problems }: Loaded): Document | undefined {
  for (const problem of problems) tellDiagnostic(terminal, problem)
  if (document === undefined) terminal.err(`${count(problems)}; nothing was run\n`)
  return document
}
