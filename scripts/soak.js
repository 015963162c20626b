#!/usr/bin/env node
// `npm run soak`: what takes hours. Jobs run in order; what is done is written to .troupe/soak.json, and the next start
// goes on after it, for the same commit and seed.
//   --seed=N     where random values begin (default: a fresh one, or that of the round to resume)
//   --only=PART  the jobs whose name has PART in it
//   --times=N    how many times as often as in `npm test` each property runs (default 100)
//   --fresh      forget what is done
import { spawnSync } from "node:child_process"
import { createHash, randomInt } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

/**
 * @typedef {{ ok: boolean, seconds: number, passed: number, failed: number }} Figures
 * @typedef {{ commit: string, seed: number, times: number, jobs: Partial<Record<string, Figures>> }} Round
 * @typedef {{ name: string, args: readonly string[], env: Readonly<Record<string, string>> }} Job
 */

const root = fileURLToPath(new URL("..", import.meta.url))
const stateFile = join(root, ".troupe", "soak.json")
const hour = 3_600_000
const runsInTest = 100
const shuffles = 10

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    only: { type: "string", default: "" },
    times: { type: "string", default: "100" },
    fresh: { type: "boolean", default: false },
  },
})

/** @param {readonly string[]} args */
const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 256 << 20 }).stdout

/** The commit, and a hash of what differs from it. */
function commitNow() {
  const changes = git("status", "--porcelain") && git("diff", "HEAD") + git("status", "--porcelain")
  const mark = changes === "" ? "" : `+${createHash("sha256").update(changes).digest("hex").slice(0, 8)}`
  return git("rev-parse", "HEAD").trim() + mark
}

/** @returns {Round} */
function startOrResume() {
  const commit = commitNow()
  const times = wholeNumber("times", values.times)
  const asked = values.seed === undefined ? undefined : wholeNumber("seed", values.seed)
  /** @type {Round | undefined} */
  const before = existsSync(stateFile) && !values.fresh ? JSON.parse(readFileSync(stateFile, "utf8")) : undefined
  const same = before?.commit === commit && before.times === times && (asked ?? before.seed) === before.seed
  return same && before !== undefined ? before : { commit, seed: asked ?? randomInt(2 ** 31), times, jobs: {} }
}

/**
 * @param {string} option
 * @param {string} text
 */
function wholeNumber(option, text) {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) {
    console.error(`--${option}=${text}: expected a whole number`)
    process.exit(2)
  }
  return number
}

/**
 * Every job there is: the properties of each file at length, then all tests in other orders.
 *
 * @param {Round} round
 * @returns {Job[]}
 */
function jobsOf({ seed, times }) {
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.ts") && /from "fast-check"/.test(readFileSync(join(root, file), "utf8")))
    .sort()
  const env = { PROPERTY_RUNS: String(runsInTest * times), PROPERTY_SEED: String(seed) }
  return [
    ...files.map((file) => ({ name: `properties ${file}`, args: [file], env })),
    ...Array.from({ length: shuffles }, (_, i) => ({
      name: `shuffled ${i + 1}`,
      args: ["--sequence.shuffle", `--sequence.seed=${seed + i}`],
      env: { PROPERTY_SEED: String(seed + i) },
    })),
  ]
}

/**
 * @param {Job} job
 * @returns {Figures}
 */
function runJob({ args, env }) {
  const report = join(root, ".troupe", "soak-report.json")
  rmSync(report, { force: true })
  const started = performance.now()
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      ...args,
      `--testTimeout=${6 * hour}`,
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } },
  )
  const seconds = Math.round((performance.now() - started) / 1000)
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = existsSync(report)
    ? JSON.parse(readFileSync(report, "utf8"))
    : {}
  return { ok: status === 0 && passed > 0, seconds, passed, failed }
}

mkdirSync(join(root, ".troupe"), { recursive: true })
const round = startOrResume()
const jobs = jobsOf(round).filter(({ name }) => name.includes(values.only))
console.log(`commit ${round.commit}, seed ${round.seed}, ${round.times} times the runs, ${jobs.length} jobs`)

for (const job of jobs) {
  if (round.jobs[job.name]?.ok) {
    console.log(`done before: ${job.name}`)
    continue
  }
  console.log(`-- ${job.name}`)
  round.jobs[job.name] = runJob(job)
  writeFileSync(stateFile, `${JSON.stringify(round, null, 2)}\n`)
}

console.log("")
for (const { name } of jobs) {
  const { ok = false, seconds = 0, passed = 0, failed = 0 } = round.jobs[name] ?? {}
  console.log(
    `${ok ? "ok    " : "FAILED"}  ${name.padEnd(48)}${String(seconds).padStart(7)} s  ${passed} passed, ${failed} failed`,
  )
}
const left = jobs.filter(({ name }) => !round.jobs[name]?.ok)
console.log(
  `commit ${round.commit}, seed ${round.seed}: ${jobs.length - left.length} of ${jobs.length} jobs ok; ${stateFile}`,
)
process.exitCode = jobs.length > 0 && left.length === 0 ? 0 : 1
