import type { JsonSchema } from "./schema.js"
import { describeType } from "./schema-words.js"

/** Whether every value of one type fits another; where it does not or cannot be told, the place and the types there. */
export type Fit = { readonly fits: "yes" } | Clash | Undecided

interface Clash {
  readonly fits: "no"
  /** The field, as `facts[].title`; `""` for the whole value. */
  readonly at: string
  /** In words. */
  readonly expected: string
  readonly got: string
}

interface Undecided {
  readonly fits: "unknown"
  readonly at: string
  readonly reason: string
  /** Whether it is so because nothing at all is known of what is there. */
  readonly blind: boolean
}

export const yes: Fit = { fits: "yes" }
export const unknown = (at: string, reason: string): Undecided => ({ fits: "unknown", at, reason, blind: false })
export const blind = (at: string, expected: JsonSchema): Undecided => {
  const reason = `nothing is known of what arrives; expected ${describeType(expected)}`
  return { fits: "unknown", at, reason, blind: true }
}
export const clash = (at: string, got: JsonSchema, expected: JsonSchema): Clash => ({
  fits: "no",
  at,
  expected: describeType(expected),
  got: describeType(got),
})

/** All of several must fit. */
export function worst(fits: readonly Fit[]): Fit {
  return fits.find((fit) => fit.fits === "no") ?? fits.find((fit) => fit.fits === "unknown") ?? yes
}
