import type { Json } from "../data/json.js"
import { byField, byPresence, byValue, type Facts, learn, literalOf, pathOf } from "./facts.js"
import type { Shape } from "./shape.js"
import type { Binary, Term } from "./term.js"

/** What holds where a test is true, and where it is false. */
export interface Outcome {
  readonly yes: Facts
  readonly no: Facts
}

/** The type of a place that was looked at before. */
export type TypeOf = (place: Term) => Shape

/** What a comparison shows: `value.kind == "a"`, `value.note != null`, `value.kind in ["a", "b"]`, `"note" in value`. */
export function compared(term: Binary, facts: Facts, typeOf: TypeOf): Outcome {
  const { operator, left, right } = term
  if (operator === "in") {
    const key = literalOf(left)
    if (typeof key === "string" && right.op !== "list") return present(right, key, facts, typeOf)
    const values = right.op === "list" ? right.items.map(literalOf) : [undefined]
    const known = values.filter((value) => value !== undefined)
    return known.length === values.length ? among(left, known, facts, typeOf) : { yes: facts, no: facts }
  }
  const constant = constantIn(term)
  if (constant === undefined) return { yes: facts, no: facts }
  const { yes, no } = among(constant.place, [constant.value], facts, typeOf)
  return operator === "==" ? { yes, no } : { yes: no, no: yes }
}

/** The place and the constant of `place == constant`, whichever way round. */
export function constantIn(term: Binary): { readonly place: Term; readonly value: Json } | undefined {
  if (term.operator !== "==" && term.operator !== "!=") return undefined
  const right = literalOf(term.right)
  if (right !== undefined) return { place: term.left, value: right }
  const left = literalOf(term.left)
  return left === undefined ? undefined : { place: term.right, value: left }
}

/** What a place shows that is or is not one of these values: of itself, and of the object that it is a field of. */
export function among(place: Term, values: readonly Json[], facts: Facts, typeOf: TypeOf): Outcome {
  if (pathOf(place) === undefined) return { yes: facts, no: facts }
  const own = byValue(typeOf(place), values)
  const yes = learn(facts, place, own.yes)
  const no = learn(facts, place, own.no)
  if (place.op !== "field" && place.op !== "index") return { yes, no }
  const field = place.op === "field" ? place.field : literalOf(place.index)
  if (typeof field !== "string") return { yes, no }
  const outer = byField(typeOf(place.of), field, values)
  return { yes: learn(yes, place.of, outer.yes), no: learn(no, place.of, outer.no) }
}

function present(of: Term, key: string, facts: Facts, typeOf: TypeOf): Outcome {
  const { yes, no } = byPresence(typeOf(of), key)
  return { yes: learn(facts, of, yes), no: learn(facts, of, no) }
}
