#!/usr/bin/env node
// The flow runtime next to the shortest hand-written JavaScript that does the same and next to its peers, in one run:
// each workload in three fresh processes, the medians of which are compared with the goals.
//   --only=PART   the workloads whose name has PART in it
//   --processes=N fresh processes (default 3)
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { median, record } from "./measure.js"
import { goals } from "./goals.js"

/** @typedef {{ workload: string, who: string, ns: number }} Taken */

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
/** @type {Map<string, number[]>} */
const taken = new Map()
const wanted = goals.filter(({ workload }) => workload.includes(values.only))
const pairs = new Set(
  wanted.flatMap(({ workload, against }) => [
    `${workload}\ntroupe`,
    ...(typeof against === "string" ? [`${workload}\n${against}`] : []),
    ...(typeof against === "object" ? [`${against.workload}\ntroupe`] : []),
  ]),
)
for (let i = 0; i < Math.max(1, Number(values.processes) || 0); i++) {
  for (const key of pairs) {
    const { stdout, status, stderr } = spawnSync(process.execPath, ["--expose-gc", one, ...key.split("\n")], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    })
    if (status !== 0) throw new Error(`${key} failed:\n${stderr}`)
    /** @type {Taken} */
    const { ns } = JSON.parse(stdout)
    taken.set(key, [...(taken.get(key) ?? []), ns])
    process.stderr.write(".")
  }
}
process.stderr.write("\n")

/** @param {string} workload @param {string} who */
const of = (workload, who) => median(taken.get(`${workload}\n${who}`) ?? [])
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
for (const { row, workload, against, atMost, ns: limit } of wanted) {
  const ours = of(workload, "troupe")
  if (Number.isNaN(ours)) continue
  const theirs =
    against === undefined
      ? undefined
      : typeof against === "string"
        ? of(workload, against)
        : of(against.workload, "troupe")
  const ratio = theirs === undefined ? ours : ours / theirs
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
