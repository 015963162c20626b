/** @import { Import, Source } from "./source.js" */

/**
 * What a layer may import. `types`: only with `import type`. `packages`: from npm; `lazily`: those of them that are
 * loaded on first use alone.
 *
 * @typedef {{ layers: readonly string[], types?: readonly string[], packages: readonly string[], lazily?: readonly string[] }} Layer
 */

const below = ["data", "actor", "flow", "expr", "laws", "serde", "moa", "agents", "durable"]
const cel = "@marcbachmann/cel-js"
const models = ["openai", "@anthropic-ai/sdk"]
const pictures = ["@mermaid-js/mermaid-cli", "puppeteer"]

/**
 * The layers, top of the list first. An import goes down the list only: a layer names all that it may see.
 *
 * @type {Readonly<Record<string, Layer>>}
 */
export const layers = {
  data: { layers: [], packages: ["fp-ts", "zod"], lazily: ["ajv", "ajv-formats", "re2js"] },
  actor: { layers: ["data"], packages: [] },
  flow: { layers: ["data"], packages: ["fp-ts"] },
  expr: { layers: ["data"], types: ["flow/expr.ts"], packages: ["fp-ts", cel] },
  laws: { layers: ["data", "flow"], types: ["serde"], packages: ["fp-ts"] },
  serde: { layers: ["data", "flow", "expr"], packages: ["fp-ts", "yaml"] },
  moa: { layers: ["data", "flow"], packages: [] },
  agents: { layers: ["data", "actor", "flow", "moa"], packages: ["fp-ts", "zod"], lazily: models },
  durable: { layers: ["data", "flow"], packages: ["fp-ts"] },
  engines: { layers: ["data", "actor", "flow", "agents", "durable"], packages: ["fp-ts"] },
  server: { layers: below, packages: ["fp-ts", "zod"] },
  testing: { layers: below, packages: ["fp-ts", "zod"] },
  cli: {
    layers: [...below, "server", "testing"],
    packages: ["fp-ts", "zod", "yaml", "commander", "picocolors"],
    lazily: pictures,
  },
  "index.ts": { layers: below, packages: [] },
}

/** Types of these may be named everywhere: they are part of the public surface. */
const publicTypes = ["fp-ts", "zod"]

/**
 * The layer that a file belongs to: its folder below `src`, or the root entry.
 *
 * @param {string} file
 */
export const layerOf = (file) => file.split("/")[1] ?? file

/**
 * The file that a relative import means, as a path from the root.
 *
 * @param {string} from
 * @param {string} specifier
 * @returns {string | undefined} `undefined` for a package or a built-in module of Node.
 */
export function target(from, specifier) {
  if (!specifier.startsWith(".")) return undefined
  const parts = from.split("/").slice(0, -1)
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== ".") parts.push(part)
  }
  return parts.join("/").replace(/\.js$/, ".ts")
}

/**
 * The package of a specifier: `fp-ts` of `fp-ts/lib/Either.js`. `undefined` for files and Node's own modules.
 *
 * @param {string} specifier
 */
export function packageOf(specifier) {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")
}

/**
 * Imports that go up the list or sideways, and packages that a layer has no business with.
 *
 * @param {readonly Source[]} sources files below `src`
 * @returns {string[]}
 */
export function wrongDirections(sources) {
  return sources.flatMap(({ file, imports }) => {
    const name = layerOf(file)
    const layer = layers[name]
    if (layer === undefined) return [`${file}: src/${name} is no layer; add it to the table in ${tableAt}`]
    return imports.flatMap((found) => {
      const problem = problemOf(file, name, layer, found)
      return problem === undefined ? [] : [`${file}:${found.line}: ${problem}`]
    })
  })
}

const tableAt = "scripts/architecture/layers.js"

/**
 * @param {string} file
 * @param {string} name
 * @param {Layer} layer
 * @param {Import} found
 */
function problemOf(file, name, layer, { specifier, kind }) {
  const to = target(file, specifier)
  if (to !== undefined) {
    const other = layerOf(to)
    const same = name === "engines" ? to.split("/")[2] === file.split("/")[2] && other === name : other === name
    if (same || layer.layers.includes(other)) return undefined
    const typed = (layer.types ?? []).some((allowed) => allowed === other || `src/${allowed}` === to)
    if (typed && kind === "type") return undefined
    if (typed) return `${name} may import ${specifier} as types only: write \`import type\``
    return `${name} may not import ${other} (it may import: ${layer.layers.join(", ") || "nothing"})`
  }
  const dependency = packageOf(specifier)
  if (dependency === undefined || layer.packages.includes(dependency)) return undefined
  if (layer.lazily?.includes(dependency)) {
    return kind === "value" ? `${dependency} is heavy: load it on first use, with \`await import\`` : undefined
  }
  if (kind === "type" && publicTypes.includes(dependency)) return undefined
  return `${name} may not import the package ${dependency}; if it should, say so in ${tableAt}`
}
