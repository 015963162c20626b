import { maxDuration } from "../data/duration.js"
import { InvalidFlow } from "./invalid.js"
import type { Count } from "./node.js"

// What the makers of nodes refuse, each with one wording.

/** `hedge` of `hedge.after`. */
const optionOf = (what: string): string => what.replace(/\..*/, "")

export function duration(ms: number, what: string): void {
  if (!Number.isFinite(ms) || ms < 0 || ms > maxDuration) {
    const message = `${what} is ${ms} ms: expected 0 to ${maxDuration} ms (about 24 days)`
    throw new InvalidFlow("duration", message, "", optionOf(what))
  }
}

export function count(value: Count, minimum: number, what: string): void {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < minimum) {
      const message = `${what} is ${value}: expected a whole number, ${minimum} or more`
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

export function unique(names: readonly string[] | undefined, where: string): void {
  if (names === undefined || new Set(names).size === names.length) return
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  throw new InvalidFlow("duplicate", `${where} names ${JSON.stringify(twice)} twice`)
}
