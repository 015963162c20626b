import { flow } from "./build.js"
import { equals } from "./equals.js"
import { type FlowAlgebra, fold } from "./fold.js"
import type { Node } from "./node.js"
import { rebuild } from "./rebuild.js"

/** A flow whose calls hold nothing. */
export interface Unlinked {
  readonly node: Node
  /** Calls whose name stands for another flow elsewhere. */
  readonly clashes: readonly { readonly name: string; readonly path: string }[]
}

/** The way back from `link`: every flow that is called goes to `flows`, in the same form. */
export function unlink(node: Node, flows: Map<string, Node>): Unlinked {
  const clashes: { name: string; path: string }[] = []
  let calls = 0
  const unlinking: FlowAlgebra<Node> = {
    ...rebuild,
    Call(call, called, { path }) {
      calls++
      const { name } = call
      const other = flows.get(name)
      if (called !== undefined && other === undefined) flows.set(name, called)
      else if (called !== undefined && other !== undefined && !alike(called, other)) clashes.push({ name, path })
      const { of: _, ...bare } = call
      return bare
    },
  }
  const made = fold(node, unlinking, new WeakMap())
  return { node: calls === 0 ? node : made, clashes }
}

/** Whether two nodes say the same. */
export const alike = (a: Node, b: Node): boolean => a === b || equals(flow(a), flow(b))
