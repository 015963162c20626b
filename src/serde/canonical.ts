import {
  Document as Yaml,
  isAlias,
  isMap,
  isScalar,
  Lexer,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml"
import type { JsonObject } from "../data/json.js"
import { bare } from "./expressions.js"
import { FormWalk } from "./form-walk.js"
import { type Range, Unreadable } from "./tree.js"
import { styled } from "./yaml-style.js"

type Collection = YAMLMap | YAMLSeq

/** A list or mapping in brackets that is longer than this as JSON stands on lines of its own. */
const longest = 120

/** Passes until nothing changes: a comment that moved may be another node's the next time. */
const passes = 4

/**
 * Readable YAML in its canonical form: keys in the order of `format`, texts plain where they read back the same, and all
 * comments, with one blank line where there were some. Throws `Unreadable` where an alias would come before its anchor.
 */
export function canonicalYaml(text: string, format: JsonObject): string {
  const walk = new FormWalk(format)
  let before = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")
  for (let pass = 0; pass < passes; pass++) {
    const after = once(before, walk)
    if (after === before) break
    before = after
  }
  return before
}

/** JSON in its canonical form: keys in the order of `format`, two spaces. */
export function canonicalJson(text: string, format: JsonObject): string {
  const document = new Yaml(JSON.parse(text), { aliasDuplicateObjects: false })
  new FormWalk(format).visit(document.contents, { record: ordered, expression: unwrap })
  return `${JSON.stringify(document.toJSON(), null, 2)}\n`
}

function once(text: string, walk: FormWalk): string {
  const document: Yaml = parseDocument(text, { version: "1.2", merge: false })
  if (document.directives !== undefined) {
    document.directives.docStart = null
    document.directives.docEnd = false
    document.directives.yaml.explicit = false
  }
  keepHead(document, () => walk.visit(document.contents, { record: ordered, expression: unwrap }))
  const anchors = new Set<string>()
  visit(document, {
    Scalar: (key, node) => {
      plainly(node, key === "key")
      tidy(node, anchors)
    },
    Collection: (_, node) => {
      if (node.flow === true && (isLong(node) || hasComments(node))) node.flow = false
      tidy(node, anchors)
    },
    Pair: (at, { key }) => {
      if (at === 0 && isScalar(key)) key.spaceBefore = false
    },
    Alias: (_, { source, range }) => {
      if (!anchors.has(source)) throw moved(source, { start: range?.[0] ?? 0, end: range?.[1] ?? 0 })
    },
  })
  return styled(document)
}

/** A comment above the first key is one of the file: it stays there whichever key comes first. */
function keepHead(document: Yaml, sort: () => void): void {
  const { contents } = document
  const key = isMap(contents) ? contents.items[0]?.key : undefined
  sort()
  if (!isMap(contents) || !isScalar(key) || contents.items[0]?.key === key) return
  const said = [document.commentBefore, contents.commentBefore, key.commentBefore].filter((text) => text !== undefined)
  document.commentBefore = said.filter((text) => text !== null).join("\n\n") || null
  contents.commentBefore = null
  key.commentBefore = null
}

/** Of blank lines in a row one is kept. */
function tidy(node: Scalar | Collection, anchors: Set<string>): void {
  if (node.anchor !== undefined) anchors.add(node.anchor)
  if (typeof node.commentBefore === "string") node.commentBefore = node.commentBefore.replace(/\n{3,}/g, "\n\n")
  if (typeof node.comment === "string") node.comment = node.comment.replace(/\n{3,}/g, "\n\n")
}

const moved = (name: string, range: Range): Unreadable =>
  new Unreadable(
    "alias",
    `in the order of the keys *${name} would stand before its anchor &${name}`,
    range,
    `write out what &${name} names, here or there`,
  )

const isLong = (node: Collection): boolean =>
  !holds(node, (part) => isAlias(part)) && JSON.stringify(node).length > longest

const hasComments = (node: Collection): boolean =>
  holds(node, (part) => part !== node && (typeof part.comment === "string" || typeof part.commentBefore === "string"))

function holds(node: Collection, judge: (part: Node) => boolean): boolean {
  let found = false
  visit(node, {
    Node: (_, part) => {
      found ||= judge(part)
      return found ? visit.BREAK : undefined
    },
  })
  return found
}

/** The keys in the order of the grammar; what it does not know stays behind them. */
function ordered(map: YAMLMap, keys: readonly string[]): void {
  const places = new Map(keys.map((key, at) => [key, at]))
  const placeOf = ({ key }: Pair): number => (isScalar(key) ? (places.get(nameOf(key)) ?? keys.length) : keys.length)
  map.items.sort((a, b) => placeOf(a) - placeOf(b))
}

const nameOf = (key: Scalar): string => (key.type === "PLAIN" ? (key.source ?? "") : String(key.value))

function unwrap(scalar: Scalar): void {
  const inner = typeof scalar.value === "string" ? bare(scalar.value) : undefined
  if (inner !== undefined) scalar.value = inner
}

/** Lets a text be written as it needs. A key that is no text is known by its spelling. */
function plainly(scalar: Scalar, isKey: boolean): void {
  if (isKey && typeof scalar.value === "number" && String(scalar.value) !== scalar.source) {
    scalar.value = scalar.source ?? String(scalar.value)
    delete scalar.format
  }
  if (typeof scalar.value === "string") delete scalar.type
}

/** The comments of a text, in order, without the white space around them. */
export function commentsOf(text: string): readonly string[] {
  const found: string[] = []
  let isText = false
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith("#") && !isText) found.push(token.trim())
    isText = token === "\u001f"
  }
  return found
}
