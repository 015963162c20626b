import { segment, under } from "../../../data/path.js"
import { markOf } from "../../hash.js"
import type { Node } from "../../node.js"

/** A path in a run; one that is costly is put together only where it is read. */
export type Base = string | ChosenPath | TurnPath | AskedPath

/** What a path reads like. */
export const textOf = (base: Base): string => (typeof base === "string" ? base : base.text)

/**
 * A path and what follows within it. Joins without looking into the path: V8 keeps it as a rope, which is flattened only
 * where it is read. A called flow is a suffix of its step.
 */
export function joined(path: string, local: string): string {
  if (path === "") return local
  if (local === "") return path
  return local.charAt(0) === "@" ? path + local : `${path}/${local}`
}

/** The path of one turn of a loop: most turns ask nobody, and nobody asks where they are. */
export class TurnPath {
  readonly #loop: string
  /** Set anew for a body that keeps nothing of the turn before. */
  turn: number

  constructor(loop: string, turn: number) {
    this.#loop = loop
    this.turn = turn
  }

  get text(): string {
    return `${this.#loop}#${this.turn}`
  }
}

/** The path of what an agent asks. */
export class AskedPath {
  readonly #asker: { readonly path: string }
  readonly #name: string
  readonly #number: number

  constructor(asker: { readonly path: string }, name: string, number: number) {
    this.#asker = asker
    this.#name = name
    this.#number = number
  }

  get text(): string {
    return under(this.#asker.path, `${segment(this.#name)}[${this.#number}]`)
  }
}

/** The path of a flow that a function chose: it ends in the mark of that flow, for which the whole flow is hashed. */
export class ChosenPath {
  readonly #outer: Base
  readonly #local: string
  readonly #node: Node
  #text: string | undefined

  constructor(outer: Base, local: string, node: Node) {
    this.#outer = outer
    this.#local = local
    this.#node = node
  }

  /** Without recursion: a chosen flow may choose another, and so on. */
  get text(): string {
    if (this.#text !== undefined) return this.#text
    const unread: ChosenPath[] = []
    let outer = this.#outer
    while (outer instanceof ChosenPath && outer.#text === undefined) {
      unread.push(outer)
      outer = outer.#outer
    }
    let text = textOf(outer)
    for (const path of unread.toReversed()) text = path.#after(text)
    return this.#after(text)
  }

  #after(outer: string): string {
    this.#text = `${joined(outer, this.#local)}:${markOf(this.#node)}`
    return this.#text
  }
}
