// Runs workloads next to the shortest hand-written JavaScript that does the same and next to peers, in one run: each
// workload in fresh processes, in which the two take turns. The median of their ratios is compared with the goal.
//   --only=PART   the workloads whose name has PART in it; nothing is written then
//   --processes=N fresh processes (default 3)
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { median, record } from "./measure.js"

/**
 * What a workload is held against, as the rows of the project's performance goals say: a ratio to somebody else's for the
 * same work (`against`: who, or the same of troupe at another size), or nanoseconds, or bytes. Without any of them it
 * is shown for comparison; `unit` says what a figure without a goal is in.
 *
 * @typedef {{ row: number, workload: string, against?: string | { workload: string }, atMost?: number, ns?: number, bytes?: number, unit?: "bytes" }} Goal
 * @typedef {{ readonly leftOut: string } | Readonly<Record<string, number>>} Taken what each took, in nanoseconds or bytes
 * @typedef {{ readonly ours: number, readonly theirs: number | undefined, readonly leftOut?: string }} Once
 */

const one = fileURLToPath(new URL("one.js", import.meta.url))
/** They hook into promises (AsyncLocalStorage), which slows down whatever else runs in their process. */
const apart = new Set(["langgraph", "mastra"])

/** @param {string} workload @param {readonly string[]} whos @returns {Taken} */
function measured(workload, whos) {
  const flags = ["--single-threaded-gc", "--expose-gc"]
  const { stdout, status, stderr } = spawnSync(process.execPath, [...flags, one, workload, ...whos], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
  process.stderr.write(".")
  if (status !== 0 || stdout === "") throw new Error(`${workload} of ${whos.join(", ")} failed:\n${stderr}`)
  return JSON.parse(stdout)
}

/** @param {Taken} taken @param {string} who */
const of = (taken, who) => ("leftOut" in taken ? Number.NaN : (taken[who] ?? Number.NaN))

/** One ratio, or one figure, measured afresh. @param {Goal} goal @returns {Once} */
function once({ workload, against }) {
  const beside = typeof against === "string" && !apart.has(against) ? [against] : []
  const ours = measured(workload, ["troupe", ...beside])
  if ("leftOut" in ours) return { ours: Number.NaN, theirs: undefined, leftOut: String(ours.leftOut) }
  if (against === undefined) return { ours: of(ours, "troupe"), theirs: undefined }
  if (typeof against === "object") {
    return { ours: of(ours, "troupe"), theirs: of(measured(against.workload, ["troupe"]), "troupe") }
  }
  return {
    ours: of(ours, "troupe"),
    theirs: of(apart.has(against) ? measured(workload, [against]) : ours, against),
  }
}

/** @param {number} ns */
const spelt = (ns) =>
  ns < 1e3
    ? `${ns.toFixed(ns < 10 ? 1 : 0)} ns`
    : ns < 1e6
      ? `${(ns / 1e3).toFixed(2)} µs`
      : `${(ns / 1e6).toFixed(2)} ms`

/** @param {number} bytes */
const speltBytes = (bytes) => `${bytes.toFixed(0)} B`

/** @param {Once} taken */
const ratioOf = ({ ours, theirs }) => (theirs === undefined ? ours : ours / theirs)

/** Measures one workload, prints its line and gives its row. @param {Goal} wish @param {number} processes */
function judge(wish, processes) {
  const { row, workload, against, atMost, ns, bytes } = wish
  const inBytes = bytes !== undefined || wish.unit === "bytes"
  const taken = Array.from({ length: processes }, () => once(wish))
  const left = taken.find(({ leftOut }) => leftOut !== undefined)
  const begun = `${String(row).padEnd(4)}${workload.padEnd(34)}`
  if (left?.leftOut !== undefined) {
    console.log(`${begun}left out: ${left.leftOut}`)
    return { row, workload, leftOut: left.leftOut }
  }
  const ratio = median(taken.map(ratioOf))
  const { ours, theirs } = taken.find((one) => ratioOf(one) === ratio) ?? { ours: Number.NaN, theirs: undefined }
  const goal = atMost ?? ns ?? bytes
  const met = goal === undefined ? undefined : ratio <= goal
  const name = against === undefined ? "" : typeof against === "string" ? against : against.workload
  const inUnit = inBytes ? speltBytes : spelt
  /** @param {number} figure */
  const shown = (figure) => (theirs === undefined ? inUnit(figure) : `${figure.toPrecision(3)}×`)
  const verdict = met === undefined ? "" : met ? "met" : ratio <= 2 * (goal ?? 0) ? "within twice" : "MISSED"
  const figures = `${inUnit(ours).padStart(10)}  ${`${name} ${theirs === undefined ? "" : inUnit(theirs)}`.padEnd(22)}`
  console.log(
    `${begun}${figures}${shown(ratio).padStart(9)}${(goal === undefined ? "" : shown(goal)).padStart(9)}  ${verdict}`,
  )
  const took = inBytes ? { bytes: ours, besideBytes: theirs } : { ns: ours, besideNs: theirs }
  return { row, workload, ...took, beside: name, ratio, goal, met }
}

/**
 * Measures every workload that is wanted, prints the table and writes the rows down.
 *
 * @param {string} name
 * @param {readonly Goal[]} goals
 */
export function compare(name, goals) {
  const { values } = parseArgs({
    options: { only: { type: "string", default: "" }, processes: { type: "string", default: "3" } },
  })
  for (const [path, how] of [
    ["../dist/index.js", "npm run build"],
    ["./node_modules/effect/package.json", "npm ci --prefix bench"],
  ]) {
    if (existsSync(fileURLToPath(new URL(path ?? "", import.meta.url)))) continue
    console.error(`${path} is missing: run \`${how}\` first`)
    process.exit(2)
  }
  const processes = Math.max(1, Number(values.processes) || 0)
  const wanted = goals.filter(({ workload }) => workload.includes(values.only))
  console.log(
    `${"row".padEnd(4)}${"workload".padEnd(34)}${"troupe".padStart(10)}  ${"beside".padEnd(22)}${"ratio".padStart(9)}${"goal".padStart(9)}`,
  )
  const rows = wanted.map((wish) => {
    try {
      return judge(wish, processes)
    } catch (error) {
      // The other lines are still worth having.
      const { row, workload } = wish
      console.log(`${String(row).padEnd(4)}${workload.padEnd(34)}failed`)
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
      return { row, workload, failed: true }
    }
  })
  if (values.only === "") record(name, { processes, rows })
}
