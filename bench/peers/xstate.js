import { createActor, fromPromise, fromTransition, toPromise } from "xstate"
import { actors, each, messages, oneByOne, plusOne, plusOneLater, spawned } from "../workloads/actor-sizes.js"
import { tally } from "../workloads/tally.js"

/** An actor that handles events and keeps no state of them. */
const handling = (receive) =>
  createActor(
    fromTransition((state, event) => {
      receive(event)
      return state
    }, 0),
  ).start()

const count = fromTransition((n, { by }) => n + by, 0)

export const works = {
  tell: () => {
    const { sent, receive } = tally()
    const ref = handling(({ n }) => receive(n))
    return { per: messages, run: () => sent(messages, (n) => ref.send({ type: "told", n })) }
  },
  "1000 actors × 100": () => {
    const { sent, receive } = tally()
    const refs = Array.from({ length: actors }, () => handling(({ n }) => receive(n)))
    return { per: actors * each, run: () => sent(actors * each, (n) => refs[n % actors].send({ type: "told", n })) }
  },
  // It has no ask: the event carries whom to tell.
  ask: () => {
    const ref = handling(({ n, resolve }) => resolve(plusOne(n)))
    return oneByOne((n) => new Promise((resolve) => ref.send({ type: "asked", n, resolve })))
  },
  spawn: () => {
    let alive = []
    return {
      per: spawned,
      run() {
        alive = []
        for (let i = 0; i < spawned; i++) alive.push(createActor(count).start())
      },
      after() {
        for (const ref of alive) ref.stop()
      },
    }
  },
  // It ends by itself when its promise does.
  "ephemeral agent": () => {
    const agent = fromPromise(({ input }) => plusOneLater(input))
    return oneByOne((n) => toPromise(createActor(agent, { input: n }).start()))
  },
}
