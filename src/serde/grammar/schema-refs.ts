import { type Entry, entry, type Tree } from "../tree.js"
import type { Reader } from "./reader.js"

/** The schemas that a schema holds. */
export type Parts = (schema: Tree) => readonly Tree[]

/** What every validator of JSON Schema 2020-12 knows by itself. */
const meta = "https://json-schema.org/draft/2020-12/"

const textOf = (tree: Tree | undefined): string | undefined =>
  tree?.kind === "scalar" && typeof tree.value === "string" ? tree.value : undefined

const field = (tree: Tree, key: string): Tree | undefined =>
  tree.kind === "mapping" ? entry(tree, key)?.value : undefined

/** Every reference of a schema leads somewhere, and none leads back to itself. */
export function saneReferences(root: Tree, parts: Parts, cx: Reader): boolean {
  const all = within(root, parts)
  const renamed = all.some((one) => one !== root && field(one, "$id") !== undefined)
  if (renamed) return true // a reference is relative to what the nearest `$id` names
  const targets = new Targets(root, all)
  return all.map((one) => saneReference(one, targets, cx)).every(Boolean)
}

function within(root: Tree, parts: Parts): readonly Tree[] {
  const found = [root]
  const seen = new Set(found)
  for (const one of found) {
    for (const part of parts(one)) {
      if (!seen.has(part)) found.push(part)
      seen.add(part)
    }
  }
  return found
}

/** What the references of one schema lead to: each place is looked at once, however many lead there. */
class Targets {
  readonly #root: Tree
  readonly #anchors: ReadonlySet<string>
  readonly #fields = new Map<Tree, ReadonlyMap<string, Tree>>()
  /** Where following references was found to come to an end, or not to. */
  readonly #ends = new Map<Tree, boolean>()

  constructor(root: Tree, all: readonly Tree[]) {
    this.#root = root
    const anchors = all.flatMap((one) => ["$anchor", "$dynamicAnchor"].map((key) => textOf(field(one, key))))
    this.#anchors = new Set(anchors.flatMap((name) => (name === undefined ? [] : [`#${name}`])))
  }

  isAnchor(ref: string): boolean {
    return this.#anchors.has(ref)
  }

  /** What a local reference (`#`, `#/$defs/…`) leads to. */
  at(ref: string): Tree | undefined {
    const keys = ref === "#" ? [] : ref.startsWith("#/") ? ref.slice(2).split("/").map(unescaped) : undefined
    let at: Tree | undefined = keys === undefined ? undefined : this.#root
    for (const key of keys ?? []) at = at && this.#child(at, key)
    return at
  }

  #child(tree: Tree, key: string): Tree | undefined {
    if (tree.kind === "list") return tree.items[Number(key)]
    if (tree.kind === "scalar") return undefined
    let fields = this.#fields.get(tree)
    if (fields === undefined) {
      fields = new Map(tree.entries.map((one) => [one.key, one.value]))
      this.#fields.set(tree, fields)
    }
    return fields.get(key)
  }

  /** Whether a chain of references, all about the same value, comes to an end. */
  ends(from: Tree): boolean {
    const chain = new Set<Tree>()
    let at: Tree | undefined = from
    while (at !== undefined && !chain.has(at) && !this.#ends.has(at)) {
      chain.add(at)
      const next = textOf(field(at, "$ref"))
      at = next === undefined ? undefined : this.at(next)
    }
    const ends = at === undefined || (this.#ends.get(at) ?? false)
    for (const one of chain) this.#ends.set(one, ends)
    return ends
  }
}

function saneReference(schema: Tree, targets: Targets, cx: Reader): boolean {
  const at = schema.kind === "mapping" ? entry(schema, "$ref") : undefined
  if (at === undefined) return true
  const ref = textOf(at.value)
  if (ref === undefined) return cx.wrong(at.value, "`$ref` is no text", "a reference such as `#/$defs/name`") ?? false
  if (ref.startsWith(meta)) return true
  if (targets.at(ref) === undefined) return targets.isAnchor(ref) || lost(ref, at, cx)
  return targets.ends(schema) || circular(ref, at, cx)
}

function lost(ref: string, { value }: Entry, cx: Reader): false {
  const outside = !ref.startsWith("#")
  cx.report.at(value, {
    code: "schema_ref",
    message: outside
      ? `the schema refers to \`${ref}\`, which is outside of it: nothing is fetched`
      : `the schema has nothing at \`${ref}\``,
    expected: "a place in this schema, such as `#/$defs/name`",
    hint: "write what it means under `$defs` of this schema",
  })
  return false
}

function circular(ref: string, { value }: Entry, cx: Reader): false {
  cx.report.at(value, { code: "schema_ref", message: `\`${ref}\` leads back to itself: it says nothing of any value` })
  return false
}

function unescaped(part: string): string {
  const text = part.replaceAll("~1", "/").replaceAll("~0", "~")
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray %: the text is meant as it stands
  }
}
