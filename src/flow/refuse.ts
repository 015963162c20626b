import { maxDuration } from "../data/duration.js"
import { type FaultTag, faultTags } from "../data/fault.js"
import { nearest } from "../data/nearest.js"
import { InvalidFlow } from "./invalid.js"
import type { Count } from "./node.js"

// What the makers of nodes refuse, each with one wording.

/** Something that is not what was expected, in a few words. */
export function shown(given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given)
  if (Array.isArray(given)) return "a list"
  if (typeof given === "object" && given !== null) return "an object"
  return typeof given === "function" || typeof given === "symbol" ? `a ${typeof given}` : String(given)
}

/** A text where the compiler has seen one, for callers that it has not seen. So are the checks below. */
export function text(given: unknown, what: string, code = "text"): void {
  if (typeof given === "string") return
  throw new InvalidFlow(code, `${what} is ${shown(given)}: expected a text`, "", optionOf(what))
}

export function flag(given: unknown, what: string): void {
  if (given === undefined || typeof given === "boolean") return
  throw new InvalidFlow("option", `${what} is ${shown(given)}: expected true or false`, "", optionOf(what))
}

export function list(given: unknown, what: string, of: string): void {
  if (Array.isArray(given)) return
  throw new InvalidFlow("list", `${what} is ${shown(given)}: expected a list of ${of}`, "", optionOf(what))
}

/** An object whose fields mean something: options, members by name. */
export function record(given: unknown, what: string, expected = "an object"): void {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return
  throw new InvalidFlow("record", `${what} is ${shown(given)}: expected ${expected}`, "", optionOf(what))
}

const isParam = (value: Count): value is Exclude<Count, number> =>
  typeof value === "object" && value !== null && value._tag === "Param"

/** `hedge` of `hedge.after`. */
const optionOf = (what: string): string => what.replace(/\..*/, "")

export function duration(ms: number, what: string): void {
  if (!Number.isFinite(ms) || ms < 0 || ms > maxDuration) {
    const given = typeof ms === "number" ? `${ms} ms` : shown(ms)
    const message = `${what} is ${given}: expected 0 to ${maxDuration} ms (about 24 days)`
    throw new InvalidFlow("duration", message, "", optionOf(what))
  }
}

export function count(value: Count, minimum: number, what: string): void {
  if (!isParam(value)) {
    if (!Number.isSafeInteger(value) || value < minimum) {
      const message = `${what} is ${shown(value)}: expected a whole number, ${minimum} or more`
      throw new InvalidFlow("count", message, "", optionOf(what))
    }
  } else if (value.minimum !== undefined && value.minimum < minimum) {
    throw new InvalidFlow(
      "count",
      `${what} is the parameter ${value.name}, whose minimum is ${value.minimum}: expected ${minimum} or more`,
      "",
      optionOf(what),
    )
  }
}

/** A choice that the compiler has checked, for callers that it has not seen. */
export function oneOf(given: string, choices: readonly string[], what: string): void {
  if (choices.includes(given)) return
  throw new InvalidFlow("option", `${what} is ${shown(given)}: expected ${choices.join(" or ")}`)
}

/** Tags of faults that the compiler has checked, for callers that it has not seen. */
export function faults(tags: readonly FaultTag[] | undefined): void {
  if (tags === undefined) return
  if (!Array.isArray(tags)) {
    throw new InvalidFlow("option", `on is ${shown(tags)}: expected a list of faults`, "", "on")
  }
  const at = tags.findIndex((tag) => !faultTags.includes(tag))
  if (at < 0) return
  const wrong: unknown = tags[at]
  const meant = typeof wrong === "string" ? nearest(wrong, faultTags) : undefined
  const hint = meant === undefined ? `one of ${faultTags.join(", ")}` : meant
  throw new InvalidFlow("option", `on names ${shown(wrong)}, which is no fault: expected ${hint}`, "", "on")
}

export function unique(names: readonly string[] | undefined, where: string): void {
  if (names === undefined || new Set(names).size === names.length) return
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  throw new InvalidFlow("duplicate", `${where} names ${JSON.stringify(twice)} twice`)
}
