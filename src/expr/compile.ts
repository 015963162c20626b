import { type Frame, isFinal, type Run, spend } from "./frame.js"
import { describe, isList, isObject } from "./kind.js"
import { operations } from "./operators.js"
import { failure, type Place } from "./problem.js"
import type { Each, Field, Term } from "./term.js"

/** Turns a term into closures, once; they run many times. */
export function compile(term: Term): Run {
  switch (term.op) {
    case "literal": {
      const { value } = term
      return () => value
    }
    case "name":
      return ({ scope }) => {
        const value = scope.get(term.name)
        if (value === undefined && !scope.has(term.name)) {
          throw failure(term, "unknown_name", `there is no \`${term.name}\` in scope`)
        }
        return value
      }
    case "local": {
      const { slot } = term
      return ({ locals }) => locals[slot]
    }
    case "field":
      return field(term)
    case "has": {
      const of = compile(term.target.of)
      const name = term.target.field
      return (frame) => {
        const value = of(frame)
        return isObject(value) && Object.hasOwn(value, name) && value[name] !== undefined
      }
    }
    case "index": {
      const of = compile(term.of)
      const index = compile(term.index)
      return (frame) => at(term, term.of, of(frame), index(frame))
    }
    case "list": {
      const items = term.items.map(compile)
      return (frame) => items.map((item) => item(frame))
    }
    case "object":
      return object(term)
    case "if": {
      const test = truth(term.test)
      const yes = compile(term.yes)
      const no = compile(term.no)
      return (frame) => (test(frame) ? yes(frame) : no(frame))
    }
    case "and":
      return logic(truth(term.left), truth(term.right), false)
    case "or":
      return logic(truth(term.left), truth(term.right), true)
    case "not": {
      const of = truth(term.of)
      return (frame) => !of(frame)
    }
    case "minus": {
      const of = compile(term.of)
      return (frame) => {
        const value = of(frame)
        if (typeof value === "number") return -value
        throw failure(term, "operand", `\`-\` needs a number: \`${term.of.text}\` is ${describe(value)}`)
      }
    }
    case "binary": {
      const compute = operations[term.operator]
      const left = compile(term.left)
      const right = compile(term.right)
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        frame.place = term
        return compute(a, b, frame, term)
      }
    }
    case "each":
      return each(term)
    case "call": {
      const { fn } = term
      const args = term.args.map(compile)
      return (frame) => {
        const values = args.map((arg) => arg(frame))
        frame.place = term
        return fn.call(frame, values)
      }
    }
  }
}

function truth(term: Term): (frame: Frame) => boolean {
  const run = compile(term)
  return (frame) => {
    const value = run(frame)
    if (typeof value === "boolean") return value
    throw failure(term, "condition", `\`${term.text}\` must be true or false: it is ${describe(value)}`)
  }
}

function field(term: Field): Run {
  const of = compile(term.of)
  const name = term.field
  return (frame) => {
    const value = of(frame)
    if (isObject(value) && Object.hasOwn(value, name)) {
      const found = value[name]
      if (found !== undefined) return found
    }
    throw missing({ ...term, start: term.nameStart }, term.of, value, name)
  }
}

function missing(place: Place, of: Place, value: unknown, name: string): Error {
  if (!isObject(value)) {
    return failure(place, "unknown_field", `\`${of.text}\` has no field \`${name}\`: it is ${describe(value)}`)
  }
  if (of.text === "env") return failure(place, "unknown_field", `the environment variable ${name} is not set`)
  const keys = Object.keys(value).filter((key) => value[key] !== undefined)
  const shown = keys.length > 12 ? [...keys.slice(0, 12), "…"] : keys
  const has = keys.length === 0 ? "it has none" : `it has: ${shown.join(", ")}`
  return failure(place, "unknown_field", `\`${of.text}\` has no field \`${name}\`; ${has}`)
}

