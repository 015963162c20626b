import { type Frame, spend } from "./frame.js"
import { describe, isList, isObject, kindOf } from "./kind.js"
import { failure } from "./problem.js"
import type { Binary, Operator } from "./term.js"

type Operation = (a: unknown, b: unknown, frame: Frame, term: Binary) => unknown

function reject(term: Binary, a: unknown, b: unknown, needs: string): never {
  const operands = `\`${term.left.text}\` is ${describe(a)} and \`${term.right.text}\` is ${describe(b)}`
  throw failure(term, "operand", `\`${term.operator}\` needs ${needs}: ${operands}`)
}

function finite(term: Binary, result: number): number {
  if (Number.isFinite(result)) return result
  throw failure(term, "arithmetic", `\`${term.text}\` is too large for a number`)
}

function divisor(term: Binary, value: number): number {
  if (value !== 0) return value
  throw failure(term, "arithmetic", `\`${term.right.text}\` is 0: nothing can be divided by it`)
}

const arithmetic =
  (compute: (a: number, b: number, term: Binary) => number): Operation =>
  (a, b, _, term) =>
    typeof a === "number" && typeof b === "number"
      ? finite(term, compute(a, b, term))
      : reject(term, a, b, "two numbers")

const comparison =
  (compare: (a: number | string | boolean, b: number | string | boolean) => boolean): Operation =>
  (a, b, frame, term) => {
    if (typeof a === "number" && typeof b === "number") return compare(a, b)
    if (typeof a === "string" && typeof b === "string") {
      spend(frame, Math.min(a.length, b.length) >> 3)
      return compare(a, b)
    }
    if (typeof a === "boolean" && typeof b === "boolean") return compare(a, b)
    return reject(term, a, b, "two numbers, two strings or two booleans")
  }

const plus: Operation = (a, b, frame, term) => {
  if (typeof a === "number" && typeof b === "number") return finite(term, a + b)
  if (typeof a === "string" || typeof b === "string") {
    if ((typeof a === "string" || typeof a === "number") && (typeof b === "string" || typeof b === "number")) {
      const text = `${a}${b}`
      spend(frame, text.length >> 3)
      return text
    }
  }
  if (isList(a) && isList(b)) {
    spend(frame, a.length + b.length)
    return [...a, ...b]
  }
  return reject(term, a, b, "two numbers, two lists, or strings and numbers")
}

const within: Operation = (a, b, frame, term) => {
  if (isList(b)) {
    spend(frame, b.length)
    return b.some((item) => same(a, item, frame))
  }
  if (isObject(b) && typeof a === "string") return Object.hasOwn(b, a) && b[a] !== undefined
  return reject(term, a, b, "a list, or a key and an object")
}

/** Equal as JSON: by value, keys in any order; nothing equals a value of another kind. */
function same(a: unknown, b: unknown, frame: Frame): boolean {
  if (a === b) return true
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return false
  if (kind === "null") return true
  if (kind === "string") {
    spend(frame, 1)
    return false
  }
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return false
    spend(frame, a.length)
    return a.every((item, i) => same(item, b[i], frame))
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a)
    spend(frame, keys.length)
    if (keys.length !== Object.keys(b).length) return false
    return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], frame))
  }
  return false
}

/** What each operator computes. Numbers are JSON's: one type, real division, no overflow into infinity. */
export const operations: Readonly<Record<Operator, Operation>> = {
  "+": plus,
  "-": arithmetic((a, b) => a - b),
  "*": arithmetic((a, b) => a * b),
  "/": arithmetic((a, b, term) => a / divisor(term, b)),
  "%": arithmetic((a, b, term) => a % divisor(term, b)),
  "==": (a, b, frame) => same(a, b, frame),
  "!=": (a, b, frame) => !same(a, b, frame),
  "<": comparison((a, b) => a < b),
  "<=": comparison((a, b) => a <= b),
  ">": comparison((a, b) => a > b),
  ">=": comparison((a, b) => a >= b),
  in: within,
}
