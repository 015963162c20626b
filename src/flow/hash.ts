import { digest } from "./digest.js"
import type { Expr } from "./expr.js"
import { fold, type Known } from "./fold.js"
import type { Fn, Node } from "./node.js"
import type { Place } from "./place.js"
import { reading, type Reader, type Said } from "./said.js"
import { Names, reservedNames } from "./scope.js"

/** What `hash` gives. */
export interface Hash {
  /** The SHA-256 of what the flow says: 64 hexadecimal digits. */
  readonly value: string
  /** Whether another process finds the same value: false where a function has no name, or a constant is no plain data. */
  readonly stable: boolean
}

interface Hashed extends Hash {
  /** The outermost binding that is read from within, counted from the root; 0: a name that nothing binds. */
  readonly reach: number
}

/**
 * The hash of what a flow says. Flows that are `equals` have the same hash, and so have flows that differ in remarks, in
 * how their bound names are spelt, or in the layout of their expressions. Ids count, as paths are made of them. Functions
 * and agents count by name.
 *
 * A function without a name has a hash for as long as the process lives; `stable` is then false, and a durable run refuses
 * the flow.
 *
 * @example
 * ```ts
 * import { lift, named } from "troupe"
 * import { hash } from "troupe/flow"
 * const size = named("size", (text: string) => text.length)
 * hash(lift(size).note("letters")).value === hash(lift(size)).value // true
 * hash(lift((text: string) => text.length)).stable // false
 * ```
 */
export function hash(flow: { readonly node: Node }): Hash {
  const { value, stable } = hashed(flow.node)
  return { value, stable }
}

/** The first eight digits of a node's hash, which the path of a flow that was chosen ends in. */
export function markOf(node: Node): string {
  return hashed(node).value.slice(0, 8)
}

/** Of nodes that read no name from outside: the same wherever they stand. */
const anywhere = new WeakMap<Node, { readonly result: Hashed }>()
const known: Known<Hashed> = {
  get: (node) => anywhere.get(node),
  set: (node, entry) => entry.result.reach === Infinity && anywhere.set(node, entry),
}
/** Of whole flows that read names which nothing binds: the same wherever nothing binds them. */
const unbound = new WeakMap<Node, Hashed>()

function hashed(node: Node): Hash {
  const before = unbound.get(node)
  if (before !== undefined) return before
  const result = fold(node, reading(new Hashing()), known)
  if (result.reach !== Infinity) unbound.set(node, result)
  return result
}

/** Reads a flow into hashes. A bound name counts by how many bindings stand between it and its own, not by its spelling. */
class Hashing implements Reader<Hashed> {
  readonly notes = false
  readonly #names = new Names()
  /** Of the names that the node at hand reads itself. */
  #reach = Infinity

  node({ tag, id, own, roles }: Said, kids: readonly Hashed[], at: Place): Hashed {
    const { value, stable } = digest(
      [tag, id, own, roles],
      kids.map((kid) => kid.value),
    )
    const reach = kids.reduce((least, kid) => Math.min(least, kid.reach), this.#reach)
    this.#reach = Infinity
    return {
      value,
      stable: stable && kids.every((kid) => kid.stable),
      reach: reach > (at.scope?.depth ?? 0) ? Infinity : reach,
    }
  }

  expression(expr: Expr, at: Place): unknown {
    return expr.canonical((name) => this.name(name, at))
  }

  field(key: string): unknown {
    return ["field", ["name", "value"], key]
  }

  name(name: string, at: Place): string | number {
    if (reservedNames.has(name)) return name
    this.#names.move(at.scope)
    const bound = this.#names.find(name)
    this.#reach = Math.min(this.#reach, bound?.depth ?? 0)
    return bound === undefined || at.scope === undefined ? name : at.scope.depth - bound.depth
  }

  lambda({ run }: Fn): unknown {
    return run
  }

  binder(): unknown {
    return undefined
  }
}
