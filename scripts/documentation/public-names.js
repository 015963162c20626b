import { posix } from "node:path"
import { isSyntax, nameOf } from "../architecture/source.js"
import { docstringsOf } from "./docstrings.js"

/**
 * @typedef {import("../architecture/source.js").Source} Source
 * @typedef {import("../architecture/source.js").Syntax} Syntax
 */

/**
 * A name that the package exports. `file` and `line`: where it is declared; `docstring`: the words above, if any.
 *
 * @typedef {{ entry: string, name: string, file: string, line: number, docstring: string | undefined }} PublicName
 */

/**
 * Every name that an entry exports, followed to where it is declared.
 *
 * @param {readonly Source[]} sources
 * @param {string} entry a file among them
 * @returns {PublicName[]}
 */
export function publicNames(sources, entry) {
  const files = new Map(sources.map((source) => [source.file, source]))

  /**
   * @param {string} file
   * @returns {Map<string, { file: string, name: string } | Declared>}
   */
  const exported = (file) => {
    const source = files.get(file)
    if (source === undefined) throw new Error(`${file} is exported from, but is not among the sources`)
    const names = new Map(declarations(source).map((one) => [one.name, one]))
    const found = new Map()
    for (const statement of statements(source)) {
      const target = nameOf(statement["source"])
      const at = target === undefined ? file : resolve(file, target)
      if (statement.type === "ExportAllDeclaration") for (const [name, one] of exported(at)) found.set(name, one)
      if (statement.type !== "ExportNamedDeclaration") continue
      for (const name of declaredBy(statement["declaration"])) found.set(name, names.get(name))
      for (const specifier of list(statement["specifiers"])) {
        const local = nameOf(specifier["local"]) ?? ""
        const here =
          target === undefined ? (names.get(local) ?? imported(source, local, exported)) : exported(at).get(local)
        found.set(nameOf(specifier["exported"]) ?? local, here)
      }
    }
    return found
  }

  return [...exported(entry)].map(([name, one]) => {
    if (one === undefined || !("docstring" in one)) throw new Error(`${entry}: ${name} is declared nowhere`)
    return { entry, name, file: one.file, line: one.line, docstring: one.docstring }
  })
}

/** @typedef {{ name: string, file: string, line: number, docstring: string | undefined }} Declared */

/**
 * What a file declares on its outermost level. An overloaded function is declared where it first is.
 *
 * @param {Source} source
 * @returns {Declared[]}
 */
function declarations(source) {
  const docstrings = new Map(docstringsOf(source).map(({ lastLine, text }) => [lastLine, text.trim()]))
  return statements(source)
    .flatMap((statement) => {
      const line = source.line(statement.start)
      const docstring = docstrings.get(line - 1)
      const inner = statement.type === "ExportNamedDeclaration" ? statement["declaration"] : statement
      return declaredBy(inner).map((name) => ({ name, file: source.file, line, docstring }))
    })
    .toReversed()
}

/**
 * @param {Source} source
 * @param {string} local
 * @param {(file: string) => Map<string, unknown>} exported
 */
function imported(source, local, exported) {
  for (const statement of statements(source).filter(({ type }) => type === "ImportDeclaration")) {
    const specifier = list(statement["specifiers"]).find((one) => nameOf(one["local"]) === local)
    const target = nameOf(statement["source"])
    if (specifier === undefined || target === undefined) continue
    return exported(resolve(source.file, target)).get(nameOf(specifier["imported"]) ?? local)
  }
  return undefined
}

/**
 * @param {unknown} declaration
 * @returns {string[]}
 */
function declaredBy(declaration) {
  if (!isSyntax(declaration)) return []
  const names = [declaration["id"], ...list(declaration["declarations"]).map((one) => one["id"])].map(nameOf)
  return names.filter((name) => name !== undefined)
}

/** @param {Source} source */
const statements = ({ program }) => list(program["body"])

/** @param {unknown} nodes */
const list = (nodes) => (Array.isArray(nodes) ? nodes.filter(isSyntax) : [])

/**
 * @param {string} file
 * @param {string} target
 */
const resolve = (file, target) => posix.join(posix.dirname(file), target).replace(/\.js$/, ".ts")
