import type { Diagnostic } from "../data/diagnostic.js"
import { printable } from "./printable.js"
import type { Terminal } from "./terminal.js"

/** `file:line:column`, or as much of it as is known. */
function place({ file, line, column }: Diagnostic): string {
  return [file ?? "document", ...(line === undefined ? [] : [line, column])].join(":")
}

/** Tells a diagnostic to a person: the place, what is wrong, the line with a caret, what was expected, what to do. */
export function tellDiagnostic({ err, colors }: Terminal, diagnostic: Diagnostic): void {
  const { severity, message, frame } = diagnostic
  const kind = severity === "error" ? colors.red("error") : colors.yellow("warning")
  err(`${colors.bold(printable(place(diagnostic)))}: ${kind}: ${printable(message)}\n`)
  if (frame !== undefined) err(`${printable(frame)}\n`)
  for (const { label, text } of notesOf(diagnostic)) err(`  ${colors.dim(label)} ${printable(text)}\n`)
}

/** What is told after the message, each with a word before it: what was expected, what else to look at, what to do. */
export function notesOf({ message, expected, hint, related = [] }: Diagnostic): readonly Note[] {
  const told = expected === undefined || message.includes(expected)
  return [
    ...(told ? [] : [{ label: "expected:", text: expected }]),
    ...related.map(({ message: text, line, column }) => ({
      label: line === undefined ? "see:" : `see ${line}:${column}:`,
      text,
    })),
    ...(hint === undefined || repeats(hint, expected) ? [] : [{ label: "hint:", text: hint }]),
  ]
}

interface Note {
  readonly label: string
  readonly text: string
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
