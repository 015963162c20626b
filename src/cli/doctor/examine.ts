import { loadStatic } from "../load.js"
import { count } from "../report.js"
import { documentKeys, knownKeys } from "./keys.js"
import { type Finding, missing, ok } from "./finding.js"
import { modelPackages, nodeVersion, picturePrograms, runsFolder } from "./machine.js"
import { manifestState } from "./manifest.js"
import { ollamaModels } from "./ollama.js"

/** Looks for all that a document needs, or without one for all that the command line can use. */
export async function examine(file: string | undefined, named: string | undefined): Promise<readonly Finding[]> {
  const { env, version } = process
  const before = nodeVersion(version.slice(1))
  const after = [...picturePrograms(env), await runsFolder(process.cwd())]
  if (file === undefined) return [before, ...knownKeys(env), ...modelPackages(undefined), ...after]
  const { document, problems } = await loadStatic(file, named)
  const manifest = await manifestState(file, named)
  if (document === undefined) {
    const wrong = missing(
      "document",
      `${file}: ${count(problems)}`,
      `troupe check ${file} tells them, with their places`,
    )
    return [before, wrong, ...manifest, ...after]
  }
  return [
    before,
    ok("document", file),
    ...manifest,
    ...documentKeys(document, env),
    ...modelPackages(document),
    ...(await ollamaModels(document, env)),
    ...after,
  ]
}
