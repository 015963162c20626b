import { maxDuration } from "../data/duration.js"
import { type FaultTag, faultTags } from "../data/fault.js"
import { nearest } from "../data/nearest.js"
import { InvalidFlow } from "./invalid.js"
import type { Count } from "./node.js"

// What the makers of nodes refuse, each with one wording.

/** `hedge` of `hedge.after`. */
const optionOf = (what: string): string => what.replace(/\..*/, "")

export function duration(ms: number, what: string): void {
  if (!Number.isFinite(ms) || ms < 0 || ms > maxDuration) {
    const given = typeof ms === "number" ? `${ms} ms` : JSON.stringify(ms)
    const message = `${what} is ${given}: expected 0 to ${maxDuration} ms (about 24 days)`
    throw new InvalidFlow("duration", message, "", optionOf(what))
  }
}

export function count(value: Count, minimum: number, what: string): void {
  if (typeof value !== "object") {
    if (!Number.isSafeInteger(value) || value < minimum) {
      const given = typeof value === "number" ? value : JSON.stringify(value)
      const message = `${what} is ${given}: expected a whole number, ${minimum} or more`
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
  throw new InvalidFlow("option", `${what} is ${JSON.stringify(given)}: expected ${choices.join(" or ")}`)
}

/** Tags of faults that the compiler has checked, for callers that it has not seen. */
export function faults(tags: readonly FaultTag[] | undefined): void {
  if (tags === undefined) return
  if (!Array.isArray(tags)) {
    throw new InvalidFlow("option", `on is ${JSON.stringify(tags)}: expected a list of faults`, "", "on")
  }
  const wrong = tags.find((tag) => !faultTags.includes(tag))
  if (wrong === undefined) return
  const meant = nearest(wrong, faultTags)
  const hint = meant === undefined ? `one of ${faultTags.join(", ")}` : meant
  throw new InvalidFlow("option", `on names ${JSON.stringify(wrong)}, which is no fault: expected ${hint}`, "", "on")
}

export function unique(names: readonly string[] | undefined, where: string): void {
  if (names === undefined || new Set(names).size === names.length) return
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  throw new InvalidFlow("duplicate", `${where} names ${JSON.stringify(twice)} twice`)
}
