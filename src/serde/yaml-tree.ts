import { isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument, type YAMLError } from "yaml"
import { limits } from "./limits.js"
import { checkNesting } from "./nesting.js"
import { protoKey, type Range, type Scalar, type Tree, tooDeep, tooMany, Unreadable } from "./tree.js"
import { misplaced, quoteHint, unclosed } from "./yaml-slips.js"

/** YAML text as a tree. Throws `Unreadable` at the first thing that is wrong with it: after one, positions mislead. */
export function yamlTree(text: string): Tree {
  checkNesting(text)
  const document = parseDocument(text, { version: "1.2", merge: false, prettyErrors: false })
  const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const problem = problems.find(({ code }) => code === "TAB_AS_INDENT") ?? problems[0]
  if (problem !== undefined) throw tabNear(problem, text) ?? inOurWords(problem, text)
  if (document.contents === null || isNothing(document.contents)) {
    throw new Unreadable("empty", "the document is empty", undefined, "begin with `troupe: 1`, `name:` and `flow:`")
  }
  return new Growing(text).grow(document.contents, undefined, "", 0)
}

const isNothing = (node: ParsedNode): boolean => isScalar(node) && node.value === null && (node.source ?? "") === ""

/** Tags that the parser knows beyond those of JSON's own kinds. */
const beyondJson = /^tag:yaml\.org,2002:(?:omap|pairs|set|binary|timestamp|merge)$/

class Growing {
  readonly #text: string
  readonly #anchors = new Map<string, ParsedNode>()
  readonly #open = new Set<ParsedNode>()
  #nodes = 0
  /** The alias that is being expanded: what is too much in it is too much there. */
  #expanding: Range | undefined

  constructor(text: string) {
    this.#text = text
  }

  grow(node: ParsedNode | null, parent: Tree | undefined, key: string | number, depth: number): Tree {
    if (node === null) return { kind: "scalar", value: null, range: parent?.range, parent, key }
    const range: Range = { start: node.range[0], end: node.range[1] }
    if (depth > limits.depth) throw tooDeep(this.#expanding ?? range)
    if (++this.#nodes > limits.yamlNodes)
      throw tooMany("YAML, its aliases expanded", limits.yamlNodes, this.#expanding ?? range)
    if (isAlias(node)) return this.#alias(node.source, range, parent, key, depth)
    if (node.tag !== undefined && beyondJson.test(node.tag)) {
      const said = node.tag.replace("tag:yaml.org,2002:", "!!")
      throw new Unreadable("tag", `the tag ${said} makes what is no JSON`, range, "leave it out, or quote the text")
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node)
    if (isScalar(node)) return { kind: "scalar", value: this.#value(node.value, range), range, parent, key }
    this.#open.add(node)
    const tree = isSeq<ParsedNode>(node)
      ? this.#list(node.items, { kind: "list", items: [], range, parent, key }, depth)
      : this.#mapping(node, { kind: "mapping", entries: [], range, parent, key }, depth)
    this.#open.delete(node)
    return tree
  }

  #list(items: readonly ParsedNode[], tree: Extract<Tree, { kind: "list" }>, depth: number): Tree {
    items.forEach((item, i) => tree.items.push(this.grow(item, tree, i, depth + 1)))
    return tree
  }

  #mapping(node: ParsedNode, tree: Extract<Tree, { kind: "mapping" }>, depth: number): Tree {
    if (!isMap<ParsedNode, ParsedNode | null>(node)) return tree
    const seen = new Set<string>()
    for (const { key, value } of node.items) {
      const at: Range = { start: key.range[0], end: key.range[1] }
      if (!isScalar(key)) throw new Unreadable("key", "a key must be a text", at, "quote it")
      const name = key.type === "PLAIN" ? (key.source ?? "") : String(key.value)
      if (name === "__proto__") throw protoKey(at)
      if (seen.has(name)) throw duplicate(name, at)
      seen.add(name)
      tree.entries.push({ key: name, at, value: this.grow(value, tree, name, depth + 1) })
    }
    return tree
  }

  #alias(name: string, range: Range, parent: Tree | undefined, key: string | number, depth: number): Tree {
    const target = this.#anchors.get(name)
    if (target === undefined) {
      throw new Unreadable(
        "alias",
        `YAML reads *${name} as an alias, and there is no anchor &${name} before it`,
        range,
        quoteHint(this.#text, range),
      )
    }
    if (this.#open.has(target)) throw new Unreadable("cyclic", `*${name} stands inside of what it names`, range)
    const outermost = this.#expanding === undefined
    if (outermost) this.#expanding = range
    const tree = this.grow(target, parent, key, depth + 1)
    if (outermost) this.#expanding = undefined
    return tree
  }

  #value(value: unknown, range: Range): Scalar["value"] {
    if (value === null || typeof value === "boolean" || typeof value === "string") return value
    if (typeof value === "number" && Number.isFinite(value)) return value
    const written = this.#text.slice(range.start, range.end)
    throw new Unreadable("number", `${written} is beyond the numbers of JSON`, range, "quote it to make it a text")
  }
}

const duplicate = (name: string, at: Range): Unreadable =>
  new Unreadable("duplicate_key", `the key ${JSON.stringify(name)} is here twice`, at, "remove one of the two")

/** A tab in the indentation of the line of a problem, or of the next: then that is what is wrong. */
function tabNear({ pos: [start] }: YAMLError, text: string): Unreadable | undefined {
  const from = text.lastIndexOf("\n", start - 1) + 1
  const tab = /^(?:[^\n]*\n)? *(?=\t)/.exec(text.slice(from))
  const own = /^ *(?=\t)/.exec(text.slice(from)) ?? tab
  if (own === null) return undefined
  const at = from + own[0].length
  return new Unreadable(
    "tab",
    "a tab is used for indentation",
    { start: at, end: at + 1 },
    "YAML is indented with spaces",
  )
}

function inOurWords(problem: YAMLError, text: string): Unreadable {
  const start = Math.min(problem.pos[0], text.length)
  const range: Range = { start, end: Math.min(Math.max(problem.pos[1], start + 1), text.length) }
  const hint = quoteHint(text, range)
  if (problem.code === "DUPLICATE_KEY") {
    return duplicate(/^["']?([\w.-]+)/.exec(text.slice(start))?.[1] ?? text[start] ?? "", range)
  }
  if (problem.code === "TAB_AS_INDENT") {
    return new Unreadable("tab", "a tab is used for indentation", range, "YAML is indented with spaces")
  }
  if (problem.code === "TAG_RESOLVE_FAILED") {
    const tag = text.slice(range.start, range.end)
    return new Unreadable("tag", `YAML reads ${tag} as a tag`, range, hint ?? "quote the text")
  }
  if (problem.code === "MULTIPLE_DOCS") {
    return new Unreadable("several_documents", "the file holds more than one document", range, "keep one of them")
  }
  if (problem.code === "RESOURCE_EXHAUSTION") return tooDeep(range)
  return (
    misplaced(problem, text) ??
    unclosed(problem, text) ??
    new Unreadable("syntax", `this is not YAML: ${uncapital(problem.message)}`, range, hint)
  )
}

const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
