import { isRecord, type Json } from "../data/json.js"
import { limits } from "./limits.js"

/** Offsets in the text; `end` is exclusive. */
export interface Range {
  readonly start: number
  readonly end: number
}

interface Located {
  /** Where it was written; undefined for a value that never was text. */
  readonly range: Range | undefined
  /** What it stands in, and under which key or index. */
  readonly parent: Tree | undefined
  readonly key: string | number
}

export interface Scalar extends Located {
  readonly kind: "scalar"
  readonly value: null | boolean | number | string
}

export interface List extends Located {
  readonly kind: "list"
  readonly items: Tree[]
}

export interface Entry {
  readonly key: string
  readonly at: Range | undefined
  readonly value: Tree
}

export interface Mapping extends Located {
  readonly kind: "mapping"
  readonly entries: Entry[]
}

/** YAML, JSON or a plain value, all in one shape: what the grammar reads. */
export type Tree = Scalar | List | Mapping

/** Something wrong with a text or a value before the grammar has seen it. */
export class Unreadable extends Error {
  override readonly name = "Unreadable"
  readonly code: string
  readonly range: Range | undefined
  readonly hint: string | undefined
  constructor(code: string, message: string, range?: Range, hint?: string) {
    super(message)
    this.code = code
    this.range = range
    this.hint = hint
  }
}

export const tooDeep = (range?: Range): Unreadable =>
  new Unreadable(
    "too_deep",
    `the document nests deeper than ${limits.depth} levels`,
    range,
    "flatten it: put steps one after the other in `steps`",
  )

export const tooMany = (what: string, limit: number, range?: Range): Unreadable =>
  new Unreadable(
    "too_many_nodes",
    `the document has more than ${limit.toLocaleString("en")} nodes in ${what}`,
    range,
    what === "YAML" ? "write it as JSON, which may have more, or split it" : "split it",
  )

export const protoKey = (range?: Range): Unreadable =>
  new Unreadable("forbidden_key", "`__proto__` is no key", range, "choose another name")

/** A plain value as a tree, without positions. Throws `Unreadable` for what is not JSON. */
export function treeOf(value: unknown): Tree {
  let count = 0
  const open = new Set<unknown>()
  const grow = (v: unknown, parent: Tree | undefined, key: string | number, depth: number): Tree => {
    if (depth > limits.depth) throw tooDeep()
    if (parent?.kind !== "mapping" && ++count > limits.jsonNodes) throw tooMany("JSON", limits.jsonNodes)
    if (
      v === null ||
      typeof v === "boolean" ||
      typeof v === "string" ||
      (typeof v === "number" && Number.isFinite(v))
    ) {
      return { kind: "scalar", value: v, range: undefined, parent, key }
    }
    if (!Array.isArray(v) && !isRecord(v)) throw new Unreadable("not_json", `${typeof v} is not JSON`)
    if (parent?.kind === "mapping" && ++count > limits.jsonNodes) throw tooMany("JSON", limits.jsonNodes)
    if (open.has(v)) throw new Unreadable("cyclic", "the value contains itself")
    open.add(v)
    const tree = Array.isArray(v) ? list(v, parent, key, depth) : mapping(v, parent, key, depth)
    open.delete(v)
    return tree
  }
  const list = (v: readonly unknown[], parent: Tree | undefined, key: string | number, depth: number): List => {
    const tree: List = { kind: "list", items: [], range: undefined, parent, key }
    for (let i = 0; i < v.length; i++) tree.items.push(grow(v[i], tree, i, depth + 1))
    return tree
  }
  const mapping = (
    v: Readonly<Record<string, unknown>>,
    parent: Tree | undefined,
    key: string | number,
    depth: number,
  ): Mapping => {
    const tree: Mapping = { kind: "mapping", entries: [], range: undefined, parent, key }
    for (const name of Object.keys(v)) {
      if (name === "__proto__") throw protoKey()
      if (v[name] === undefined) continue
      tree.entries.push({ key: name, at: undefined, value: grow(v[name], tree, name, depth + 1) })
    }
    return tree
  }
  return grow(value, undefined, "", 0)
}

/** A tree as the plain JSON that it says. */
export function plain(tree: Tree): Json {
  if (tree.kind === "scalar") return tree.value
  if (tree.kind === "list") return tree.items.map(plain)
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]))
}

export const entry = (tree: Mapping, key: string): Entry | undefined => tree.entries.find((one) => one.key === key)

/** Where a tree stands in its document, for messages without a position: `flow.steps[2].loop`. */
export function whereIs(tree: Tree): string {
  const parts: string[] = []
  for (let at: Tree | undefined = tree; at?.parent !== undefined; at = at.parent) {
    parts.push(typeof at.key === "number" ? `[${at.key}]` : `.${at.key}`)
  }
  return parts.toReversed().join("").replace(/^\./, "")
}

/** What a tree is, in the words of messages. */
export function kindOf(tree: Tree): string {
  if (tree.kind === "list") return "a list"
  if (tree.kind === "mapping") return "a mapping"
  if (tree.value === null) return "nothing"
  if (typeof tree.value === "string")
    return tree.value.length <= 40 ? `the text ${JSON.stringify(tree.value)}` : "a text"
  return `the ${typeof tree.value} ${String(tree.value)}`
}
