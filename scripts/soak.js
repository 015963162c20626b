#!/usr/bin/env node
// `npm run soak`: what takes hours. Jobs run in order; what is done is written to .troupe/soak.json, and the next start
// goes on after it. A job is done anew for another seed, or when a file has changed that it depends on.
//   --seed=N     where random values begin (default: a fresh one, or that of the round to resume)
//   --only=PART  the jobs whose name has PART in it
//   --times=N    how many times as often as in `npm test` each property runs (default 100)
//   --mutate=SRC the mutation testing of these sources (paths or globs, commas between) instead of all layers
//   --fresh      forget what is done
import { spawnSync } from "node:child_process"
import { createHash, randomInt } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { marksOf } from "./soak/inputs.js"
import { mutationJobs } from "./soak/mutation.js"
import { testJobs } from "./soak/tests.js"

/**
 * @typedef {{ ok: boolean, said: string }} Outcome
 * @typedef {{ name: string, begins: (file: string) => boolean, run: () => Outcome }} Job `begins`: the files of src and
 *   test that its result depends on, with all that they import.
 * @typedef {Outcome & { seconds: number, commit: string, inputs: string }} Figures
 * @typedef {{ commit: string, seed: number, times: number, jobs: Partial<Record<string, Figures>> }} Round
 */

const root = fileURLToPath(new URL("..", import.meta.url))
const stateFile = join(root, ".troupe", "soak.json")

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    only: { type: "string", default: "" },
    times: { type: "string", default: "100" },
    mutate: { type: "string" },
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
  const same = before?.times === times && (asked ?? before.seed) === before.seed
  if (same && before !== undefined) return { ...before, commit }
  return { commit, seed: asked ?? randomInt(2 ** 31), times, jobs: {} }
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

mkdirSync(join(root, ".troupe"), { recursive: true })
const round = startOrResume()
const mutations = mutationJobs(root, { seed: round.seed, files: values.mutate })
const jobs = (values.mutate === undefined ? [...testJobs(root, round), ...mutations] : mutations).filter(({ name }) =>
  name.includes(values.only),
)
console.log(`commit ${round.commit}, seed ${round.seed}, ${round.times} times the runs, ${jobs.length} jobs`)

const mark = marksOf(root)
/** @param {Job} job */
const done = ({ name, begins }) => round.jobs[name]?.ok === true && round.jobs[name]?.inputs === mark(begins)

for (const job of jobs) {
  if (done(job)) {
    console.log(`done before, at ${round.jobs[job.name]?.commit.slice(0, 10)}: ${job.name}`)
    continue
  }
  console.log(`-- ${job.name}`)
  const started = performance.now()
  const inputs = mark(job.begins)
  const outcome = job.run()
  const seconds = Math.round((performance.now() - started) / 1000)
  round.jobs[job.name] = { ...outcome, seconds, commit: round.commit, inputs }
  writeFileSync(stateFile, `${JSON.stringify(round, null, 2)}\n`)
}

console.log("")
for (const { name } of jobs) {
  const { ok = false, seconds = 0, said = "" } = round.jobs[name] ?? {}
  console.log(`${ok ? "ok    " : "FAILED"}  ${name.padEnd(48)}${String(seconds).padStart(7)} s  ${said}`)
}
const left = jobs.filter((job) => !done(job))
console.log(
  `commit ${round.commit}, seed ${round.seed}: ${jobs.length - left.length} of ${jobs.length} jobs ok; ${stateFile}`,
)
process.exitCode = jobs.length > 0 && left.length === 0 ? 0 : 1
