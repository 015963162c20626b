import type { CelFunction } from "./functions.js"
import type { Place } from "./problem.js"

export type Operator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in"

/** How a macro treats the elements of its list. */
export type Quantifier = "all" | "exists" | "exists_one" | "map" | "filter"

/**
 * An expression, parsed: CEL's syntax tree with numbers as JSON has them, macros told from calls, and every name told
 * from a macro's variable.
 */
export type Term =
  | (Place & { readonly op: "literal"; readonly value: null | boolean | number | string })
  | (Place & { readonly op: "name"; readonly name: string })
  | (Place & { readonly op: "local"; readonly name: string; readonly slot: number })
  | Field
  | (Place & { readonly op: "has"; readonly target: Field })
  | (Place & { readonly op: "index"; readonly of: Term; readonly index: Term })
  | (Place & { readonly op: "list"; readonly items: readonly Term[] })
  | (Place & { readonly op: "object"; readonly entries: ReadonlyArray<readonly [Term, Term]> })
  | (Place & { readonly op: "if"; readonly test: Term; readonly yes: Term; readonly no: Term })
  | (Place & { readonly op: "and" | "or"; readonly left: Term; readonly right: Term })
  | (Place & { readonly op: "not" | "minus"; readonly of: Term })
  | Binary
  | Each
  | Call

export type Field = Place & {
  readonly op: "field"
  readonly of: Term
  readonly field: string
  /** Where the field's name begins. */
  readonly nameStart: number
}

export type Binary = Place & {
  readonly op: "binary"
  readonly operator: Operator
  readonly left: Term
  readonly right: Term
}

/** A macro over a list: `test` for all but `map`, where it may be left out; `give` for `map` alone. */
export type Each = Place & {
  readonly op: "each"
  readonly quantifier: Quantifier
  readonly list: Term
  readonly slot: number
  readonly test: Term | undefined
  readonly give: Term | undefined
  /** Terms in its body: what one turn costs. */
  readonly weight: number
}

/** A function with its arguments, the receiver of a method first. */
export type Call = Place & { readonly op: "call"; readonly fn: CelFunction; readonly args: readonly Term[] }
