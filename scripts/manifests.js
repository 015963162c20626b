#!/usr/bin/env node
// Checks that every troupe.manifest.json says what the host's code beside it says: `troupe manifest FILE --check` for each
// flow document beside a troupe.config.js.
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const cli = join(root, "dist", "cli", "main.js")

/**
 * Every folder below `folder` that has a troupe.config.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function hosts(folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  const below = entries.filter((entry) => entry.isDirectory()).flatMap((entry) => hosts(join(folder, entry.name)))
  return entries.some((entry) => /^troupe\.config\.[jt]s$/.test(entry.name)) ? [folder, ...below] : below
}

const documents = ["flows", "examples"]
  .flatMap((folder) => hosts(join(root, folder)))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith(".yaml"))

if (!existsSync(cli)) {
  console.error(`${relative(root, cli)} is missing: build first`)
  process.exitCode = 1
}
if (documents.length === 0) {
  console.error("no flow document beside a troupe.config.js was found in flows/ or examples/")
  process.exitCode = 1
}
for (const file of documents) {
  const { status, stderr } = spawnSync(process.execPath, [cli, "manifest", relative(dirname(file), file), "--check"], {
    cwd: dirname(file),
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  })
  console.log(
    `${relative(root, file)}: ${status === 0 ? "the manifest is fresh" : "the manifest is stale or could not be made"}`,
  )
  if (status === 0) continue
  console.error(stderr.trimEnd())
  process.exitCode = 1
}
