// Measures one workload in this process: `node --single-threaded-gc one.js WORKLOAD WHO…` prints a line of JSON with the
// nanoseconds of each, the batches of whom take turns, so that a slow moment of the machine hits all alike.
//
// What is counted is processor time, not time on the wall: none of the workloads waits, and others may use the machine. With
// the garbage collector in the same thread, the two are the same on a machine that does nothing else. There is no gc()
// between batches: it would find nothing of ours alive, drop the hidden classes, and with them the compiled code.
//
// A workload that measures itself (the latency of an ask, on the wall; the bytes of an actor) gives its figure several
// times, in turns as well.
import { ours } from "./workloads/flow.js"
import { bare } from "./workloads/bare.js"
import { calls } from "./workloads/calls.js"
import { ourActors, plainActors } from "./workloads/actor.js"
import { bareActors } from "./workloads/actor-bare.js"
import { lowerQuartile } from "./measure.js"

const [, , workload = "", ...whos] = process.argv

/** Processor time of each, in milliseconds: until the compiler has settled, and of a batch. */
const warmUp = 400
const batch = 12
const batches = 32
/** Of a workload that measures itself. */
const figures = 12

/** @returns {number} milliseconds */
const spent = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e3
}

/** @type {Readonly<Record<string, readonly import("./workloads/flow.js").Works[]>>} */
const here = { troupe: [ours, ourActors], bare: [bare, bareActors], plain: [plainActors] }

/** @param {string} who @returns {Promise<import("./workloads/flow.js").Made>} */
async function made(who) {
  const known = [...(here[who] ?? []), calls[who] ?? {}]
  if (here[who] === undefined && calls[who] === undefined) {
    known.push((await import(new URL(`peers/${who}.js`, import.meta.url).href)).works)
  }
  const make = known.find((works) => works[workload] !== undefined)?.[workload]
  if (make === undefined) throw new Error(`${who} has no ${workload}`)
  return make()
}

/** @param {string} who @param {import("./workloads/flow.js").Figure} made */
async function measuringItself(who, { figure }) {
  for (let i = 0; i < 4; i++) await figure()
  /** @type {number[]} */
  const taken = []
  return {
    who,
    taken,
    times: figures,
    async measure() {
      taken.push(await figure())
    },
  }
}

/** @param {string} who @param {import("./workloads/flow.js").Work} made */
async function measured(who, { per, run, after }) {
  /** Milliseconds of so many runs. @param {number} times */
  async function took(times) {
    if (after === undefined) {
      const started = spent()
      for (let i = 0; i < times; i++) await run()
      return spent() - started
    }
    let sum = 0
    for (let i = 0; i < times; i++) {
      const started = spent()
      await run()
      sum += spent() - started
      await after()
    }
    return sum
  }
  let sum = 0
  let rounds = 0
  for (; rounds === 0 || sum < warmUp; rounds++) sum += await took(1)
  const times = Math.max(1, Math.ceil((batch * rounds) / sum))
  /** @type {number[]} */
  const taken = []
  return {
    who,
    taken,
    times: batches,
    async measure() {
      taken.push(((await took(times)) * 1e6) / (times * per))
    },
  }
}

const works = []
let leftOut
for (const who of whos) {
  const work = await made(who)
  if ("leftOut" in work) leftOut = work
  else works.push(await ("figure" in work ? measuringItself(who, work) : measured(who, work)))
}
const times = leftOut === undefined ? Math.max(...works.map((work) => work.times)) : 0
for (let i = 0; i < times; i++) for (const work of works) await work.measure()
console.log(JSON.stringify(leftOut ?? Object.fromEntries(works.map(({ who, taken }) => [who, lowerQuartile(taken)]))))
process.exit(0) // a peer may hold something open
