import { documentOf, exampleOf, yamlOf } from "./examples.js"
import { code, records, typeWords } from "./types.js"

/** @typedef {import("./types.js").Schema} Schema */

/**
 * The reference of flow documents, made of the JSON Schema of their format.
 *
 * @param {Schema} format what `formatSchema` gives
 */
export function page(format) {
  const { properties = {}, required = [], $defs = {} } = format
  const { step = {}, ...kinds } = $defs
  const keys = Object.entries(step.properties ?? {})
  /** @param {string} part */
  const those = (part) => keys.filter(([, { $comment }]) => $comment === part)
  const { providers = {}, agents = {} } = properties
  const [model = {}, used = {}] = records(agents)
  const [provider = {}] = records(providers)
  return `<!-- Made by scripts/reference.js: change the grammar in src/serde/grammar, then run it. -->

# Reference of flow documents

Every key of a document, as \`troupe schema\` has them for editors: a document that begins with
\`# yaml-language-server: $schema=./troupe.schema.json\` is completed as it is typed, once \`troupe schema -o troupe.schema.json\`
has written that file. [Flows in YAML](documents.md) tells how they play together.

## The document

${table({ properties, required })}

${yamlOf(exampleOf({ properties }))}
### A model agent

An entry of \`agents\`.

${table(model)}

${documentOf({ agent: "writer" }, { agents: { writer: exampleOf(model) } })}
### An agent of the host

An entry of \`agents\` that stands for an agent which the host registered, with settings of its own.

${table(used)}

${documentOf({ agent: "combine" }, { agents: { combine: exampleOf(used) } })}
### A provider

An entry of \`providers\`.

${table(provider)}

${documentOf({ agent: "writer" }, { providers: { mine: exampleOf(provider) }, agents: { writer: { provider: "mine", model: "small" } } })}
## step

A step has at most one of the node keys, and any of the decorators. Without a node key it decorates what arrives. These go on
any step:

${rows(those("step"))}

${documentOf({ agent: "writer", ...exampleOf({ properties: Object.fromEntries(those("step")) }) })}
## Node keys

${those("node").map(nodeSection(those)).join("\n")}
## Decorators

Around one step they apply in this order, the first innermost, whatever the order of the keys. \`with\` comes before all of
them, and \`as\` names what comes out. Another order is written by nesting in \`steps\`.

${those("decorator").map(decoratorSection).join("\n")}
## Kinds of value

${Object.entries(kinds).map(kindSection).join("\n")}`
}

/** @param {(part: string) => [string, Schema][]} those @returns {(entry: [string, Schema]) => string} */
const nodeSection =
  (those) =>
  ([key, schema]) => {
    const beside = those(`beside ${key}`)
    const changes = exampleOf({ properties: Object.fromEntries(beside) })
    const { examples: [example] = [] } = schema
    return `### ${key}

${capital(schema.description ?? "")}. Under it: ${typeWords(schema)}.

${records(schema)
  .map((record) => `${table(record)}\n\n`)
  .join("")}${
  example === undefined ? "" : documentOf({ [key]: example })
}${beside.length === 0 ? "" : `\nBeside \`${key}\` may stand\n\n${rows(beside)}\n\n${documentOf({ [key]: example, ...changes })}`}`
  }

/** @param {[string, Schema]} entry */
const decoratorSection = ([key, schema]) => {
  const { examples: [example] = [] } = schema
  return `### ${key}

${capital(schema.description ?? "")}. Under it: ${typeWords(schema)}.

${records(schema)
  .map((record) => `${table(record)}\n\n`)
  .join("")}${documentOf({ agent: "writer", [key]: example })}`
}

/** @param {[string, Schema]} entry */
const kindSection = ([name, { description = "", examples = [] }]) =>
  `### ${name}\n\n${capital(description)}: ${examples.map(code).join(", ")}.\n`

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** The keys of a mapping. @param {Schema} record */
const table = ({ properties = {}, required = [] }) => rows(Object.entries(properties), required)

/**
 * @param {[string, Schema][]} entries
 * @param {readonly string[]} [required]
 */
function rows(entries, required = []) {
  const lines = entries.flatMap(([key, schema]) => row(key, schema, required))
  return ["| key | type | default | meaning |", "|---|---|---|---|", ...lines].join("\n")
}

/**
 * A key, and below it the keys of a mapping that may stand under it.
 *
 * @param {string} key
 * @param {Schema} schema
 * @param {readonly string[]} required
 * @returns {string[]}
 */
function row(key, schema, required) {
  const standard = required.includes(key.replace(/^.*\./, ""))
    ? "needed"
    : schema.default === undefined
      ? ""
      : code(schema.default)
  const cells = [code(key), typeWords(schema), standard, schema.description ?? ""]
  const [inside] = key === "providers" || key === "agents" ? [] : records(schema)
  return [
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
    ...Object.entries(inside?.properties ?? {}).flatMap(([inner, of]) =>
      row(`${key}.${inner}`, of, inside?.required ?? []),
    ),
  ]
}
