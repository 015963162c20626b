import type { Graph } from "./node.js"

/** The members of a graph, each after all that it depends on; what is on a cycle, or behind one, is not among them. */
export function inOrder({ dependsOn }: Pick<Graph, "dependsOn">): readonly number[] {
  const missing = dependsOn.map((deps) => deps.length)
  const dependents: number[][] = dependsOn.map(() => [])
  for (const [i, deps] of dependsOn.entries()) for (const dep of deps) dependents[dep]?.push(i)
  const order = [...missing.keys()].filter((i) => missing[i] === 0)
  for (const i of order) {
    for (const dependent of dependents[i] ?? []) {
      const left = (missing[dependent] ?? 0) - 1
      missing[dependent] = left
      if (left === 0) order.push(dependent)
    }
  }
  return order
}
