import { type FlowAlgebra, fold, type Known } from "../fold.js"
import type { Node } from "../node.js"

/** What is known of a flow before it is drawn or told. */
export interface Parts {
  /** Nodes of the same number read the same, all that is in them included. */
  readonly kindOf: (node: Node) => number | undefined
  /** How many nodes the flow has when every part is counted wherever it stands. */
  readonly size: number
}

interface Part {
  readonly kind: number
  readonly size: number
}

const inside: ReadonlySet<string> = new Set(["parts", "of", "body", "among", "arms", "otherwise", "handler", "side"])

/** What a node says itself, without its children. */
const own = (node: object): Array<[string, unknown]> => Object.entries(node).filter(([key]) => !inside.has(key))

/** Numbers the parts of a flow, in time linear in the nodes that differ as objects. */
export function partsOf(root: Node): Parts {
  const objects = new WeakMap<object, number>()
  const kinds = new Map<string, number>()
  const known = new WeakMap<Node, { readonly result: Part }>()
  let next = 0

  const numberOf = (value: object): number => {
    const number = objects.get(value) ?? next++
    objects.set(value, number)
    return number
  }
  function kindOf(node: object, kids: readonly Part[]): number {
    let text: string
    try {
      text = JSON.stringify([own(node), kids.map(({ kind }) => kind)], (_, value: unknown) =>
        typeof value === "function" ? `#${numberOf(value)}` : value,
      )
    } catch {
      text = `#${numberOf(node)}` // a constant that is no JSON
    }
    const kind = kinds.get(text) ?? kinds.size
    kinds.set(text, kind)
    return kind
  }
  const many = (node: object, kids: readonly (Part | undefined)[]): Part => {
    const there = kids.filter((kid) => kid !== undefined)
    return { kind: kindOf(node, there), size: there.reduce((sum, { size }) => sum + size, 1) }
  }
  const leaf = (node: Node): Part => many(node, [])
  const one = (node: Node, kid: Part | undefined): Part => many(node, [kid])

  const algebra: FlowAlgebra<Part> = {
    Pure: leaf,
    Agent: (node) => many({ ...node, ref: node.ref.name }, []),
    Fail: leaf,
    Suspend: leaf,
    Sleep: leaf,
    Seq: many,
    All: many,
    AtLeast: many,
    Race: many,
    Graph: many,
    Loop: one,
    Traverse: one,
    Within: one,
    Retry: one,
    Limit: one,
    Call: one,
    Let: (node, { of, body }) => many(node, [of, body]),
    FlatMap: (node, { of, among = [] }) => many(node, [of, ...among]),
    Branch: (node, { by, arms, otherwise }) =>
      many(by === undefined ? node : { ...node, on: undefined }, [by, ...arms, otherwise]),
    Recover: (node, { of, handler }) => many(node, [of, handler]),
    Divert: (node, { of, side }) => many(node, [of, side]),
    Guard: (node, { of, by }) => many(by === undefined ? node : { ...node, check: undefined }, [of, by]),
  }
  const { size } = fold(root, algebra, known)
  return { kindOf: (node) => known.get(node)?.result.kind, size }
}

/** A flow with more parts than this, each counted wherever it stands, is not gone through part by part. */
export const mostParts = 2_000_000

/**
 * Hands what was seen before to a fold as something shorter, so that its inside is not visited again.
 *
 * @param worth whether a part is long enough for that.
 */
export function repeats<R>(parts: Parts, worth: (made: R) => boolean, again: (made: R) => R): Known<R> {
  const before = new Map<number | undefined, { readonly result: R } | undefined>()
  return {
    get(node) {
      const first = before.get(parts.kindOf(node))
      return first && { result: again(first.result) }
    },
    set(node, made) {
      const kind = parts.kindOf(node)
      if (kind !== undefined) before.set(kind, worth(made.result) ? made : undefined)
    },
  }
}
