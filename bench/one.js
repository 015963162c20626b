// Measures one workload in this process: `node --single-threaded-gc one.js WORKLOAD WHO…` prints a line of JSON with the
// nanoseconds of each, the batches of whom take turns, so that a slow moment of the machine hits all alike.
//
// What is counted is processor time, not time on the wall: none of the workloads waits, and others may use the machine. With
// the garbage collector in the same thread, the two are the same on a machine that does nothing else. There is no gc()
// between batches: it would find nothing of ours alive, drop the hidden classes, and with them the compiled code.
import { ours } from "./workloads/flow.js"
import { bare } from "./workloads/bare.js"
import { calls } from "./workloads/calls.js"
import { lowerQuartile } from "./measure.js"

const [, , workload = "", ...whos] = process.argv

/** Processor time of each, in milliseconds: until the compiler has settled, and of a batch. */
const warmUp = 400
const batch = 12
const batches = 32

/** @returns {number} milliseconds */
const spent = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e3
}

/** @param {string} who @returns {Promise<import("./workloads/flow.js").Works>} */
async function worksOf(who) {
  const called = calls[who]
  if (called?.[workload] !== undefined) return called
  if (who === "troupe") return ours
  if (who === "bare") return bare
  return (await import(new URL(`peers/${who}.js`, import.meta.url).href)).works
}

/** @param {string} who */
async function prepared(who) {
  const make = (await worksOf(who))[workload]
  if (make === undefined) throw new Error(`${who} has no ${workload}`)
  const { per, run } = await make()
  const began = spent()
  let rounds = 0
  while (rounds === 0 || spent() < began + warmUp) {
    await run()
    rounds++
  }
  const times = Math.max(1, Math.ceil((batch * rounds) / (spent() - began)))
  /** @type {number[]} */
  const taken = []
  return {
    who,
    taken,
    async measure() {
      const started = spent()
      for (let i = 0; i < times; i++) await run()
      taken.push(((spent() - started) * 1e6) / (times * per))
    },
  }
}

const works = []
for (const who of whos) works.push(await prepared(who))
for (let i = 0; i < batches; i++) for (const work of works) await work.measure()
console.log(JSON.stringify(Object.fromEntries(works.map(({ who, taken }) => [who, lowerQuartile(taken)]))))
process.exit(0) // a peer may hold something open
