// A fiber that takes from a queue is what comes nearest to an actor.
import { Deferred, Effect, Queue } from "effect"
import { actors, each, hops, messages, plusOne } from "../workloads/actor-sizes.js"
import { tally } from "../workloads/tally.js"

const ask = (queue, n) =>
  Effect.suspend(() => {
    const answered = Deferred.makeUnsafe()
    Queue.offerUnsafe(queue, { n, answered })
    return Deferred.await(answered)
  })

const one = (n) => Effect.sync(() => plusOne(n))
const oneLater = (n) => Effect.promise(async () => plusOne(n))

/** @param options those of the loop of each fiber: whether it lets others have their turn after each message */
export function actorWorks(options) {
  /** A fiber that handles what is put into the queue, one after the other. */
  function consuming(handle) {
    const queue = Effect.runSync(Queue.unbounded())
    Effect.runFork(Effect.forever(Effect.flatMap(Queue.take(queue), handle), options))
    return queue
  }

  const telling = (receive) => consuming((n) => Effect.sync(() => receive(n)))

  /** Its questions are answered one after the other. */
  const answering = (answer) =>
    consuming(({ n, answered }) => Effect.flatMap(answer(n), (value) => Deferred.succeed(answered, value)))

  return {
    tell: () => {
      const { sent, receive } = tally()
      const queue = telling(receive)
      return { per: messages, run: () => sent(messages, (n) => Queue.offerUnsafe(queue, n)) }
    },
    "1000 actors × 100": () => {
      const { sent, receive } = tally()
      const queues = Array.from({ length: actors }, () => telling(receive))
      return {
        per: actors * each,
        run: () => sent(actors * each, (n) => Queue.offerUnsafe(queues[n % actors], n)),
      }
    },
    ask: () => {
      const queue = answering(one)
      // Within one fiber, so that no fiber is made for an ask.
      const all = Effect.gen(function* () {
        for (let n = 0; n < messages; n++) yield* ask(queue, n)
      })
      return { per: messages, run: () => Effect.runPromise(all) }
    },
    "ask, 1000 in flight": () => {
      const queue = answering(one)
      const numbers = Array.from({ length: messages }, (_, n) => n)
      const all = Effect.forEach(numbers, (n) => ask(queue, n), { concurrency: "unbounded" })
      return { per: messages, run: () => Effect.runPromise(all) }
    },
    "chain of 100 hops": () => {
      let queue = answering(oneLater)
      for (let i = 1; i < hops; i++) {
        const next = queue
        queue = answering((n) => Effect.map(ask(next, n), plusOne))
      }
      return { per: hops, run: () => Effect.runPromise(ask(queue, 0)) }
    },
  }
}
