import { armsOf, kindsOf, type Shape } from "./shape.js"
import type { Binary } from "./term.js"

/** What to write instead, for operands that do not fit. */
export function remedy(term: Binary, left: Shape, right: Shape): string | undefined {
  for (const [side, of] of [
    [term.left, left],
    [term.right, right],
  ] as const) {
    const kinds = kindsOf(armsOf(of))
    if (kinds.length > 1 && kinds.includes("null")) return `test it first: \`${side.text} != null\``
    if (term.operator === "+" && kinds.includes("boolean")) return `as text write \`string(${side.text})\``
  }
  return undefined
}
