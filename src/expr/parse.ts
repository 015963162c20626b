import { type ASTNode, ParseError, parse as parseSyntax, type SourceRange } from "@marcbachmann/cel-js"
import { type Either, left, right } from "../data/either.js"
import { own } from "../data/json.js"
import type { ExprProblem } from "../flow/expr.js"
import { Lowering } from "./lower.js"
import type { Term } from "./term.js"

/** A CEL text, parsed. */
export interface Parsed {
  readonly term: Term
  /** Free names, each once, in order of appearance. */
  readonly names: readonly string[]
  /** Variables of macros. */
  readonly slots: number
}

/** The longest CEL text. */
const maxLength = 10_000

/** Parses CEL, or says everything that is wrong with it. Names and types are not looked at. */
export function parse(source: string): Either<readonly ExprProblem[], Parsed> {
  if (source.length > maxLength) {
    const message = `the expression has ${source.length} characters; at most ${maxLength} are allowed`
    return left([error("limit", message, maxLength, source.length, "compute parts of it in earlier steps")])
  }
  let ast: ASTNode
  try {
    ast = parseSyntax(source).ast
  } catch (thrown) {
    return left([syntaxError(source, thrown)])
  }
  const lowering = new Lowering(source)
  const term = lowering.lower(ast)
  if (lowering.problems.length > 0) return left(lowering.problems)
  return right({ term, names: [...lowering.names], slots: lowering.slots })
}

function error(code: string, message: string, start: number, end: number, hint?: string): ExprProblem {
  const problem = { code, message, severity: "error", at: [], start, end } as const
  return hint === undefined ? problem : { ...problem, hint }
}

const tokens: Readonly<Record<string, string>> = {
  EOF: "the end",
  IDENTIFIER: "a name",
  NUMBER: "a number",
  STRING: "a string",
  LPAREN: "`(`",
  RPAREN: "`)`",
  LBRACKET: "`[`",
  RBRACKET: "`]`",
  LBRACE: "`{`",
  RBRACE: "`}`",
  COLON: "`:`",
  COMMA: "`,`",
}

const habits: Readonly<Record<string, string>> = {
  "=": "CEL writes `==` for equal",
  and: "CEL writes `&&` for and",
  or: "CEL writes `||` for or",
  not: "CEL writes `!` for not",
  is: "CEL writes `==` for equal",
  if: "CEL writes `test ? this : that`",
  "&": "CEL writes `&&` for and",
  "|": "CEL writes `||` for or",
  "`": "CEL writes strings in `\"` or `'`",
  "?.": "CEL tests a field with `has(value.field)`",
  "??": "CEL writes `has(value.field) ? value.field : other`",
}

const isParseError = (thrown: unknown): thrown is ParseError => thrown instanceof ParseError

function syntaxError(source: string, thrown: unknown): ExprProblem {
  if (thrown instanceof RangeError) return error("limit", "the expression is nested too deeply", 0, source.length)
  if (!isParseError(thrown)) throw thrown
  const range: SourceRange = thrown.range ?? { start: 0, end: source.length }
  const end = Math.min(Math.max(range.end, range.start), source.length)
  const start = Math.min(range.start, end)
  const found = source.slice(start, end)
  if (source.trim() === "") return error("syntax", "the expression is empty", 0, source.length)
  if (thrown.code === "limit_exceeded") return error("limit", "the expression is nested too deeply", start, end)
  const wanted = /^Expected (\w+), got \w+$/.exec(thrown.summary)?.[1]
  const expected = wanted === undefined ? undefined : (own(tokens, wanted) ?? wanted.toLowerCase())
  const around = source.slice(Math.max(0, start - 1), start + 1)
  const hint = own(habits, found) ?? own(habits, around) ?? habitBefore(source, start)
  const problem = error("syntax", syntaxMessage(thrown, found), start, end, hint)
  return expected === undefined ? problem : { ...problem, expected }
}

/** Two words in a row: the first may be one that other languages know. */
function habitBefore(source: string, start: number): string | undefined {
  const word = /([a-z]+)\s+$/.exec(source.slice(0, start))?.[1]
  return word === undefined ? undefined : own(habits, word)
}

function syntaxMessage(thrown: ParseError, found: string): string {
  const { code, summary } = thrown
  if (code === "unexpected_token" || code === "expected_token" || code === "unexpected_character") {
    return found === "" ? "the expression ends too early" : `\`${found}\` cannot stand here`
  }
  if (code === "invalid_macro_argument") return "the first argument of a macro must be the name of its variable"
  if (code === "reserved_identifier") return `\`${found}\` is a reserved word`
  return summary.charAt(0).toLowerCase() + summary.slice(1)
}
