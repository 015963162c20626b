import { readFile, realpath } from "node:fs/promises"
import { join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { isRecord } from "../data/json.js"

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))

/** What a folder's `package.json` says; nothing where there is none. */
async function readPackage(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}")
  const about: unknown = JSON.parse(text)
  return isRecord(about) ? about : {}
}

/** The version of a package that this one depends on. */
export async function dependency(name: string): Promise<string> {
  const { dependencies } = await readPackage(packageFolder)
  return isRecord(dependencies) ? String(dependencies[name]) : "*"
}

/**
 * Where a project in a folder takes this package from, as its `package.json` says it: the checkout that runs; where it was
 * installed, what the project there says, be it a file or a version.
 */
export async function ownSource(folder: string): Promise<string> {
  const here = await realpath(packageFolder)
  const to = async (path: string): Promise<string> =>
    `file:${relative(await realpath(folder), path)
      .split(sep)
      .join("/")}`
  const modules = here.lastIndexOf(`${sep}node_modules${sep}`)
  if (modules < 0) return to(here)
  const owner = here.slice(0, modules)
  const { dependencies, devDependencies } = await readPackage(owner)
  const said = [dependencies, devDependencies].map((all) => (isRecord(all) ? all["troupe"] : undefined))
  const wanted = said.find((one) => typeof one === "string")
  if (wanted?.startsWith("file:") === true) return to(resolve(owner, wanted.slice("file:".length)))
  return wanted ?? `^${String((await readPackage(packageFolder))["version"])}`
}
