import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { messageOf } from "../data/fault.js"
import { functions, sugar } from "../moa/index.js"
import { InvalidFlow } from "../flow/invalid.js"
import { fromManifest, manifestOf } from "../serde/manifest.js"
import { type Registry, registry } from "../serde/registry.js"
import { early, unlessItEnds } from "./early-end.js"
import { exitCodes, Refused } from "./exit.js"
import { readIfThere } from "./read-file.js"
import { keepOutputForResults } from "./terminal.js"

/** The file beside a document in which the names and schemas of the host's code are written down. */
export const manifestFile = (file: string): string => join(dirname(file), "troupe.manifest.json")

/** The host's code for a document: what `--import` names, else `troupe.config.js` or `.ts` beside it. */
export function hostFile(file: string, named: string | undefined): string | undefined {
  if (named !== undefined) return resolve(named)
  const beside = ["troupe.config.js", "troupe.config.mjs", "troupe.config.ts"].map((name) =>
    resolve(dirname(file), name),
  )
  return beside.find((path) => existsSync(path))
}

/** Whether a value has the parts of a registry, be it made by another copy of this package. */
function isRegistry(value: unknown): value is Registry {
  try {
    if (typeof value !== "object" || value === null) return false
    const tables = ["agents", "functions", "flows", "sugar"].map((name): unknown => Reflect.get(value, name))
    return tables.every((table) => table instanceof Map) && typeof Reflect.get(value, "fn") === "function"
  } catch {
    return false // a getter that throws
  }
}

/** Runs the host's code and takes its registry. */
export async function hostRegistry(path: string): Promise<Registry> {
  if (!existsSync(path)) throw new Refused("there is no such file", "name a module: --import ./agents.mjs", path)
  let module: { readonly default?: unknown }
  try {
    if (path.endsWith(".ts")) await prepareTypeScript(path)
    keepOutputForResults()
    module = (await unlessItEnds(
      `${path} cannot be loaded: ${early}`,
      exitCodes.wrong,
      () => import(pathToFileURL(path).href),
    )) as { readonly default?: unknown }
  } catch (error) {
    if (error instanceof Refused) throw error
    const cause = error instanceof InvalidFlow ? error.message : messageOf(error)
    throw new Refused(
      `${path} cannot be loaded: ${cause}${placeOf(error)}`,
      error instanceof SyntaxError
        ? `node ${path} shows the line`
        : "it is JavaScript that ends in: export default registry({ … })",
    )
  }
  if (!isRegistry(module.default)) {
    throw new Refused(
      `${path} has no registry as its default export`,
      "write: export default registry({ agents: [ … ] })",
    )
  }
  return module.default
}

const own = fileURLToPath(new URL("..", import.meta.url))

/** Where in the host's code an error comes from, as ` (file:line:column)`: the first place outside of packages. */
function placeOf(error: unknown): string {
  const places = (error instanceof Error ? error.stack : undefined)?.matchAll(
    /(file:\/\/[^\s()]+?)(:\d+(?::\d+)?)\)?$/gm,
  )
  for (const [, url = "", at = ""] of places ?? []) {
    const file = fileURLToPath(url)
    if (!file.startsWith(own) && !/[\\/]node_modules[\\/]/.test(file)) return ` (${file}${at})`
  }
  return ""
}

/** Node strips types itself where it can; else `tsx` does, if the project has it. */
async function prepareTypeScript(path: string): Promise<void> {
  if ("typescript" in process.features && process.features.typescript) return
  try {
    const tsx = createRequire(path).resolve("tsx/esm/api")
    const { register } = (await import(pathToFileURL(tsx).href)) as { register: () => unknown }
    register()
  } catch {
    throw new Refused(
      "this Node does not run TypeScript",
      "npm install --save-dev tsx, or write it in JavaScript",
      path,
    )
  }
}

/** The registry with what the command line always knows: the functions and sugar of ensembles. */
export function complete(host: Registry): Registry {
  return registry({
    agents: [...host.agents.values()],
    functions: [...host.functions.values(), ...functions.filter((fn) => !host.functions.has(fn.name ?? ""))],
    flows: Object.fromEntries(host.flows),
    sugar: [...host.sugar.values(), ...sugar.filter((one) => !host.sugar.has(one.key))],
  })
}

/** The names and schemas that the manifest beside a document tells; none where there is no manifest. No code is run. */
export async function manifestRegistry(file: string): Promise<Registry> {
  const path = manifestFile(file)
  return registryOf(await readIfThere(path), path, file)
}

/** The names and schemas that the text of a manifest tells; none where there is no text. */
export function registryOf(text: string | undefined, path: string, file: string): Registry {
  if (text === undefined) return registry({})
  try {
    return fromManifest(JSON.parse(text))
  } catch (error) {
    throw new Refused(`it is no manifest: ${messageOf(error)}`, `make it anew: troupe manifest ${file}`, path)
  }
}

/** The manifest of a registry as it is written to a file: one text for one registry. */
export const manifestText = (host: Registry): string => `${JSON.stringify(manifestOf(host), null, 2)}\n`
