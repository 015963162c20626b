import type { AnyFlow, Flow } from "../flow/index.js"
import type { Fn, Tag } from "../flow/node.js"
import type { Outcome } from "./outcome.js"
import type { Sample } from "./sample.js"

/** What a law is stated over: any flows, any total functions, any value. */
export interface Samples {
  readonly f: Sample
  readonly g: Sample
  readonly h: Sample
  /** Flows that cannot fail, be aborted or observe time. */
  readonly t: Sample
  readonly u: Sample
  readonly v: Sample
  readonly w: Sample
  /** Functions that never throw. */
  readonly p: Fn<unknown>
  readonly q: Fn<unknown>
  readonly input: unknown
}

/** Two flows that end alike on every input. */
export interface Sides {
  readonly lhs: AnyFlow
  readonly rhs: AnyFlow
  /** How an outcome of the right side reads on the left, where a law holds up to a renaming. */
  readonly reads?: (rhs: Outcome) => Outcome
}

/** An equation between flows. */
export type Law = (samples: Samples) => Sides

/** Laws by name. */
export type Laws = Readonly<Record<string, Law>>

/** A flow, an input, and how its run must end. */
export interface Meaning {
  readonly flow: Flow<unknown, unknown>
  readonly input: unknown
  readonly means: Outcome
}

/** What a node means, by plain function composition, on samples that answer at once. */
export type Claim = (samples: Samples) => Meaning

/** The claims of every node: one without any does not compile. */
export type Claims = { readonly [T in Tag]: Readonly<Record<string, Claim>> }
