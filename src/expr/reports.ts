import type { Json } from "../data/json.js"
import type { ExprProblem } from "../flow/expr.js"
import { inWords, type Kind } from "./kind.js"
import { nearest } from "../data/nearest.js"
import type { Place } from "./problem.js"
import { type Arm, armsOf, type FieldShape, fieldsOf, kindsOf, type Shape } from "./shape.js"

/** Offsets in the text. */
type Range = Pick<Place, "start" | "end">

/** What may be said of a problem beside the problem. */
interface Advice {
  readonly expected?: string | undefined
  readonly hint?: string | undefined
}

const meaning = (name: string | undefined, mark = "`"): string | undefined =>
  name === undefined ? undefined : `did you mean ${mark}${name}${mark}?`

/** Gathers what is wrong with the types of an expression, in words. */
export class Reports {
  readonly problems: ExprProblem[] = []

  add(range: Range, code: string, message: string, { expected, hint }: Advice = {}): void {
    this.#add("error", range, code, message, { expected, hint })
  }

  #add(severity: "error" | "warning", { start, end }: Range, code: string, message: string, advice: Advice): void {
    this.problems.push({
      code,
      message,
      severity,
      at: [],
      start,
      end,
      ...(advice.expected === undefined ? {} : { expected: advice.expected }),
      ...(advice.hint === undefined ? {} : { hint: advice.hint }),
    })
  }

  unknownName(range: Range, name: string, names: readonly string[]): void {
    const expected = names.length === 0 ? "no name at all" : `one of ${names.join(", ")}`
    const hint = meaning(nearest(name, names))
    this.add(range, "unknown_name", `there is no \`${name}\` here`, { expected, hint })
  }

  /** Reports a kind that is not accepted, in all or in some alternatives of a type. */
  expect(place: Place, of: Shape, accepted: readonly Kind[], needs: string): void {
    const kinds = kindsOf(armsOf(of))
    const wrong = kinds.filter((kind) => !accepted.includes(kind))
    if (wrong.length === 0) return
    const partly = kinds.length > wrong.length
    const message = `${needs}: \`${place.text}\` ${partly ? "may be" : "is"} ${inWords(wrong)}`
    const hint = partly && wrong.includes("null") ? `test it first: \`${place.text} != null\`` : undefined
    this.add(place, "operand", message, { expected: inWords(accepted), hint })
  }

  /** No list of the type has so many elements. */
  tooShort(range: Range, list: Place, most: number): void {
    const expected = most === 0 ? "no index: the list is empty" : `0 to ${most - 1}`
    const has = most === 0 ? "no element" : most === 1 ? "one element at most" : `at most ${most} elements`
    this.add(range, "index", `\`${list.text}\` has ${has}`, { expected })
  }

  /** No alternative has the field. */
  noField(range: Range, owner: Place, arms: readonly Arm[], field: string): void {
    const kinds = kindsOf(arms)
    if (!kinds.includes("object")) {
      this.add(range, "unknown_field", `\`${owner.text}\` has no fields: it is ${inWords(kinds)}`)
      return
    }
    const known = [...new Set(arms.flatMap(fieldsOf))]
    const expected = known.length === 0 ? "no field at all" : `one of ${known.join(", ")}`
    const hint = meaning(nearest(field, known))
    this.add(range, "unknown_field", `\`${owner.text}\` has no field \`${field}\``, { expected, hint })
  }

  /** What is wrong with reading a field of these alternatives, if anything. */
  field(range: Range, owner: Place, arms: readonly Arm[], field: string, looks: readonly FieldShape[]): void {
    const lacking = arms.filter((_, i) => looks[i]?.found === "never")
    const hint = `test it first: \`has(${owner.text}.${field})\``
    if (arms.length > 0 && lacking.length === arms.length) this.noField(range, owner, arms, field)
    else if (lacking.length > 0) {
      const others = kindsOf(lacking).filter((kind) => kind !== "object")
      const message =
        others.length > 0
          ? `\`${owner.text}\` may be ${inWords(others)}, which has no field \`${field}\``
          : `\`${field}\` is not in every form of \`${owner.text}\``
      this.add(range, "union_field", message, { hint })
    } else if (looks.some((look) => look.found === "maybe")) {
      this.add(range, "optional_field", `\`${owner.text}\` may have no field \`${field}\``, { hint })
    }
  }

  /** A comparison with a constant that the type excludes. */
  neverEqual(range: Range, place: Place, value: Json, known: readonly Json[]): void {
    const texts = known.map((one) => JSON.stringify(one))
    const hint = typeof value === "string" ? meaning(nearest(JSON.stringify(value), texts), "") : undefined
    const expected = `one of ${texts.join(", ")}`
    this.#add("warning", range, "never_equal", `\`${place.text}\` is never ${JSON.stringify(value)}`, {
      expected,
      hint,
    })
  }
}
