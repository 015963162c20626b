// Actors that are tested wherever they may live. Plain JavaScript, for a worker thread loads it as it is.
import { Actor, actor, afterIdle, afterMessage, oneTime } from "troupe/actor"

/** @import { AnyActorRef, ActorRef } from "troupe/actor" */

/**
 * @typedef {{ do: "note", n: number } | { do: "notes" } | { do: "hooks" } | { do: "throw", what: string }
 *   | { do: "wait", entered: ActorRef<string>, gate: ActorRef<string, string> }
 *   | { do: "until aborted", entered: ActorRef<string> } | { do: "last words", to: ActorRef<string> }
 *   | { do: "schedule", ms: number, n: number } | { do: "whoami" } | { do: "watch", ref: AnyActorRef }
 *   | { do: "stop" } | { do: "tell", to: ActorRef<unknown>, what: unknown }
 *   | { do: "ask", to: ActorRef<unknown>, what: unknown }
 *   | { do: "stream", from: ActorRef<unknown> } | { do: "self" } | { do: "give back", what: unknown }
 *   | { do: "child", name: string } | { do: "child fails", what: string } | { do: "unsendable" }
 *   } Order
 */

class OddError extends Error {
  /** @override */
  name = "OddError"
  code = 42
}

/** @type {Readonly<Record<string, () => unknown>>} */
const thrown = {
  range: () => new RangeError("out of range", { cause: new Error("the cause", { cause: "deeper" }) }),
  odd: () => Object.assign(new OddError("odd"), { extra: { n: [1, 2] } }),
  text: () => "a text",
  data: () => ({ why: "data" }),
  unsendable: () => Object.assign(new Error("with a function"), { f: () => {} }),
}

/** A child that fails as it is told. @extends {Actor<string, string>} */
class Kid extends Actor {
  /** @override @param {string} what */
  onReceive(what) {
    if (what in thrown) throw thrown[what]?.()
    return `${this.context.path} got ${what}`
  }
}

/** Does as it is told, and remembers. @extends {Actor<Order, unknown>} */
export class Ledger extends Actor {
  /** @type {number[]} */
  #notes = []
  /** @type {string[]} */
  #hooks = []
  /** @type {ActorRef<string> | undefined} */
  #lastWords

  /** @override */
  onStarted() {
    this.#hooks.push("started")
  }

  /** @override @param {unknown} error */
  onRestart(error) {
    this.#hooks.push(`restarted: ${String(error)}`)
  }

  /** @override */
  onStopped() {
    void this.#lastWords?.tell(`stopped with ${this.#notes.join()}`)
  }

  /** @override @param {AnyActorRef} ref */
  onTerminated(ref) {
    this.#hooks.push(`ended: ${ref.path}`)
  }

  /** @override @param {Order} order @returns {unknown} */
  onReceive(order) {
    const { context } = this
    switch (order.do) {
      case "note":
        this.#notes.push(order.n)
        return this.#notes.length
      case "notes":
        return this.#notes
      case "hooks":
        return this.#hooks
      case "throw":
        throw thrown[order.what]?.()
      case "wait":
        void order.entered.tell("entered")
        return order.gate.ask("open?")
      case "until aborted":
        void order.entered.tell("entered")
        return new Promise((_, reject) => {
          context.signal.addEventListener("abort", () => {
            void order.entered.tell(`aborted: ${context.signal.reason}`)
            reject(context.signal.reason)
          })
        })
      case "last words":
        this.#lastWords = order.to
        return "noted"
      case "schedule":
        context.schedule(order.ms, { do: "note", n: order.n })
        return "scheduled"
      case "whoami":
        return [context.path, context.name, context.self.path]
      case "watch":
        context.watch(order.ref)
        return "watching"
      case "stop":
        context.stopSelf()
        return "bye"
      case "tell":
        void context.tell(order.to, order.what)
        return "told"
      case "ask":
        return context.ask(order.to, order.what)
      case "stream":
        return this.#read(order.from)
      case "self":
        return context.self
      case "give back":
        return order.what
      case "child":
        return context.spawn(Kid, order.name)
      case "child fails":
        return context.ask(Kid, order.what)
      case "unsendable":
        return { deep: [() => {}] }
    }
  }

  /** @param {ActorRef<unknown>} from */
  async #read(from) {
    const read = []
    for await (const step of this.context.stream(from, 3)) read.push(step)
    return read
  }
}

/** Counts on request, and says when it is left. */
export const Counter = actor(
  /** @param {{ to: number, left?: ActorRef<string>, throwAt?: number, slowly?: boolean }} message */
  async function* ({ to, left, throwAt, slowly }) {
    let n = 0
    try {
      while (n < to) {
        if (n === throwAt) throw new RangeError(`no ${n}`)
        if (slowly) await Promise.resolve()
        yield n++
      }
      return `counted to ${to}`
    } finally {
      void left?.tell(`left at ${n}`)
    }
  },
)

/** @extends {Actor<string, string>} */
class Echo extends Actor {
  /** @override @param {string} message */
  onReceive(message) {
    if (message === "fail") throw new Error("failed as told")
    return message
  }
}

export class Once extends Echo {
  /** @override */
  stopPolicy() {
    return oneTime
  }
}

export class UntilBye extends Echo {
  /** @override */
  stopPolicy() {
    return afterMessage({ say: "bye" })
  }
}

export class Sleepy extends Echo {
  /** @override */
  stopPolicy() {
    return afterIdle(1_000)
  }
}

/** Cannot be made. */
export class Stillborn extends Echo {
  constructor() {
    super()
    throw new TypeError("stillborn")
  }
}

/** Fails in a hook. */
export class Reluctant extends Echo {
  /** @override */
  async onStarted() {
    throw new TypeError("not today")
  }
}
