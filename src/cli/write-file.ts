import { existsSync } from "node:fs"
import { lstat, rename, rm, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Refused } from "./exit.js"
import { reason } from "./read-file.js"

/** Writes a file whole or not at all: whoever ends the process in between finds the file as it was. */
export async function write(file: string, content: string | Uint8Array): Promise<void> {
  try {
    const mode = await replaceable(file)
    if (mode === undefined || !(await replace(file, content, mode))) await writeFile(file, content)
  } catch (error) {
    const folder = dirname(file)
    if (existsSync(folder)) throw new Refused(`${file} cannot be written: ${reason(error)}`)
    throw new Refused(`${file} cannot be written: there is no folder ${folder}`, "make the folder first")
  }
}

/** The mode of a regular file of one name, or of a new one; what is a link, a pipe or a device is written through. */
async function replaceable(file: string): Promise<number | undefined> {
  try {
    const found = await lstat(file)
    return found.isFile() && found.nlink === 1 ? found.mode : undefined
  } catch {
    return 0o666
  }
}

/** Whether a folder lets a new file take the place of the old. */
async function replace(file: string, content: string | Uint8Array, mode: number): Promise<boolean> {
  const beside = `${file}.${process.pid}.tmp`
  try {
    await writeFile(beside, content, { mode })
    await rename(beside, file)
    return true
  } catch (error) {
    await rm(beside, { force: true })
    if (error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM")) return false
    throw error
  }
}
