import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { hostFile, hostRegistry, manifestFile, manifestText } from "../host.js"
import { readDocument, readIfThere } from "../read-file.js"
import { terminal } from "../terminal.js"
import { write } from "../write-file.js"

export interface ManifestOptions {
  readonly import?: string
  readonly check?: boolean
}

/** `troupe manifest`: writes down the names and schemas of the host's code, for commands that run no code. */
export async function manifest(file: string, options: ManifestOptions): Promise<ExitCode> {
  const { err } = terminal()
  await readDocument(file)
  const host = hostFile(file, options.import)
  if (host === undefined) {
    throw new Refused(`there is no troupe.config.js beside ${file}`, "write one, or name the code with --import")
  }
  const text = manifestText(await hostRegistry(host))
  const path = manifestFile(file)
  if (options.check === true) {
    const written = await readIfThere(path)
    if (written === text) return exitCodes.done
    err(`${path} is ${written === undefined ? "missing" : "stale"}: troupe manifest ${file} writes it\n`)
    return exitCodes.failed
  }
  await write(path, text)
  err(`${path} is written\n`)
  return exitCodes.done
}
