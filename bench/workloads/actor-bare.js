// The shortest hand-written JavaScript that does what an actor does: an array for a mailbox, drained per burst.
import { actors, allAtOnce, each, hops, messages, oneByOne, plusOne, plusOneLater, spawned } from "./actor-sizes.js"
import { tally } from "./tally.js"

const settled = Promise.resolve()

/** Takes messages and handles them in a later turn, one after the other. @template M */
class Mailbox {
  /** @type {M[]} */
  #messages = []
  #receive

  /** @param {(message: M) => void} receive */
  constructor(receive) {
    this.#receive = receive
  }

  /** @param {M} message */
  tell(message) {
    // Half the cost of queueMicrotask.
    if (this.#messages.push(message) === 1) void settled.then(() => this.#drain())
  }

  #drain() {
    const messages = this.#messages
    for (const message of messages) this.#receive(message)
    messages.length = 0
  }
}

/** @typedef {{ n: number, resolve: (answer: number) => void }} Question */

/** A promise round trip. @param {(n: number) => number} receive */
function asking(receive) {
  /** @type {Mailbox<Question>} */
  const mailbox = new Mailbox(({ n, resolve }) => resolve(receive(n)))
  return (/** @type {number} */ n) => new Promise((resolve) => mailbox.tell({ n, resolve }))
}

/** The same of a handler that gives a promise, for which the next message waits. */
class AsyncMailbox {
  /** @type {Question[]} */
  #questions = []
  #busy = false
  #receive

  /** @param {(n: number) => Promise<number>} receive */
  constructor(receive) {
    this.#receive = receive
  }

  /** @param {number} n @returns {Promise<number>} */
  ask(n) {
    return new Promise((resolve) => {
      this.#questions.push({ n, resolve })
      if (!this.#busy) void this.#work()
    })
  }

  async #work() {
    this.#busy = true
    await Promise.resolve()
    for (let next = this.#questions.shift(); next !== undefined; next = this.#questions.shift()) {
      next.resolve(await this.#receive(next.n))
    }
    this.#busy = false
  }
}

/** What an actor is made of, without a runtime. */
class Counter {
  n = 0
  /** @type {number[]} */
  messages = []
}

/** @type {import("./flow.js").Works} */
export const bareActors = {
  tell: () => {
    const { sent, receive } = tally()
    const mailbox = new Mailbox(receive)
    return { per: messages, run: () => sent(messages, (n) => mailbox.tell(n)) }
  },
  "1000 actors × 100": () => {
    const { sent, receive } = tally()
    const mailboxes = Array.from({ length: actors }, () => new Mailbox(receive))
    return { per: actors * each, run: () => sent(actors * each, (n) => mailboxes[n % actors]?.tell(n)) }
  },
  ask: () => oneByOne(asking(plusOne)),
  "ask with a timeout": () => oneByOne(asking(plusOne)),
  "ask, 1000 in flight": () => allAtOnce(asking(plusOne)),
  "ask with a timeout, 1000 in flight": () => allAtOnce(asking(plusOne)),
  "chain of 100 hops": () => {
    let mailbox = new AsyncMailbox(plusOneLater)
    for (let i = 1; i < hops; i++) {
      const next = mailbox
      mailbox = new AsyncMailbox(async (n) => (await next.ask(n)) + 1)
    }
    return { per: hops, run: () => mailbox.ask(0) }
  },
  spawn: () => {
    /** @type {Counter[]} */
    let alive = []
    return {
      per: spawned,
      run() {
        alive = []
        for (let i = 0; i < spawned; i++) alive.push(new Counter())
      },
    }
  },
  "ephemeral agent": () => oneByOne(plusOneLater),
  "ephemeral child": () => oneByOne(plusOneLater),
}
