import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseSync, visitorKeys } from "oxc-parser"

/**
 * A node of the syntax tree, as far as the rules look into it.
 *
 * @typedef {{ type: string, start: number, end: number, [key: string]: unknown }} Syntax
 */

/**
 * One mention of another module. `kind`: `value` is loaded with the file, `type` is erased, `lazy` is loaded when the
 * program gets there (`import()` and `require()` in a function).
 *
 * @typedef {{ specifier: string, kind: "value" | "type" | "lazy", line: number }} Import
 */

/**
 * A file of the repository, read and parsed. `file` is its path from the root, with `/`.
 *
 * @typedef {{ file: string, text: string, program: Syntax, comments: { value: string, start: number }[],
 *   imports: Import[], line: (offset: number) => number }} Source
 */

/**
 * Parses one file.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Source}
 */
export function source(file, text) {
  const parsed = parseSync(file, text)
  const [error] = parsed.errors
  if (error !== undefined) throw new SyntaxError(`${file}: ${error.message}`)
  /** @param {number} offset */
  const line = (offset) => text.slice(0, offset).split("\n").length
  const program = asSyntax(parsed.program)
  return { file, text, program, comments: parsed.comments, imports: importsOf(program, line), line }
}

/**
 * Reads and parses every TypeScript file below the folders.
 *
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {Source[]}
 */
export function readSources(root, folders) {
  return listFiles(root, folders)
    .filter((file) => /\.(ts|js|mjs)$/.test(file))
    .map((file) => source(file, readFileSync(join(root, file), "utf8")))
}

/**
 * Every file below the folders, as paths from the root, sorted.
 *
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {string[]}
 */
export function listFiles(root, folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
        const path = `${folder}/${entry.name}`
        if (entry.name === "node_modules") return []
        return entry.isDirectory() ? listFiles(root, [path]) : [path]
      }),
    )
    .sort()
}

/**
 * Visits every node below and including `node`, parents first. A visitor that answers `false` skips what is below.
 *
 * @param {Syntax} node
 * @param {(node: Syntax, parent: Syntax | undefined) => void | false} visit
 * @param {Syntax} [parent]
 */
export function walk(node, visit, parent) {
  if (visit(node, parent) === false) return
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [node[key]].flat()) if (isSyntax(child)) walk(child, visit, node)
  }
}

/**
 * @param {unknown} value
 * @returns {value is Syntax}
 */
export function isSyntax(value) {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
}

/**
 * The name of an identifier or the text of a string literal, else `undefined`.
 *
 * @param {unknown} node
 * @returns {string | undefined}
 */
export function nameOf(node) {
  if (!isSyntax(node)) return undefined
  if (node.type === "Identifier" || node.type === "PrivateIdentifier") return String(node["name"])
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"]
  return undefined
}

/**
 * @param {unknown} value
 * @returns {Syntax}
 */
function asSyntax(value) {
  if (!isSyntax(value)) throw new TypeError("the parser gave no syntax tree")
  return value
}

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "MethodDefinition"])

/**
 * @param {Syntax} program
 * @param {(offset: number) => number} line
 * @returns {Import[]}
 */
function importsOf(program, line) {
  /** @type {Import[]} */
  const found = []
  /** @type {Array<[start: number, end: number]>} */
  const bodies = []
  walk(program, (node) => {
    if (functions.has(node.type)) bodies.push([node.start, node.end])
    const specifier = specifierOf(node)
    if (specifier === undefined) return
    found.push({ specifier, kind: kindOf(node, bodies), line: line(node.start) })
  })
  return found
}

/** @param {Syntax} node */
function specifierOf(node) {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return nameOf(node["source"])
    case "CallExpression": {
      if (nameOf(node["callee"]) !== "require" || !Array.isArray(node["arguments"])) return undefined
      return nameOf(node["arguments"][0])
    }
    default:
      return undefined
  }
}

/**
 * `import { type T } from` counts as `value`: under verbatimModuleSyntax the module is still loaded.
 *
 * @param {Syntax} node
 * @param {ReadonlyArray<[start: number, end: number]>} bodies
 * @returns {Import["kind"]}
 */
function kindOf(node, bodies) {
  if (node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type") return "type"
  if (node.type === "ImportExpression") return "lazy"
  if (node.type !== "CallExpression") return "value"
  return bodies.some(([start, end]) => start <= node.start && node.end <= end) ? "lazy" : "value"
}
