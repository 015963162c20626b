import { writeFile } from "node:fs/promises"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { hostFile, hostRegistry, manifestFile, manifestText } from "../host.js"
import { readDocument, readIfThere, reason } from "../read-file.js"
import { terminal } from "../terminal.js"

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
  try {
    await writeFile(path, text)
  } catch (error) {
    throw new Refused(`${path} cannot be written: ${reason(error)}`)
  }
  err(`${path} is written\n`)
  return exitCodes.done
}
