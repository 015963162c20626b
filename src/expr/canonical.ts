import type { Json } from "../data/json.js"
import type { Term } from "./term.js"

/** How a name is written. */
export type Spell = (name: string) => string | number

/** What a term says, without its layout: as `Expr.canonical`. Variables of macros are told by their slot. */
export function canonical(term: Term, spell: Spell): Json {
  const of = (inner: Term): Json => canonical(inner, spell)
  switch (term.op) {
    case "literal":
      return ["literal", term.value]
    case "name":
      return ["name", spell(term.name)]
    case "local":
      return ["local", term.slot]
    case "field":
      return ["field", of(term.of), term.field]
    case "has":
      return ["has", of(term.target)]
    case "index":
      return ["index", of(term.of), of(term.index)]
    case "list":
      return ["list", ...term.items.map(of)]
    case "object":
      return ["map", ...term.entries.map(([key, value]) => [of(key), of(value)])]
    case "if":
      return ["if", of(term.test), of(term.yes), of(term.no)]
    case "and":
    case "or":
      return [term.op, of(term.left), of(term.right)]
    case "not":
    case "minus":
      return [term.op, of(term.of)]
    case "binary":
      return [term.operator, of(term.left), of(term.right)]
    case "each": {
      const { quantifier, list, slot, test, give } = term
      return [
        "each",
        quantifier,
        slot,
        of(list),
        test === undefined ? [] : of(test),
        give === undefined ? [] : of(give),
      ]
    }
    case "call":
      return ["call", term.fn.method ? `.${term.fn.name}` : term.fn.name, ...term.args.map(of)]
  }
}
