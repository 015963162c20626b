// Measures one workload in this process: `node one.js WORKLOAD WHO` prints a line of JSON. One in each process: a peer may
// hook into promises, which slows down whatever else runs beside it.
import { ours } from "./workloads/flow.js"
import { bare } from "./workloads/bare.js"
import { median } from "./measure.js"

const [, , workload = "", who = ""] = process.argv

/** Long enough for the compiler to have settled, in milliseconds. */
const warmUp = 300
/** How long each of the batches takes at least. */
const batch = 60
const batches = 9

/**
 * Nanoseconds for one of the `per` parts of the work.
 *
 * @param {import("./workloads/flow.js").Work} work
 */
async function measure({ per, run }) {
  const until = performance.now() + warmUp
  let rounds = 0
  const began = performance.now()
  while (rounds === 0 || performance.now() < until) {
    await run()
    rounds++
  }
  const times = Math.max(1, Math.ceil((batch * rounds) / (performance.now() - began)))
  const taken = []
  for (let i = 0; i < batches; i++) {
    globalThis.gc?.()
    const started = performance.now()
    for (let j = 0; j < times; j++) await run()
    taken.push(((performance.now() - started) * 1e6) / (times * per))
  }
  return median(taken)
}

/** @returns {Promise<import("./workloads/flow.js").Works>} */
async function worksOf() {
  if (who === "troupe") return ours
  if (who === "bare") return bare
  return (await import(new URL(`peers/${who}.js`, import.meta.url).href)).works
}

const work = (await worksOf())[workload]
if (work === undefined) throw new Error(`${who} has no ${workload}`)
console.log(JSON.stringify({ workload, who, ns: await measure(await work()) }))
process.exit(0) // a peer may hold something open