function at(term: Place, of: Place, value: unknown, index: unknown): unknown {
  if (isList(value)) {
    if (typeof index !== "number" || !Number.isInteger(index)) {
      const got = typeof index === "number" ? index : describe(index)
      throw failure(term, "index", `\`${of.text}\` is a list, indexed by whole numbers: got ${got}`)
    }
    if (index >= 0 && index < value.length) return value[index]
    const size = value.length === 1 ? "1 item" : `${value.length} items`
    throw failure(term, "index", `\`${of.text}\` has no item ${index}: it has ${size}, counted from 0`)
  }
  if (isObject(value) && typeof index === "string") {
    const found = Object.hasOwn(value, index) ? value[index] : undefined
    if (found !== undefined) return found
    throw missing(term, of, value, index)
  }
  throw failure(term, "index", `\`${of.text}\` is ${describe(value)}: it has no item at ${describe(index)}`)
}

function object(term: Extract<Term, { readonly op: "object" }>): Run {
  const entries = term.entries.map(([key, value]) => ({ key: compile(key), place: key, value: compile(value) }))
  return (frame) => {
    const result: Record<string, unknown> = {}
    for (const { key, place, value } of entries) {
      const name = key(frame)
      if (typeof name !== "string") {
        throw failure(place, "key", `a key must be a string: \`${place.text}\` is ${describe(name)}`)
      }
      if (name === "__proto__") throw failure(place, "key", "`__proto__` cannot be a key")
      if (Object.hasOwn(result, name)) throw failure(place, "key", `the key ${JSON.stringify(name)} is there twice`)
      result[name] = value(frame)
    }
    return result
  }
}

/** `&&` (decided by false) and `||` (decided by true): a side that fails does not matter if the other one decides. */
function logic(left: (frame: Frame) => boolean, right: (frame: Frame) => boolean, decisive: boolean): Run {
  return (frame) => {
    let first: boolean
    try {
      first = left(frame)
    } catch (error) {
      if (isFinal(error)) throw error
      if (right(frame) === decisive) return decisive
      throw error
    }
    return first === decisive ? first : right(frame)
  }
}

function elements(term: Each, value: unknown): readonly unknown[] {
  if (isList(value)) return value
  if (isObject(value)) return Object.keys(value)
  throw failure(
    term.list,
    "operand",
    `\`${term.quantifier}\` needs a list: \`${term.list.text}\` is ${describe(value)}`,
  )
}

function each(term: Each): Run {
  const list = compile(term.list)
  const test = term.test === undefined ? undefined : truth(term.test)
  const give = term.give === undefined ? undefined : compile(term.give)
  const { slot, weight } = term
  const turn = (frame: Frame, item: unknown): boolean => {
    frame.place = term
    spend(frame, weight)
    frame.locals[slot] = item
    return test === undefined || test(frame)
  }
  switch (term.quantifier) {
    case "all":
      return (frame) => decide(elements(term, list(frame)), (item) => turn(frame, item), false)
    case "exists":
      return (frame) => decide(elements(term, list(frame)), (item) => turn(frame, item), true)
    case "exists_one":
      return (frame) => {
        let count = 0
        for (const item of elements(term, list(frame))) if (turn(frame, item)) count++
        return count === 1
      }
    case "filter":
      return (frame) => elements(term, list(frame)).filter((item) => turn(frame, item))
    case "map":
      return (frame) => {
        const result: unknown[] = []
        for (const item of elements(term, list(frame))) {
          if (turn(frame, item)) result.push(give?.(frame))
        }
        return result
      }
  }
}

/** As `logic` over a list: an element that fails does not matter if another one decides. */
function decide(items: readonly unknown[], test: (item: unknown) => boolean, decisive: boolean): boolean {
  let failed: { readonly error: unknown } | undefined
  for (const item of items) {
    try {
      if (test(item) === decisive) return decisive
    } catch (error) {
      if (isFinal(error)) throw error
      failed ??= { error }
    }
  }
  if (failed !== undefined) throw failed.error
  return !decisive
}
