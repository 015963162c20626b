import { types } from "node:util"
import { isRef } from "./local-ref.js"

/** Something in a value that cannot be sent to another thread. */
export interface Obstacle {
  /** Where in the value, as in `.items[3].load`; the value itself is `""`. */
  readonly at: string
  /** What it is, in words. */
  readonly what: string
}

interface Place {
  readonly value: unknown
  readonly key: string
  readonly above: Place | undefined
}

/** Whether a value is an object that crosses as something else: an actor's address, an error as data. */
function isSwapped(value: object): boolean {
  return isRef(value) || value instanceof Error
}

/** Whether an object is data alone: made by `{}`, or without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const isWhole = (value: object): boolean =>
  types.isDate(value) ||
  types.isRegExp(value) ||
  types.isAnyArrayBuffer(value) ||
  ArrayBuffer.isView(value) ||
  (types.isBoxedPrimitive(value) && !types.isSymbolObject(value))

/** Whether it is memory, or a view of it, that another thread was given. */
function isGone(value: object): boolean {
  const memory = ArrayBuffer.isView(value) ? value.buffer : value
  if (!types.isArrayBuffer(memory) || memory.byteLength > 0) return false
  try {
    return new Uint8Array(memory, 0, 0).byteLength > 0
  } catch {
    return true
  }
}

const step = (key: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)

/** The parts of an object that holds others; undefined of one that cannot be sent. */
function within(value: object, above: Place): Place[] | undefined {
  const at = (part: unknown, key: string): Place => ({ value: part, key, above })
  if (Array.isArray(value)) return value.map((part, i) => at(part, `[${i}]`))
  if (types.isMap(value)) {
    return [...value].flatMap(([key, part], i) => [at(key, `.keys[${i}]`), at(part, `.values[${i}]`)])
  }
  if (types.isSet(value)) return [...value].map((part, i) => at(part, `.values[${i}]`))
  return isPlain(value) ? Object.entries(value).map(([key, part]) => at(part, step(key))) : undefined
}

function kindOf(value: object): string {
  if (types.isProxy(value)) return "a proxy"
  if (types.isPromise(value)) return "a promise"
  const { constructor } = value
  return typeof constructor === "function" && constructor.name !== ""
    ? `an instance of ${constructor.name}`
    : "an object of a class"
}

function pathOf(place: Place): string {
  let path = ""
  for (let at: Place | undefined = place; at !== undefined; at = at.above) path = at.key + path
  return path
}

/**
 * Looks whether a value can be sent to another thread: gives what cannot, or says whether there is anything in it that
 * crosses as something else.
 */
export function examine(root: unknown): Obstacle | "as it is" | "to be swapped" {
  const seen = new Set<object>()
  const left: Place[] = [{ value: root, key: "", above: undefined }]
  let swaps = false
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { value } = place
    if (typeof value === "function") return { at: pathOf(place), what: "a function" }
    if (typeof value === "symbol") return { at: pathOf(place), what: "a symbol" }
    if (typeof value !== "object" || value === null || seen.has(value)) continue
    seen.add(value)
    if (isSwapped(value)) swaps = true
    else if (types.isProxy(value)) return { at: pathOf(place), what: kindOf(value) }
    else if (isGone(value)) return { at: pathOf(place), what: "memory that was transferred away" }
    else if (!isWhole(value)) {
      const parts = within(value, place)
      if (parts === undefined) return { at: pathOf(place), what: kindOf(value) }
      // The first part is looked at first: of several obstacles the first is told.
      for (let i = parts.length - 1; i >= 0; i--) {
        const part = parts[i]
        if (part !== undefined) left.push(part)
      }
    }
  }
  return swaps ? "to be swapped" : "as it is"
}

/** A copy of a value of plain parts in which some objects are others. What they hold is not looked at. */
export function swapped(root: unknown, swap: (value: object) => object | undefined): unknown {
  const copies = new Map<object, unknown>()
  const left: Array<() => void> = []
  const copyOf = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value
    if (copies.has(value)) return copies.get(value)
    const other = swap(value)
    const copy = other ?? shell(value, copyOf, left)
    copies.set(value, copy)
    return copy
  }
  const whole = copyOf(root)
  for (let fill = left.pop(); fill !== undefined; fill = left.pop()) fill()
  return whole
}

/** An empty copy, to be filled later; what has no parts stays what it is. */
function shell(value: object, copyOf: (part: unknown) => unknown, left: Array<() => void>): object {
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    left.push(() => {
      for (const part of value) copy.push(copyOf(part))
    })
    return copy
  }
  if (types.isMap(value)) {
    const copy = new Map<unknown, unknown>()
    left.push(() => {
      for (const [key, part] of value) copy.set(copyOf(key), copyOf(part))
    })
    return copy
  }
  if (types.isSet(value)) {
    const copy = new Set<unknown>()
    left.push(() => {
      for (const part of value) copy.add(copyOf(part))
    })
    return copy
  }
  if (!isPlain(value)) return value
  const copy: Record<string, unknown> = {}
  left.push(() => {
    for (const [key, part] of Object.entries(value)) {
      Object.defineProperty(copy, key, { value: copyOf(part), enumerable: true, configurable: true, writable: true })
    }
  })
  return copy
}
