#!/usr/bin/env node
// `npm run demo`: the main job on a real text, without a key or a network. It is priced, run, and drawn.
import { spawnSync } from "node:child_process"
import { mkdirSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const cwd = fileURLToPath(new URL("..", import.meta.url))
const flow = join("flows", "summarize.yaml")
const output = "demo-output"

/**
 * Runs the command line as a user would, live; ends the demonstration with its exit code when it fails.
 *
 * @param {readonly string[]} args
 */
function troupe(...args) {
  console.error(`\n$ npx troupe ${args.join(" ")}\n`)
  const { status, signal } = spawnSync(process.execPath, [join("dist", "cli", "main.js"), ...args], {
    cwd,
    stdio: "inherit",
  })
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1))
}

const [text] = readdirSync(join(cwd, "flows", "texts"))
  .filter((name) => name.endsWith(".txt"))
  .sort()
if (text === undefined) throw new Error("flows/texts holds no text to summarise")

troupe("run", flow, "--input", `@${join("flows", "texts", text)}`)

mkdirSync(join(cwd, output), { recursive: true })
const diagram = join(output, "summarize.mmd")
troupe("render", flow, "--format", "mermaid", "-o", diagram)

const picture = join(output, "summarize.svg")
const drawn = spawnSync(
  process.execPath,
  [join("dist", "cli", "main.js"), "render", flow, "--format", "svg", "-o", picture],
  {
    cwd,
    encoding: "utf8",
  },
)
console.error(`\nThe diagram is in ${diagram}`)
console.error(
  drawn.status === 0
    ? `and, as a picture, in ${picture}`
    : "(no picture: that takes @mermaid-js/mermaid-cli and a Chrome or Chromium; any viewer of Mermaid shows the text)",
)
