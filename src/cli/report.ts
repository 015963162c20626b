import type { Diagnostic } from "../data/diagnostic.js"
import { printable } from "./printable.js"
import type { Terminal } from "./terminal.js"

/** `file:line:column`, or as much of it as is known. */
function place({ file, line, column }: Diagnostic): string {
  return [file ?? "document", ...(line === undefined ? [] : [line, column])].join(":")
}

/** Tells a diagnostic to a person: the place, what is wrong, the line with a caret, what was expected, what to do. */
export function tellDiagnostic({ err, colors }: Terminal, diagnostic: Diagnostic): void {
  const { severity, message, expected, hint, frame, related = [] } = diagnostic
  const kind = severity === "error" ? colors.red("error") : colors.yellow("warning")
  err(`${colors.bold(printable(place(diagnostic)))}: ${kind}: ${printable(message)}\n`)
  if (frame !== undefined) err(`${printable(frame)}\n`)
  const told = expected === undefined || message.includes(expected)
  if (!told) err(`  ${colors.dim("expected:")} ${printable(expected)}\n`)
  for (const { message: also, line, column } of related) {
    err(`  ${colors.dim(line === undefined ? "see:" : `see ${line}:${column}:`)} ${printable(also)}\n`)
  }
  if (hint !== undefined && !repeats(hint, expected)) err(`  ${colors.dim("hint:")} ${printable(hint)}\n`)
}

/** Whether a hint is but the list of names that the line before it has told already. */
const repeats = (hint: string, expected = ""): boolean =>
  hint.startsWith("known: ") &&
  /^known: ([^…]*?)(?:, ….*)?$/
    .exec(hint)?.[1]
    ?.split(", ")
    .every((name) => expected.includes(name)) === true

/** How many errors and warnings, in words. */
export function count(diagnostics: readonly Diagnostic[]): string {
  const of = (severity: Diagnostic["severity"]): number => diagnostics.filter((d) => d.severity === severity).length
  const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`
  return [plural(of("error"), "error"), ...(of("warning") === 0 ? [] : [plural(of("warning"), "warning")])].join(", ")
}
