import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { target } from "../architecture/layers.js"
import { readSources } from "../architecture/source.js"

const layer = /^troupe(?:\/(\w+))?$/

/**
 * Marks what a job's result depends on: files with all that they import, and what tests are run with. A job whose mark is
 * the same need not be done again.
 *
 * @param {string} root
 * @returns {(chosen: (file: string) => boolean) => string} `chosen` says which files below src and test a job begins from.
 */
export function marksOf(root) {
  const sources = new Map(readSources(root, ["src", "test"]).map((source) => [source.file, source]))
  const around = ["package-lock.json", "vitest.config.ts"].map((file) => readFileSync(join(root, file), "utf8"))

  return (chosen) => {
    const files = new Set([...sources.keys()].filter((file) => chosen(file) || file === "test/setup/properties.ts"))
    for (const file of files) {
      for (const { specifier } of sources.get(file)?.imports ?? []) {
        const [, name] = layer.exec(specifier) ?? []
        const to = layer.test(specifier)
          ? `src/${name === undefined ? "" : `${name}/`}index.ts`
          : target(file, specifier)
        if (to !== undefined && sources.has(to)) files.add(to)
        // What starts processes runs the whole package.
        if (specifier === "node:child_process" && file.startsWith("test/"))
          for (const each of sources.keys()) files.add(each)
      }
    }
    const hash = createHash("sha256")
    for (const text of around) hash.update(text)
    for (const file of [...files].sort()) hash.update(`${file}\n${sources.get(file)?.text}\n`)
    return hash.digest("hex").slice(0, 16)
  }
}
