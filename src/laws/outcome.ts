import { type Either, isLeft, left, right } from "../data/either.js"
import { type Failure, type Fault, faultTags } from "../data/fault.js"

/** How a run ended: with its value, or with a fault or an abort. */
export type Outcome = Either<Failure, unknown>

/** A part of a fault that is compared: all but `path`, `message` and `issues`, which say where and in words. */
export type Expected<F extends Fault = Fault> = F extends Fault ? Omit<F, "path" | "message"> : never

/** The outcome "failed so", at a path and with words that no comparison looks at. */
export const failed = (fault: Expected): Outcome => left({ ...fault, path: "", message: "" })

/** The outcome "gave this". */
export const gave = (value: unknown): Outcome => right(value)

const tags: ReadonlySet<unknown> = new Set(faultTags)
const words: ReadonlySet<string> = new Set(["path", "message", "issues"])

const entriesOf = (value: object): [string, unknown][] => {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  const isFault = "_tag" in value && tags.has(value._tag)
  return isFault ? entries.filter(([key]) => !words.has(key)) : entries
}

/** Structural equality; errors by name and message, faults wherever they are up to where they were and their words. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (a instanceof Error || b instanceof Error) {
    return a instanceof Error && b instanceof Error && a.name === b.name && a.message === b.message
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [mine, other] = [entriesOf(a), new Map(entriesOf(b))]
  return mine.length === other.size && mine.every(([key, value]) => other.has(key) && same(value, other.get(key)))
}

/** Whether two runs ended alike: equal values, or equal faults up to where they were and their words, or
 * aborts for the same reason. */
export function equal(a: Outcome, b: Outcome): boolean {
  if (isLeft(a)) return isLeft(b) && same(a.left, b.left)
  return !isLeft(b) && same(a.right, b.right)
}
