#!/usr/bin/env node
// `npm run check`: everything that a commit must pass, on Node and npm alone. Every stage runs, whatever fails before.
//   --only=PART   the stages whose name has PART in it
import { readdirSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { runStages } from "./stages.js"

const cwd = fileURLToPath(new URL("..", import.meta.url))
process.env["PATH"] = `${join(cwd, "node_modules", ".bin")}${delimiter}${process.env["PATH"]}`

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } })

const node = process.execPath
const gallery = readdirSync(join(cwd, "flows")).flatMap((file) => (file.endsWith(".yaml") ? [join("flows", file)] : []))
const groups = [
  [{ name: "build", command: ["npm", "run", "build"] }],
  // At the same time: most of them leave a core idle for much of theirs.
  [
    { name: "packed exports", command: [node, "scripts/packed-exports.js"] },
    { name: "lint", command: ["oxlint", "--type-aware"] },
    { name: "types", command: ["tsc", "-p", "tsconfig.check.json"] },
    { name: "unused code", command: ["knip"] },
    { name: "format", command: ["biome", "format", "."] },
    { name: "gallery", command: [node, "dist/cli/main.js", "fmt", "--check", ...gallery] },
    { name: "manifests", command: [node, "scripts/manifests.js"] },
  ],
  // Examples and the blocks of the documentation are tests too: test/{examples,documentation,docstrings}.test.ts.
  [{ name: "tests", command: ["vitest", "run", "--coverage", "--reporter=dot"] }],
].map((group) => group.filter(({ name }) => name.includes(values.only)))

/** @param {import("./stages.js").Outcome} outcome */
const report = ({ name, ok, seconds, output }) => {
  console.log(`${ok ? "ok    " : "FAILED"}  ${name.padEnd(16)}${seconds.toFixed(1).padStart(7)} s`)
  if (!ok) console.log(`${output.trimEnd().replace(/^/gm, "  | ")}\n`)
  else if (name === "tests") console.log(figures(output))
}

/**
 * The lines of vitest's report that say how much was tested.
 *
 * @param {string} output
 */
const figures = (output) =>
  output.match(/^ *(Test Files|Tests|Statements|Branches|Functions|Lines) .*$/gm)?.join("\n") ?? ""

const outcomes = await runStages(groups, { cwd, report })
const failed = outcomes.filter(({ ok }) => !ok).map(({ name }) => name)
const seconds = performance.now() / 1000
console.log(
  outcomes.length === 0
    ? `no stage has ${JSON.stringify(values.only)} in its name`
    : failed.length === 0
      ? `all ${outcomes.length} stages ok in ${seconds.toFixed(0)} s`
      : `${failed.length} of ${outcomes.length} stages failed in ${seconds.toFixed(0)} s: ${failed.join(", ")}`,
)
process.exitCode = failed.length === 0 && outcomes.length > 0 ? 0 : 1
