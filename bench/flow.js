#!/usr/bin/env node
// The flow runtime next to the shortest hand-written JavaScript that does the same and next to its peers, in one run:
// each workload in three fresh processes, in which the two take turns. The median of the three ratios is compared with
// the goal.
//   --only=PART   the workloads whose name has PART in it
//   --processes=N fresh processes (default 3)
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { median, record } from "./measure.js"
import { goals } from "./goals.js"

/** @typedef {Readonly<Record<string, number>>} Taken what each took, in nanoseconds */

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

const one = fileURLToPath(new URL("one.js", import.meta.url))
/** They hook into promises (AsyncLocalStorage), which slows down whatever else runs in their process. */
const apart = new Set(["langgraph", "mastra"])
const wanted = goals.filter(({ workload }) => workload.includes(values.only))

/** @param {string} workload @param {readonly string[]} whos @returns {Taken} */
function measured(workload, whos) {
  const { stdout, status, stderr } = spawnSync(process.execPath, ["--single-threaded-gc", one, workload, ...whos], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
  process.stderr.write(".")
  if (status !== 0) throw new Error(`${workload} of ${whos.join(", ")} failed:\n${stderr}`)
  return JSON.parse(stdout)
}

/** One ratio, or one figure, measured afresh. @param {import("./goals.js").Goal} goal */
function once({ workload, against }) {
  if (against === undefined) return { ours: measured(workload, ["troupe"])["troupe"] ?? Number.NaN }
  if (typeof against === "object") {
    const ours = measured(workload, ["troupe"])["troupe"] ?? Number.NaN
    return { ours, theirs: measured(against.workload, ["troupe"])["troupe"] ?? Number.NaN }
  }
  const both = apart.has(against)
    ? { ...measured(workload, ["troupe"]), ...measured(workload, [against]) }
    : measured(workload, ["troupe", against])
  return { ours: both["troupe"] ?? Number.NaN, theirs: both[against] ?? Number.NaN }
}

/** @param {number} ns */
const spelt = (ns) =>
  ns < 1e3
    ? `${ns.toFixed(ns < 10 ? 1 : 0)} ns`
    : ns < 1e6
      ? `${(ns / 1e3).toFixed(2)} µs`
      : `${(ns / 1e6).toFixed(2)} ms`

/** @type {object[]} */
const rows = []
console.log(
  `${"row".padEnd(4)}${"workload".padEnd(34)}${"troupe".padStart(10)}  ${"beside".padEnd(22)}${"ratio".padStart(9)}${"goal".padStart(9)}`,
)
for (const wish of wanted) {
  const { row, workload, against, atMost, ns: limit } = wish
  const taken = Array.from({ length: Math.max(1, Number(values.processes) || 0) }, () => once(wish))
  const ratioOf = (/** @type {ReturnType<typeof once>} */ { ours, theirs }) =>
    theirs === undefined ? ours : ours / theirs
  const ratio = median(taken.map(ratioOf))
  const { ours, theirs } = taken.find((one) => ratioOf(one) === ratio) ?? { ours: Number.NaN }
  const goal = atMost ?? limit ?? Number.NaN
  const met = ratio <= goal
  const name = against === undefined ? "" : typeof against === "string" ? against : against.workload
  rows.push({ row, workload, ns: ours, beside: name, besideNs: theirs, ratio, goal, met })
  const figure = theirs === undefined ? spelt(ours) : `${ratio.toPrecision(3)}×`
  const aim = theirs === undefined ? spelt(goal) : `${goal.toPrecision(3)}×`
  console.log(
    `${String(row).padEnd(4)}${workload.padEnd(34)}${spelt(ours).padStart(10)}  ${`${name} ${theirs === undefined ? "" : spelt(theirs)}`.padEnd(22)}${figure.padStart(9)}${aim.padStart(9)}  ${met ? "met" : ratio <= 2 * goal ? "within twice" : "MISSED"}`,
  )
}
record("flow", { processes: Number(values.processes), rows })
