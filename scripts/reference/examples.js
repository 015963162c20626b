import { Document, isMap, visit } from "yaml"

/** @typedef {import("./types.js").Schema} Schema */

/** What a mapping of closed keys may say: the example of each key that has one. @param {Schema} schema */
export const exampleOf = ({ properties = {} }) =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([key, { examples }]) => (examples === undefined ? [] : [[key, examples[0]]])),
  )

/**
 * A document in which a step stands, with the agents and flows that it names.
 *
 * @param {unknown} step
 * @param {Record<string, unknown>} [head]
 */
export function documentOf(step, head = {}) {
  const agents = Object.fromEntries(
    [...named(step, "agent"), ...seats(step)].map((name) => [name, agentFor(step, name)]),
  )
  const flows = Object.fromEntries([...named(step, "flow")].map((name) => [name, { map: "${value}" }]))
  return yamlOf({
    troupe: 1,
    ...head,
    ...(Object.keys(agents).length === 0 || "agents" in head ? {} : { agents }),
    ...(Object.keys(flows).length === 0 ? {} : { flows }),
    flow: step,
  })
}

/** The agents of an ensemble stand there by name alone. @param {unknown} step @returns {string[]} */
function seats(step) {
  if (typeof step !== "object" || step === null) return []
  return Object.entries(step).flatMap(([key, part]) =>
    key === "proposers" || key === "aggregator"
      ? [part].flat().filter((seat) => typeof seat === "string")
      : seats(part),
  )
}

/** A step may change a model, and not one of the kind `local`, which has none. @param {unknown} step @param {string} name */
const agentFor = (step, name) =>
  typeof step === "object" && step !== null && "model" in step && "agent" in step && step.agent === name
    ? { provider: "anthropic", model: "claude-haiku-4-5" }
    : { provider: "local" }

/**
 * The names that stand under a key, wherever it is.
 *
 * @param {unknown} json
 * @param {string} key
 * @returns {Set<string>}
 */
function named(json, key) {
  if (typeof json !== "object" || json === null) return new Set()
  return new Set(
    Object.entries(json).flatMap(([name, part]) =>
      name === key && typeof part === "string" ? [part] : [...named(part, key)],
    ),
  )
}

/** A document as people write it: what is short stands on one line. @param {unknown} document */
export function yamlOf(document) {
  return `\`\`\`yaml\n${print(document, 0)}\`\`\`\n`
}

/**
 * @param {unknown} json
 * @param {number} depth
 * @returns {string}
 */
function print(json, depth) {
  const margin = "  ".repeat(depth)
  return Object.entries(/** @type {object} */ (json))
    .map(([key, value]) => {
      const name = `${margin}${flat(key)}:`
      const line = `${name} ${flat(value)}\n`
      const short = line.length <= (depth > 0 ? 100 : 72)
      if (short || typeof value !== "object" || value === null) return line
      if (!Array.isArray(value)) return `${name}\n${print(value, depth + 1)}`
      return `${name}\n${value.map((item) => `${margin}  - ${flat(item)}\n`).join("")}`
    })
    .join("")
}

/** @param {unknown} json */
function flat(json) {
  const document = new Document(json, { aliasDuplicateObjects: false })
  visit(document, {
    Collection: (_, node) => {
      const print = node.toString.bind(node)
      const flowCollectionPadding = isMap(node) ? " " : ""
      node.toString = (context, ...rest) => print(context && { ...context, flowCollectionPadding }, ...rest)
    },
  })
  return document.toString({ collectionStyle: "flow", lineWidth: 0 }).trimEnd()
}
