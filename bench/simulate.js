#!/usr/bin/env node
// How long 10,000 simulated runs of a Mixture of Agents take, two layers of six: each in a process of its own would pay for
// its start as well, so one process does it three times and the median counts.
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { median, record } from "./measure.js"

if (!existsSync(fileURLToPath(new URL("../dist/index.js", import.meta.url)))) {
  console.error("dist is missing: run `npm run build` first")
  process.exit(2)
}
const { defineAgent } = await import("../dist/index.js")
const { simulate } = await import("../dist/flow/index.js")
const { layer, moa } = await import("../dist/moa/index.js")

const runs = 10_000
const times = 3
const goal = 5_000

/** @param {string} name */
const seat = (name) => defineAgent({ name }, (/** @type {string} */ text) => text)
/** @param {string} name */
const panel = (name) =>
  layer({
    proposers: [1, 2, 3, 4, 5, 6].map((nth) => seat(`${name}_${nth}`)),
    aggregator: seat(`${name}_editor`),
    quorum: 5,
    timeout: 60_000,
  })
const ensemble = moa([panel("first"), panel("second")])
const usual = { latency: "98% lognormal(2s, 4s) + 2% 30s", failure: 0.02, tokens: "normal(800, 200)", usd: 0.01 }

/** @type {number[]} */
const took = []
let asks = 0
for (let i = 0; i < times; i++) {
  const started = performance.now()
  const { calls } = await simulate(ensemble, { runs, input: "why", default: usual })
  took.push(performance.now() - started)
  asks = calls.mean
}
const ms = median(took)
const met = ms <= goal
console.log(`${runs} runs of two layers of six, ${asks.toFixed(1)} asks each`)
console.log(`${ms.toFixed(0)} ms, goal ${goal} ms: ${met ? "met" : "MISSED"}`)
record("simulate", { runs, asks, ms, goal, met })
process.exitCode = met ? 0 : 1
