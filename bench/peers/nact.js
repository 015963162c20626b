import nact from "nact"
import { actors, each, hops, latency, messages, oneByOne, spawned, timeout } from "../workloads/actor-sizes.js"
import { tally } from "../workloads/tally.js"

const { dispatch, query, spawn, spawnStateless, start, stop } = nact
const system = start()
/** Nothing is spawned twice under one name. */
let made = 0

const handling = (receive) => spawnStateless(system, receive, `handler${made++}`)

function asking() {
  const ref = handling(({ n, from }) => dispatch(from, n + 1))
  return (n) => query(ref, (from) => ({ n, from }), timeout)
}

export const works = {
  tell: () => {
    const { sent, receive } = tally()
    const ref = handling(receive)
    return { per: messages, run: () => sent(messages, (n) => dispatch(ref, n)) }
  },
  "1000 actors × 100": () => {
    const { sent, receive } = tally()
    const refs = Array.from({ length: actors }, () => handling(receive))
    return { per: actors * each, run: () => sent(actors * each, (n) => dispatch(refs[n % actors], n)) }
  },
  "ask with a timeout": () => oneByOne(asking()),
  "latency of an ask, p50": () => latency(50, asking()),
  "latency of an ask, p99": () => latency(99, asking()),
  "chain of 100 hops": () => {
    let ref = handling(({ n, from }) => dispatch(from, n + 1))
    for (let i = 1; i < hops; i++) {
      const next = ref
      ref = handling(async ({ n, from }) =>
        dispatch(from, (await query(next, (own) => ({ n, from: own }), timeout)) + 1),
      )
    }
    return { per: hops, run: () => query(ref, (from) => ({ n: 0, from }), timeout) }
  },
  spawn: () => {
    let alive = []
    const count = (n, by) => n + by
    return {
      per: spawned,
      run() {
        alive = []
        for (let i = 0; i < spawned; i++) alive.push(spawn(system, count, `counter${made++}`, { initialState: 0 }))
      },
      after() {
        for (const ref of alive) stop(ref)
        return new Promise((resolve) => setImmediate(resolve))
      },
    }
  },
}
