import type { Diagnostic } from "../../src/data/diagnostic.js"
import { cost, type Document, equals, explain, formatCost, toMermaid } from "../../src/flow/index.js"
import { format } from "../../src/serde/format.js"
import { encode, parse, print, type Registry } from "../../src/serde/index.js"

const file = "mutant.yaml"
const longestParse = 1000

/** What is wrong with how a text was read: nothing, for any text whatever. */
export function faultsOf(text: string, names: Registry): string[] {
  const faults: string[] = []
  const attempt = <T>(what: string, act: () => T): T | undefined => {
    try {
      return act()
    } catch (error) {
      faults.push(`${what} throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return undefined
    }
  }
  const parsed = attempt("parse", () => parse(text, names, { file }))
  if (parsed === undefined) return faults
  const lines = linesOf(text)
  const diagnostics = parsed._tag === "Left" ? parsed.left : parsed.right.warnings
  if (parsed._tag === "Left" && !diagnostics.some(({ severity }) => severity === "error"))
    faults.push("refused without an error")
  for (const one of diagnostics) faults.push(...wrongWith(one, lines, text))
  faults.push(...twice(diagnostics))
  if (parsed._tag === "Right") {
    interpret(parsed.right, names, attempt, faults)
    formatted(text, names, text.length % 2 === 0 ? "yaml" : "json", attempt, faults)
  }
  return faults
}

/** What can be read has a canonical form, which is its own, unless an alias would come before its anchor. */
function formatted(text: string, names: Registry, to: "yaml" | "json", attempt: Attempt, faults: string[]): void {
  const made = attempt(`format to ${to}`, () => format(text, names, { file, to }))
  if (made?._tag === "Left") {
    const [problem] = made.left
    if (problem?.code !== "alias") faults.push(`cannot be formatted to ${to}: ${problem?.code} ${problem?.message}`)
  } else if (made !== undefined) {
    const again = attempt(`format to ${to} again`, () => format(made.right, names, { file, to }))
    const same = again?._tag === "Right" && again.right === made.right
    if (!same) faults.push(`what is formatted to ${to} is formatted otherwise:\n${made.right}`)
  }
}

/** Milliseconds of this process that reading takes; of several, the fewest, for the machine may do other things. */
export function slowness(text: string, names: Registry): string[] {
  const times = [0, 0, 0].map(() => {
    const before = process.cpuUsage()
    parse(text, names, { file })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  const least = Math.min(...times)
  return least > longestParse ? [`parse takes ${least.toFixed(0)} ms`] : []
}

const linesOf = (text: string): string[] => (text.startsWith("\uFEFF") ? text.slice(1) : text).split(/\r\n|\n|\r/)

function wrongWith(one: Diagnostic, lines: readonly string[], text: string): string[] {
  const { line, column, message, code, frame } = one
  const said = `${code} (${line}:${column}) ${JSON.stringify(message)}`
  const wrong: string[] = []
  if (one.file !== file) wrong.push("has no file")
  if (message.trim() === "" || code === "") wrong.push("says nothing")
  if (
    !text.includes("undefined") &&
    /\bundefined\b|\[object |\bNaN\b/.test(message + (one.hint ?? "") + (one.expected ?? ""))
  )
    wrong.push("shows what it should not")
  if (message.length > 500 || /[\r\n]/.test(message)) wrong.push("is no line of words")
  if (line === undefined || column === undefined) wrong.push("has no place")
  else {
    const found = lines[line - 1]
    if (found === undefined) wrong.push(`is on line ${line} of ${lines.length}`)
    else if (column < 1 || column > found.length + 1) wrong.push(`is in column ${column} of ${found.length}`)
  }
  if (frame === undefined || !/\^/.test(frame)) wrong.push("has no frame")
  for (const { line: other } of one.related ?? []) {
    if (other !== undefined && lines[other - 1] === undefined)
      wrong.push(`is related to line ${other} of ${lines.length}`)
  }
  return wrong.map((what) => `${said} ${what}`)
}

function twice(diagnostics: readonly Diagnostic[]): string[] {
  const said = diagnostics.map(({ code, line, column, message }) => `${code} (${line}:${column}) ${message}`)
  return said.filter((one, i) => said.indexOf(one) < i).map((one) => `said twice: ${one}`)
}

type Attempt = <T>(what: string, act: () => T) => T | undefined

/** What can be read can be written and read again, priced, drawn and told. */
function interpret(document: Document, names: Registry, attempt: Attempt, faults: string[]): void {
  const { flow } = document
  const json = attempt("encode", () => encode(flow))
  const text = attempt("print", () => print(document))
  const again = text === undefined ? undefined : attempt("parse of print", () => parse(text, names, { file }))
  if (again?._tag === "Left") {
    faults.push(`what is printed is refused: ${again.left[0]?.message}\n${again.left[0]?.frame}\nprinted:\n${text}`)
  } else if (again !== undefined) {
    const back = again.right
    if (attempt("equals", () => equals(back.flow, flow)) === false)
      faults.push(`what is printed reads as another flow:\n${text}`)
    if (attempt("print of parse", () => print(back)) !== text)
      faults.push(`what is printed is printed otherwise:\n${text}`)
    if (JSON.stringify(attempt("encode of parse", () => encode(back.flow))) !== JSON.stringify(json)) {
      faults.push(`what is printed encodes otherwise:\n${text}`)
    }
  }
  attempt("cost", () => formatCost(cost(flow)))
  attempt("toMermaid", () => toMermaid(flow))
  attempt("toMermaid of all", () => toMermaid(flow, { all: true }))
  attempt("explain", () => explain(flow))
}
