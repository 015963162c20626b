#!/usr/bin/env node
// How long the command line takes to start, next to a Node process that does nothing: medians over fresh processes,
// the programs taking turns so that a slow moment of the machine hits all alike.
//   --runs=N   processes of each kind (default 15)
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const root = fileURLToPath(new URL("..", import.meta.url))
const cli = join(root, "dist", "cli", "main.js")
const results = join(root, "bench", "results.json")
const flow = join("flows", "summarize.yaml")

/** @type {ReadonlyArray<{ name: string, args: readonly string[], over?: number }>} `over`: the goal, in ms over an empty process. */
const programs = [
  { name: "empty node process", args: ["--input-type=module", "--eval", "0"] },
  { name: "troupe --help", args: [cli, "--help"], over: 25 },
  { name: `troupe check ${flow}`, args: [cli, "check", flow], over: 80 },
]

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } })
const runs = Math.max(1, Number(values.runs) || 0)

/**
 * Milliseconds from start to end of one process.
 *
 * @param {readonly string[]} args
 */
function once(args) {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
  const took = performance.now() - started
  if (status !== 0) throw new Error(`${args.map((arg) => relative(root, arg) || arg).join(" ")} failed:\n${stderr}`)
  return took
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

if (!existsSync(cli)) {
  console.error("dist/cli/main.js is missing: run `npm run build` first")
  process.exit(2)
}

/** @type {number[][]} */
const samples = programs.map(() => [])
for (const { args } of programs) once(args) // once each before it counts, to fill the disk's cache
for (let run = 0; run < runs; run++) for (const [i, { args }] of programs.entries()) samples[i]?.push(once(args))

const medians = samples.map(median)
const [empty = Number.NaN] = medians
const rows = programs.map(({ name, over }, i) => {
  const ms = medians[i] ?? Number.NaN
  return { name, ms, ratio: ms / empty, over: ms - empty, goal: over, met: over === undefined || ms - empty <= over }
})

console.log(
  `${"".padEnd(36)}${"median".padStart(10)}${"ratio".padStart(8)}${"over empty".padStart(13)}${"goal".padStart(11)}`,
)
for (const { name, ms, ratio, over, goal, met } of rows) {
  const figures = `${name.padEnd(36)}${`${ms.toFixed(1)} ms`.padStart(10)}${ratio.toFixed(2).padStart(8)}`
  const judged =
    goal === undefined
      ? ""
      : `${`+${over.toFixed(1)} ms`.padStart(13)}${`+${goal} ms`.padStart(11)}  ${met ? "met" : "MISSED"}`
  console.log(figures + judged)
}

mkdirSync(dirname(results), { recursive: true })
const before = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {}
const machine = { node: process.version, platform: `${process.platform} ${process.arch}`, cores: cpus().length }
writeFileSync(results, `${JSON.stringify({ ...before, startup: { machine, runs, rows } }, null, 2)}\n`)
console.log(`${runs} processes of each; written to ${relative(process.cwd(), results)}`)
process.exitCode = rows.every(({ met }) => met) ? 0 : 1
