import { pathOf } from "./facts.js"
import { type Arm, armsOf, type FieldShape, isRequired, type Shape } from "./shape.js"
import type { Term } from "./term.js"

/** What tells a place from others, or any other term by its text. */
const keyOf = (term: Term): string => pathOf(term) ?? term.text

/** Gathers the terms whose type decides whether an expression can be computed, and of which nothing is known. */
export class Doubts {
  /** Their texts. What is read from one of them is not told again. */
  readonly texts: string[] = []
  readonly #places = new Set<string>()

  /** The type of a term matters. */
  needs(term: Term, of: Shape): void {
    if (armsOf(of).some((arm) => arm.kind === "any")) this.#add(term.text, keyOf(term))
  }

  /** A field of these alternatives is read. */
  field(owner: Term, arms: readonly Arm[], field: string, looks: readonly FieldShape[]): void {
    const place = `${keyOf(owner)}[${JSON.stringify(field)}]`
    if (arms.some((arm) => arm.kind === "any")) this.#add(owner.text, keyOf(owner))
    else if (arms.some((arm, i) => looks[i]?.found === "unknown" && !isRequired(arm, field))) {
      this.#add(`${owner.text}.${field}`, place)
    }
    if (this.#places.has(keyOf(owner))) this.#places.add(place)
  }

  /** An item is read from a list or an object: it is as doubtful. */
  item(term: Term, owner: Term): void {
    if (this.#places.has(keyOf(owner))) this.#places.add(keyOf(term))
  }

  /** A list must be long enough. */
  length(list: Term): void {
    if (!this.#places.has(keyOf(list))) this.#add(`the length of ${list.text}`, `${keyOf(list)}.length`)
  }

  /** The items of a list are gone through, under a name of their own. */
  each(slot: number, list: Term): void {
    if (this.#places.has(keyOf(list))) this.#places.add(`#${slot}`)
  }

  #add(text: string, place: string): void {
    if (this.#places.has(place)) return
    this.#places.add(place)
    this.texts.push(text)
  }
}
