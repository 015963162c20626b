#!/usr/bin/env node
// Writes docs/document.md, the reference of flow documents, from what `troupe schema` prints.
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { page } from "./reference/page.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const cli = join(root, "dist", "cli", "main.js")

const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "schema"], { encoding: "utf8" })
if (status === 0) writeFileSync(join(root, "docs", "document.md"), page(JSON.parse(stdout)))
else {
  console.error(`${stderr.trimEnd()}\nbuild first: npm run build`)
  process.exitCode = 1
}
