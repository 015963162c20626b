import {
  AgentSystem,
  agent,
  continueWith,
  defineAgent,
  done,
  lift,
  loop,
  pure,
  race,
  retryable,
  zipAll,
} from "../../dist/index.js"
import { addOne } from "./bare.js"

/**
 * A workload: `run` does it once, which is `per` parts of the same kind; `after` tidies up, and is not counted. Or it
 * measures itself and gives its `figure`. Or it cannot be run, and says why.
 *
 * @typedef {{ per: number, run: () => unknown, after?: () => unknown }} Work
 * @typedef {{ figure: () => Promise<number> }} Figure
 * @typedef {{ leftOut: string }} LeftOut
 * @typedef {Work | Figure | LeftOut} Made
 * @typedef {Readonly<Record<string, () => Made | Promise<Made>>>} Works
 */

const system = new AgentSystem()
const one = agent(defineAgent({ name: "one" }, addOne))
const up = lift((/** @type {number} */ n) => n + 1)

/**
 * @template A
 * @param {import("../../dist/index.js").Flow<A, A>} step
 * @param {number} length
 */
function chainOf(step, length) {
  let flow = step
  for (let i = 1; i < length; i++) flow = flow.andThen(step)
  return flow
}

/** Joined from the right, as recursion would. */
function rightOf(/** @type {typeof up} */ step, /** @type {number} */ length) {
  let flow = step
  for (let i = 1; i < length; i++) flow = step.andThen(flow)
  return flow
}

/** @param {import("../../dist/index.js").Flow<number, unknown>} flow @param {number} per @returns {Work} */
const running = (flow, per) => ({ per, run: () => system.run(flow, 0) })

/** Asks with a deadline each, in a run that tells of each. @param {number} length @returns {Work} */
function nodes(length) {
  const flow = chainOf(one.timeout(60_000), length)
  return { per: length, run: () => system.start(flow, 0).result }
}

/** @type {Works} */
export const ours = {
  "agent node": () => nodes(1000),
  "agent node of 20": () => nodes(20),
  "chain of agents": () => running(chainOf(one, 10), 10),
  "chain of 1000 agents": () => running(chainOf(one, 1000), 1000),
  zip: () => running(zipAll(Array.from({ length: 10 }, () => one)), 1),
  race: () => running(race(Array.from({ length: 10 }, () => one)), 1),
  ...Object.fromEntries(
    [50, 100, 1000, 10_000].map((size) => [
      `fan-out ${size}`,
      () => running(zipAll(Array.from({ length: size }, () => one)), size),
    ]),
  ),
  map: () => running(chainOf(up, 1000), 1000),
  flatMap: () => {
    /** @type {import("../../dist/index.js").Flow<number, number>} */
    let flow = pure(0)
    for (let i = 0; i < 1000; i++) flow = flow.flatMap((n) => pure(n + 1))
    return running(flow, 1000)
  },
  loop: () =>
    running(
      loop(
        lift((/** @type {number} */ n) => (n < 1000 ? continueWith(n + 1) : done(n))),
        { max: 2000 },
      ),
      1000,
    ),
  "depth 100000 left": () => running(chainOf(up, 100_000), 100_000),
  "depth 100000 right": () => running(rightOf(up, 100_000), 100_000),
  retry: () => running(chainOf(one.retry({ times: 3, base: 0 }), 1000), 1000),
  "retry twice": () => {
    let calls = 0
    const busy = retryable(new Error("busy"))
    const falters = defineAgent({ name: "falters" }, async (/** @type {number} */ n) => {
      if (++calls % 3 !== 0) throw busy
      return n + 1
    })
    return running(chainOf(agent(falters).retry({ times: 3, base: 0, jitter: false }), 1000), 1000)
  },
}
