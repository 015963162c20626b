import type { Bound } from "./place.js"

/** What an expression takes for a name. */
export const identifier: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Names that an expression already knows, so that no step may be called so. */
export const reservedNames: ReadonlySet<string> = new Set(["value", "input", "params", "fault", "env"])

/** Whether a step may be bound to the name. */
export const isName = (name: string): boolean => identifier.test(name) && !reservedNames.has(name)

/** The names in scope at a place that moves through the tree: a step there and back costs what changes, not what is. */
export class Names {
  readonly #known = new Map<string, Bound>()
  #at: Bound | undefined

  move(to: Bound | undefined): void {
    const enter: Bound[] = []
    let next = to
    while (this.#at !== next) {
      if (next !== undefined && next.depth > (this.#at?.depth ?? 0)) {
        enter.push(next)
        next = next.outer
      } else if (this.#at !== undefined) {
        if (this.#known.get(this.#at.name) === this.#at) this.#known.delete(this.#at.name)
        this.#at = this.#at.outer
      }
    }
    for (const bound of enter.toReversed()) if (!this.#known.has(bound.name)) this.#known.set(bound.name, bound)
    this.#at = to
  }
  find(name: string): Bound | undefined {
    return this.#known.get(name)
  }
}
