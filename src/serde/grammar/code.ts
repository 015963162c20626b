import { isLeft } from "../../data/either.js"
import { asText, type Json } from "../../data/json.js"
import type { Expr, ExprProblem } from "../../flow/expr.js"
import { reservedNames } from "../../flow/scope.js"
import type { Code, Fn } from "../../flow/node.js"
import { doubts, functionName, readCel, readTemplate, readText } from "../expressions.js"
import type { Part } from "../report.js"
import { suggestion } from "../suggest.js"
import { kindOf, plain, type Tree } from "../tree.js"
import { quoted } from "../yaml-slips.js"
import { ofKind } from "./definitions.js"
import type { Field } from "./field.js"
import type { Reader } from "./reader.js"
import { text } from "./scalars.js"

// The encoder decides between CEL, template and `{ fn }` where it knows the path to complain about: here they are
// written as they come.
const asItIs = (json: Json): Json => json

/** CEL, or a named function in its place. */
export const expression: Field<Fn | Expr, Json> = {
  schema: { anyOf: [ofKind("expression"), ofKind("function")] },
  decode(tree, cx) {
    const fn = functionOf(tree)
    if (fn !== undefined) return cx.fn(fn.name, fn.tree)
    if (tree.kind !== "scalar" || tree.value === null || typeof tree.value === "number" || tree.value === "") {
      return cx.wrong(tree, `this is ${kindOf(tree)}`, "an expression in CEL", quoteHint(tree, cx))
    }
    const source = String(tree.value)
    const { expr, skipped } = readCel(source)
    if (!isLeft(expr)) return closed(expr.right, tree, cx)
    report(expr.left, tree, cx, skipped)
  },
  encode: asItIs,
}

/** A template where no function may stand. */
const templateAlone: Field<Code, Json> = {
  schema: ofKind("template"),
  decode(tree, cx) {
    const json = plain(tree)
    const code = readTemplate(json, (name) => cx.isBound(name))
    if (isLeft(code)) return report(code.left, tree, cx)
    if (code.right._tag === "Constant") report(doubts(json, ["value", "input", "params", ...cx.scope]), tree, cx)
    return code.right._tag === "Expr" ? closed(code.right, tree, cx) : code.right
  },
  encode: asItIs,
}

/** Any JSON whose strings may hold `${…}`, or a named function in its place. */
export const template: Field<Code, Json> = {
  schema: { anyOf: [ofKind("template"), ofKind("function")] },
  decode(tree, cx) {
    const fn = functionOf(tree)
    return fn === undefined ? templateAlone.decode(tree, cx) : cx.fn(fn.name, fn.tree)
  },
  encode: asItIs,
}

/** A template that is kept as one even where it is constant: a field of an agent. */
export const textTemplate: Field<Expr, Json> = {
  schema: ofKind("template"),
  decode(tree, cx) {
    const expr = readText(plain(tree))
    return isLeft(expr) ? report(expr.left, tree, cx) : cx.places.set(expr.right, tree)
  },
  encode: asItIs,
}

/** A text that may hold `${…}`. */
export const textWithHoles: Field<string | Expr, Json> = {
  schema: { type: "string" },
  decode(tree, cx) {
    const written = text.decode(tree, cx)
    if (written === undefined) return undefined
    const code = readTemplate(written, () => false)
    if (isLeft(code)) return report(code.left, tree, cx)
    if (code.right._tag === "Expr") return closed(code.right, tree, cx)
    return code.right._tag === "Constant" ? asText(code.right.value) : undefined
  },
  encode: asItIs,
}

/** The name of a registered function. */
export const functionField: Field<Fn, Json> = {
  schema: { type: "string" },
  decode(tree, cx) {
    if (tree.kind === "scalar" && typeof tree.value === "string") return cx.fn(tree.value, tree)
    return cx.wrong(tree, `this is ${kindOf(tree)}`, "the name of a function")
  },
  encode: asItIs,
}

function functionOf(tree: Tree): { readonly name: string; readonly tree: Tree } | undefined {
  if (tree.kind !== "mapping") return undefined
  const name = functionName(plain(tree))
  const [only] = tree.entries
  return name === undefined || only === undefined ? undefined : { name, tree: only.value }
}

/** An expression, each of whose names must be bound where it stands. */
function closed(expr: Expr, tree: Tree, cx: Reader): Expr {
  for (const name of expr.names) {
    if (reservedNames.has(name) || cx.isBound(name)) continue
    const known = [...new Set([...cx.scope, "value", "input", "params"])]
    const { at, part } = mention(tree, name) ?? { at: tree, part: undefined }
    const message = `the name \`${name}\` is not bound here`
    cx.report.at(at, { code: "name_free", message, expected: known.join(", "), hint: suggestion(name, known) }, part)
  }
  return cx.places.set(expr, tree)
}

/** Where a template first says a name. */
function mention(tree: Tree, name: string): { at: Tree; part: Part } | undefined {
  if (tree.kind === "scalar") {
    const start = String(tree.value).search(new RegExp(`(?<![\\w.])${name}(?!\\w)`))
    return start < 0 ? undefined : { at: tree, part: { start, end: start + name.length } }
  }
  const parts = tree.kind === "list" ? tree.items : tree.entries.map(({ value }) => value)
  for (const inner of parts) {
    const found = mention(inner, name)
    if (found !== undefined) return found
  }
  return undefined
}

function report(problems: readonly ExprProblem[], tree: Tree, cx: Reader, skipped = 0): undefined {
  for (const { code, message, severity, at, start, end, expected, hint } of problems) {
    const place = descend(tree, at)
    cx.report.at(place, { code, message, severity, expected, hint }, { start: start + skipped, end: end + skipped })
  }
}

/** The part of a template that a problem speaks of. */
export function descend(tree: Tree, at: readonly (string | number)[]): Tree {
  let found = tree
  for (const step of at) {
    const next: Tree | undefined =
      found.kind === "list"
        ? found.items[Number(step)]
        : found.kind === "mapping"
          ? member(found, String(step))
          : undefined
    if (next === undefined) return found
    found = next
  }
  return found
}

const member = (tree: Extract<Tree, { kind: "mapping" }>, key: string): Tree | undefined =>
  tree.entries.find((one) => one.key === key)?.value

/** YAML took the expression for something of its own. */
function quoteHint(tree: Tree, cx: Reader): string | undefined {
  if (tree.key === "on" && tree.kind === "mapping") return "a step that answers the tag goes under `by`, not `on`"
  if (tree.range === undefined || cx.report.source === undefined || tree.range.end <= tree.range.start) return undefined
  const written = cx.report.source.text.slice(tree.range.start, tree.range.end).trim()
  return written === "" || written.includes("\n")
    ? undefined
    : `quote this expression: \`${tree.key}: ${quoted(written)}\``
}
