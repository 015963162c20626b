#!/usr/bin/env node
// How long the command line takes to start, next to a Node process that does nothing: medians over fresh processes,
// the programs taking turns so that a slow moment of the machine hits all alike. And how long after Ctrl-C it ends.
//   --runs=N   processes of each kind (default 15)
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { median, record } from "./measure.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const cli = join(root, "dist", "cli", "main.js")
const flow = join("flows", "summarize.yaml")

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } })
const runs = Math.max(1, Number(values.runs) || 0)
const interrupts = 5
const interruptGoal = 200

if (!existsSync(cli)) {
  console.error("dist/cli/main.js is missing: run `npm run build` first")
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), "troupe-bench-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
/** @param {string} name @param {string} text */
const write = (name, text) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
/** @param {string} file */
const urlOf = (file) => pathToFileURL(join(root, file)).href
const small = write(
  "small.yaml",
  'troupe: 1\nflow: { steps: [{ map: "hello ${value}", as: greeting }, { map: "${greeting}!" }] }\n',
)
const endless = write("endless.yaml", "troupe: 1\nflow: { agent: deaf }\n")
const deaf = write(
  "deaf.js",
  `import { defineAgent } from "${urlOf("dist/index.js")}"
import { registry } from "${urlOf("dist/serde/index.js")}"
const deaf = defineAgent({ name: "deaf" }, () => {
  process.stderr.write("asked\\n")
  return new Promise((resolve) => setTimeout(resolve, 60_000))
})
export default registry({ agents: [deaf] })
`,
)

/** @type {ReadonlyArray<{ name: string, args: readonly string[], over?: number }>} `over`: the goal, in ms over an empty process. */
const programs = [
  { name: "empty node process", args: ["--input-type=module", "--eval", "0"] },
  { name: "troupe --help", args: [cli, "--help"], over: 25 },
  { name: `troupe check ${flow}`, args: [cli, "check", flow], over: 80 },
  { name: "troupe run small.yaml", args: [cli, "run", small, "--input", "world"], over: 80 },
]

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

/**
 * Milliseconds from Ctrl-C to the end of a run whose agent ignores its abort.
 *
 * @returns {Promise<number>}
 */
function interrupted() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, "run", endless, "--import", deaf], {
      stdio: ["ignore", "ignore", "pipe"],
    })
    let sent = 0
    let told = ""
    child.stderr.on("data", (chunk) => {
      told += chunk
      if (sent > 0 || !told.includes("asked")) return
      sent = performance.now()
      child.kill("SIGINT")
    })
    child.on("exit", (code) => {
      const took = performance.now() - sent
      if (code === 130 && sent > 0) resolve(took)
      else reject(new Error(`the interrupted run ended with ${code}:\n${told}`))
    })
  })
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

/** @type {number[]} */
const ends = []
for (let run = 0; run < interrupts; run++) ends.push(await interrupted())
const end = median(ends)
const interrupt = { name: "Ctrl-C to the end of troupe run", ms: end, goal: interruptGoal, met: end <= interruptGoal }

/** @param {boolean} met */
const verdict = (met) => (met ? "met" : "MISSED")
console.log(
  `${"".padEnd(36)}${"median".padStart(10)}${"ratio".padStart(8)}${"over empty".padStart(13)}${"goal".padStart(11)}`,
)
for (const { name, ms, ratio, over, goal, met } of rows) {
  const figures = `${name.padEnd(36)}${`${ms.toFixed(1)} ms`.padStart(10)}${ratio.toFixed(2).padStart(8)}`
  const judged = `${`+${over.toFixed(1)} ms`.padStart(13)}${`+${goal} ms`.padStart(11)}  ${verdict(met)}`
  console.log(goal === undefined ? figures : figures + judged)
}
console.log(
  `${interrupt.name.padEnd(36)}${`${end.toFixed(1)} ms`.padStart(10)}${`${interruptGoal} ms`.padStart(32)}  ${verdict(interrupt.met)}`,
)
console.log(`${runs} processes of each, ${interrupts} of the interrupted`)
record("startup", { runs, rows: [...rows, interrupt] })
process.exitCode = [...rows, interrupt].every(({ met }) => met) ? 0 : 1
