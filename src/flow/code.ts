import type { Expr } from "./expr.js"

/** A function in a flow. Without a name it runs, draws and prices, but cannot be written to a document. */
export interface Fn<in I = never, out O = unknown> {
  readonly _tag: "Fn"
  readonly name: string | undefined
  readonly run: (input: I) => O
}

/** A value known when the flow is built. */
export interface Constant {
  readonly _tag: "Constant"
  readonly value: unknown
}

/** The value that an enclosing `Let` bound. */
export interface Name {
  readonly _tag: "Name"
  readonly name: string
}

/** The last step of a loop that was written with `until`: Done(value) where `when` holds, else Continue(value). */
export interface Until {
  readonly _tag: "Until"
  readonly when: Fn | Expr
}

/** The first step of a `split`: the value as it is, if it is a list of so many; else the fault `InvalidInput`. */
export interface Arity {
  readonly _tag: "Arity"
  readonly size: number
}

/** The first step of a branch of a `split`: its element of the list. */
export interface Element {
  readonly _tag: "Element"
  readonly index: number
}

/** What a pure step applies. */
export type Code = Constant | Fn | Expr | Name | Until | Arity | Element

/** A parameter of the document in the place of a number; `minimum` and `maximum` are those of its schema. */
export interface Param {
  readonly _tag: "Param"
  readonly name: string
  readonly minimum?: number
  readonly maximum?: number
}

/** A number that is known when the flow is built, or a parameter. */
export type Count = number | Param
