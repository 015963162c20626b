import { createHash } from "node:crypto"
import { isRecord } from "../data/json.js"

/** The digest of some data, as 64 hexadecimal digits; `stable` where another process would find the same. */
export interface Digest {
  readonly value: string
  readonly stable: boolean
}

const serials = new WeakMap<object, number>()
const symbols = new Map<symbol, number>()
let last = 0

/** What is no plain data is known by a number, which it keeps as long as the process lives. */
function serial(value: object | symbol): number {
  const known = typeof value === "symbol" ? symbols.get(value) : serials.get(value)
  if (known !== undefined) return known
  last++
  if (typeof value === "symbol") symbols.set(value, last)
  else serials.set(value, last)
  return last
}

/** Where the encoding of a list or record ends. */
class End {
  readonly of: object
  readonly mark: string
  constructor(of: object, mark: string) {
    this.of = of
    this.mark = mark
  }
}

/** A key of a record, before its value. */
class Key {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

function leaf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value)
    case "number":
      return `${value};`
    case "boolean":
      return value ? "t" : "f"
    case "bigint":
      return `i${value};`
    case "undefined":
      return "u"
    case "object":
      return value === null ? "n" : undefined
    default:
      return undefined
  }
}

/**
 * The SHA-256 of data and of digests of other data. Keys of records count in no order; what is no plain data counts as
 * itself, and then the digest holds for this process alone. Never recurses.
 */
export function digest(data: unknown, parts: readonly string[]): Digest {
  const sum = createHash("sha256")
  const open = new Set<object>()
  let stable = true
  let text = ""
  const stack: unknown[] = [data]
  while (stack.length > 0) {
    const next = stack.pop()
    if (text.length > 65_536) {
      sum.update(text)
      text = ""
    }
    const plain = leaf(next)
    if (plain !== undefined) text += plain
    else if (next instanceof End) {
      text += next.mark
      open.delete(next.of)
    } else if (next instanceof Key) text += `${JSON.stringify(next.name)}:`
    else if (Array.isArray(next) && !open.has(next)) {
      text += "["
      open.add(next)
      stack.push(new End(next, "]"))
      for (let i = next.length; i-- > 0; ) stack.push(next[i])
    } else if (isRecord(next) && !open.has(next)) {
      text += "{"
      open.add(next)
      stack.push(new End(next, "}"))
      for (const key of Object.keys(next).sort().toReversed()) stack.push(next[key], new Key(key))
    } else if (typeof next === "symbol" || typeof next === "function" || (typeof next === "object" && next !== null)) {
      text += `o${serial(next)};`
      stable = false
    }
  }
  sum.update(text)
  for (const part of parts) sum.update(part)
  return { value: sum.digest("hex"), stable }
}
