import { isSyntax, nameOf, walk } from "./source.js"

/** @import { Source, Syntax } from "./source.js" */

/** The file behind which time and randomness are. */
const clockFile = "src/actor/clock.ts"

/**
 * Files that may read the machine's time or randomness besides the clock, each with its reason.
 *
 * @type {Readonly<Record<string, string>>}
 */
const exceptions = {}

const members = new Set([
  "Date.now",
  "Math.random",
  "AbortSignal.timeout",
  "crypto.randomUUID",
  "crypto.getRandomValues",
  "process.hrtime",
  "process.uptime",
  "Atomics.wait",
  "Atomics.waitAsync",
])
const globals = new Set(["setTimeout", "setInterval", "setImmediate", "performance"])
const modules = new Set(["timers", "timers/promises", "perf_hooks"])
const named = new Set(["randomUUID", "randomBytes", "randomInt", "getRandomValues", "webcrypto"])
const objects = new Set(["globalThis", "global", "window", "self"])

/**
 * Places that read time or randomness from the machine.
 *
 * @param {readonly Source[]} sources
 * @returns {string[]}
 */
export function ambient(sources) {
  return sources.flatMap(({ file, program, line }) => {
    if (file === clockFile || Object.hasOwn(exceptions, file)) return []
    /** @type {Map<string, string>} */
    const found = new Map()
    walk(program, (node, parent) => {
      if (node.type === "TSTypeQuery") return false
      const what = readsMachine(node, parent)
      if (what === undefined) return undefined
      const at = line(node.start)
      found.set(`${at} ${what}`, `${file}:${at}: ${what}: take it from a Clock (or Ids) value instead`)
      return undefined
    })
    return [...found.values()]
  })
}

/**
 * @param {Syntax} node
 * @param {Syntax | undefined} parent
 * @returns {string | undefined}
 */
function readsMachine(node, parent) {
  switch (node.type) {
    case "NewExpression":
      return nameOf(node["callee"]) === "Date" && isEmpty(node["arguments"]) ? "new Date()" : undefined
    case "CallExpression":
      return isName(node["callee"], "Date") ? "Date()" : undefined
    case "ImportDeclaration": {
      const module = (nameOf(node["source"]) ?? "").replace(/^node:/, "")
      return node["importKind"] !== "type" && modules.has(module) ? `import of ${module}` : undefined
    }
    case "ImportSpecifier": {
      const name = nameOf(node["imported"]) ?? ""
      return named.has(name) ? name : undefined
    }
    case "MemberExpression": {
      const path = `${nameOf(node["object"])}.${nameOf(node["property"])}`
      const [, outer] = /^([^.]+)\.(.+)$/.exec(path) ?? []
      if (members.has(path)) return path
      const property = nameOf(node["property"]) ?? ""
      if (outer !== undefined && objects.has(outer) && globals.has(property)) return property
      return named.has(property) ? property : undefined
    }
    case "Identifier": {
      const name = nameOf(node) ?? ""
      return globals.has(name) && isReference(node, parent) ? name : undefined
    }
    default:
      return undefined
  }
}

/**
 * Whether an identifier stands for a value, and is not merely the name of a property.
 *
 * @param {Syntax} node
 * @param {Syntax | undefined} parent
 */
function isReference(node, parent) {
  if (parent === undefined) return true
  if (parent.type === "MemberExpression") return parent["object"] === node || parent["computed"] === true
  return parent["key"] !== node || parent["computed"] === true || parent["shorthand"] === true
}

/**
 * @param {unknown} node
 * @param {string} name
 */
const isName = (node, name) => isSyntax(node) && node.type === "Identifier" && nameOf(node) === name

/** @param {unknown} list */
const isEmpty = (list) => Array.isArray(list) && list.length === 0
