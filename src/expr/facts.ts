import type { Json } from "../data/json.js"
import { type Arm, armsOf, constantsOf, fieldOf, ofArms, type Shape, withField } from "./shape.js"
import { kindOf } from "./kind.js"
import type { Term } from "./term.js"
import { union } from "./union.js"

/**
 * What tests have shown, by the path of what they tested: a narrower type than the one declared. Immutable: each branch
 * of an expression has its own.
 */
export type Facts = ReadonlyMap<string, Shape>

export const noFacts: Facts = new Map()

/** The path of a term that always reads the same place, such as `value.a["b"]`; other terms have none. */
export function pathOf(term: Term): string | undefined {
  if (term.op === "name") return term.name
  if (term.op === "local") return `#${term.slot}`
  const step = term.op === "field" ? term.field : term.op === "index" ? literalOf(term.index) : undefined
  if (step === undefined || (term.op !== "field" && term.op !== "index")) return undefined
  const path = pathOf(term.of)
  return path === undefined ? undefined : `${path}[${JSON.stringify(step)}]`
}

/** The value of a literal. */
export function literalOf(term: Term): Json | undefined {
  return term.op === "literal" ? term.value : undefined
}

/** Facts with one more: of the alternatives of a place, those that may have passed a test. */
export function learn(facts: Facts, place: Term, arms: readonly Arm[]): Facts {
  const path = pathOf(place)
  return path === undefined || arms.length === 0 ? facts : new Map(facts).set(path, ofArms(arms))
}

/** What holds when one or the other does. */
export function either(a: Facts, b: Facts): Facts {
  const both = new Map<string, Shape>()
  for (const [path, shape] of a) {
    const other = b.get(path)
    if (other !== undefined) both.set(path, other === shape ? shape : union([shape, other]))
  }
  return both
}

/** The alternatives that have a field, with the field; and those that may lack it. */
export function byPresence(of: Shape, field: string): { readonly yes: readonly Arm[]; readonly no: readonly Arm[] } {
  const arms = armsOf(of)
  return {
    yes: arms.filter((arm) => fieldOf(arm, field).found !== "never").map((arm) => withField(arm, field)),
    no: arms.filter((arm) => fieldOf(arm, field).found !== "always"),
  }
}

/** The alternatives whose field may be one of these values; and those that may have it otherwise. */
export function byField(
  of: Shape,
  field: string,
  values: readonly Json[],
): { readonly yes: readonly Arm[]; readonly no: readonly Arm[] } {
  const arms = armsOf(of)
  return {
    yes: arms.filter((arm) => mayBe(fieldOf(arm, field), values)),
    no: arms.filter((arm) => !mustBe(fieldOf(arm, field), values)),
  }
}

/** The alternatives that may be one of these values; and those that may be something else. */
export function byValue(
  of: Shape,
  values: readonly Json[],
): { readonly yes: readonly Arm[]; readonly no: readonly Arm[] } {
  const arms = armsOf(of)
  return {
    yes: arms.filter((arm) => armMayBe(arm, values)).map((arm) => confined(arm, (one) => values.includes(one))),
    no: arms.filter((arm) => !armMustBe(arm, values)).map((arm) => confined(arm, (one) => !values.includes(one))),
  }
}

/** An alternative that lists its values, with those alone that passed. */
function confined(arm: Arm, passes: (value: Json) => boolean): Arm {
  const known = constantsOf(arm)
  return known === undefined ? arm : { ...arm, schema: { ...arm.schema, enum: known.filter(passes) } }
}

function mayBe(field: ReturnType<typeof fieldOf>, values: readonly Json[]): boolean {
  if (field.found === "never") return false
  return field.found === "unknown" || armsOf(field.shape).some((arm) => armMayBe(arm, values))
}

function mustBe(field: ReturnType<typeof fieldOf>, values: readonly Json[]): boolean {
  return field.found === "always" && armsOf(field.shape).every((arm) => armMustBe(arm, values))
}

function armMayBe(arm: Arm, values: readonly Json[]): boolean {
  const known = constantsOf(arm)
  return values.some(
    (value) => arm.kind === "any" || (known === undefined ? kindOf(value) === arm.kind : known.includes(value)),
  )
}

function armMustBe(arm: Arm, values: readonly Json[]): boolean {
  if (arm.kind === "null") return values.includes(null)
  const known = constantsOf(arm)
  return known !== undefined && known.every((value) => values.includes(value))
}
