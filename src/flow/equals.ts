import { asText } from "../data/json.js"
import { nodeOf } from "./build.js"
import { fold } from "./fold.js"
import { type Said, reading, sameData } from "./said.js"
import type { AnyFlow } from "./types.js"

interface Shape extends Said {
  readonly kids: readonly Shape[]
}

/**
 * Whether two flows say the same: the same nodes in the same places, however their sequences were joined. Functions and
 * agents are compared by name, expressions by text; a function without a name equals itself alone.
 *
 * @example
 * ```ts
 * import { equals, lift } from "troupe/flow"
 * const [a, b, c] = [lift(Math.abs), lift(Math.sqrt), lift(Math.round)]
 * equals(a.andThen(b).andThen(c), a.andThen(b.andThen(c))) // true
 * ```
 */
export function equals(a: AnyFlow, b: AnyFlow): boolean {
  const stack: [Shape, Shape][] = [[fold(nodeOf(a), shapes), fold(nodeOf(b), shapes)]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [x, y] = pair
    if (x === y) continue
    if (x.tag !== y.tag || x.id !== y.id || x.note !== y.note) return false
    if (!sameData(x.roles, y.roles) || !sameData(x.own, y.own)) return false
    for (const [i, kid] of x.kids.entries()) {
      const other = y.kids[i]
      if (other !== undefined) stack.push([kid, other])
    }
  }
  return true
}

const shapes = reading<Shape>({
  notes: true,
  node: (said, kids) => ({ ...said, kids }),
  // CEL is a template that is one hole.
  expression: ({ kind, source }) => (kind === "cel" ? hole(asText(source)) : source),
  field: (key) => hole(`value.${key}`),
  name: (name) => name,
  lambda: ({ run }) => run,
  binder: (name) => name,
})

const hole = (cel: string): string => `\${${cel}}`
