import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** Where the flows are that the package brings along. */
export const galleryFolder: string = fileURLToPath(new URL("../../flows/", import.meta.url))

/** What the first comments of a flow of the gallery say. */
export interface Header {
  /** When to use it. */
  readonly when: string
  /** A command that tries it, from the folder above its own. */
  readonly command: string
}

/** The header of a flow's text: `# When: …` and `# Try: …`. */
export function headerOf(text: string): Header {
  const line = (key: string): string => new RegExp(`^# ${key}:\\s*(.*)$`, "m").exec(text)?.[1] ?? ""
  return { when: line("When"), command: line("Try") }
}

/** The names of the flows of the gallery, in order. */
export async function galleryNames(): Promise<readonly string[]> {
  const files = await readdir(galleryFolder)
  return files.flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : [])).sort()
}

/** The file of a flow of the gallery. */
export const galleryFile = (name: string): string => join(galleryFolder, `${name}.yaml`)
