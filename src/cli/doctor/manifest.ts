import { stat } from "node:fs/promises"
import { basename } from "node:path"
import { hostFile, hostRegistry, manifestFile, manifestText } from "../host.js"
import { readIfThere } from "../read-file.js"
import { type Finding, missing, ok, optional } from "./finding.js"

/**
 * Whether the manifest beside a document says what the host's code says. That code is run where `--import` names it and
 * only there; else the times of both files are compared.
 */
export async function manifestState(file: string, named: string | undefined): Promise<readonly Finding[]> {
  const host = hostFile(file, named)
  if (host === undefined) return []
  const path = manifestFile(file)
  const mend = `troupe manifest ${file}${named === undefined ? "" : ` --import ${named}`}`
  const written = await readIfThere(path)
  if (written === undefined) return [missing("manifest", `${path} is not there, for ${basename(host)}`, mend)]
  if (named !== undefined) {
    const fresh = manifestText(await hostRegistry(host)) === written
    return [
      fresh ? ok("manifest", `${path} is as ${basename(host)} says`) : missing("manifest", `${path} is stale`, mend),
    ]
  }
  const [code, manifest] = [await stat(host), await stat(path)]
  if (code.mtimeMs <= manifest.mtimeMs) return [ok("manifest", path)]
  return [optional("manifest", `${path} is older than ${basename(host)}`, `${mend} --check tells whether it is stale`)]
}
