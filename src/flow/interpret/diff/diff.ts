import type { Document } from "../../document.js"
import { hash } from "../../hash.js"
import { normalize } from "../../normalize.js"
import type { AnyFlow } from "../../types.js"
import { type Cost, cost } from "../cost.js"
import { type Change, compared } from "./compare.js"
import { aroundFlow } from "./document.js"
import { type Moved, movedFigures } from "./figures.js"
import { type Anonymous, partsOf } from "./part.js"

/** A function without a name, which nobody can compare. */
export interface Uncomparable {
  readonly path: string
  readonly side: "before" | "after"
}

/** What changed from one flow to another. */
export interface Diff {
  /** Whether nothing changed but layout: how sequences are joined, remarks, the spelling of bound names and expressions. */
  readonly same: boolean
  readonly changes: readonly Change[]
  /** The figures of the cost that moved. */
  readonly cost: readonly Moved[]
  /** Functions without a name that are not the same function on both sides. */
  readonly uncomparable: readonly Uncomparable[]
}

const isDocument = (of: AnyFlow | Document): of is Document => "_tag" in of && of._tag === "Document"
const flowOf = (of: AnyFlow | Document): AnyFlow => (isDocument(of) ? of.flow : of)

/**
 * What changed from one flow, or document, to another, in a reviewer's words, and with it the cost. The normal forms are
 * compared, and paths are those of the normal forms; of documents also their parameters, agents and schemas.
 *
 * Functions without a name are the same only where they are the same function; the others are listed as uncomparable.
 * Throws `InvalidFlow` for a flow that reads a name which nothing binds.
 *
 * @example
 * ```ts
 * import { agent, defineAgent } from "troupe"
 * import { diff } from "troupe/flow"
 * const editor = agent(defineAgent({ name: "editor" }, (text: string) => text.trim()))
 * const { changes } = diff(editor.timeout(30_000), editor.timeout(60_000))
 * changes[0]?.message // "the timeout of the flow (editor) went from 30s to 1m"
 * ```
 */
export function diff(before: AnyFlow | Document, after: AnyFlow | Document): Diff {
  return { ...changesOf(before, after), cost: movedFigures(costOf(before), costOf(after)) }
}

const costOf = (of: AnyFlow | Document): Cost =>
  isDocument(of) && of.input !== undefined ? cost(of.flow, { input: of.input }) : cost(flowOf(of))

/** The same without the cost. */
export function changesOf(before: AnyFlow | Document, after: AnyFlow | Document): Omit<Diff, "cost"> {
  const { inside, around, uncomparable } = comparison(before, after)
  const changes = [...inside, ...around]
  return { same: changes.length === 0 && uncomparable.length === 0, changes, uncomparable }
}

/** What changed inside the flow, and what around it. */
export interface Comparison {
  readonly inside: readonly Change[]
  readonly around: readonly Change[]
  readonly uncomparable: readonly Uncomparable[]
}

export function comparison(before: AnyFlow | Document, after: AnyFlow | Document): Comparison {
  const [from, to] = [normalize(flowOf(before)), normalize(flowOf(after))]
  const around = isDocument(before) && isDocument(after) ? aroundFlow(before, after) : []
  if (hash(from).value === hash(to).value) return { inside: [], around, uncomparable: [] }
  const [a, b] = [partsOf(from.node), partsOf(to.node)]
  const uncomparable = [...unknown(a.anonymous, b.anonymous, "before"), ...unknown(b.anonymous, a.anonymous, "after")]
  const inside = compared(a, b)
  if (inside.length === 0 && uncomparable.length === 0) {
    inside.push({ kind: "changed", path: "", message: "the flow is put together in another way" })
  }
  return { inside, around, uncomparable }
}

function unknown(mine: readonly Anonymous[], theirs: readonly Anonymous[], side: Uncomparable["side"]): Uncomparable[] {
  const known = new Set(theirs.map(({ run }) => run))
  return mine.filter(({ run }) => !known.has(run)).map(({ path }) => ({ path, side }))
}
