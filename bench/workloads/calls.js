// Chunks of a stream, and what a context asks at once: of troupe, as the shortest hand-written JavaScript does the same, and
// of the streams of the web.
import { ActorSystem, actor } from "../../dist/actor/index.js"

const chunks = 2000
const app = new ActorSystem("bench")

function* countingAtOnce(/** @type {number} */ to) {
  for (let n = 0; n < to; n++) yield n
}

async function* counting(/** @type {number} */ to) {
  for (let n = 0; n < to; n++) yield n
}

/** @param {() => AsyncIterable<number>} open @returns {import("./flow.js").Work} */
const reading = (open) => ({
  per: chunks,
  async run() {
    let sum = 0
    for await (const chunk of open()) sum += chunk
    return sum
  },
})

const echo = actor((/** @type {number} */ n) => n)
const bareEcho = async (/** @type {number} */ n) => n
const rounds = 10

/** @param {number} size */
const numbers = (size) => Array.from({ length: size }, (_, i) => i)

/** @param {number} size @param {(context: import("../../dist/actor/index.js").ActorContext<number>) => Promise<unknown>} call */
function inActor(size, call) {
  const driver = app.spawn(
    actor(async (/** @type {number} */ times, context) => {
      for (let i = 0; i < times; i++) await call(context)
    }),
  )
  return { per: rounds * size, run: () => driver.ask(rounds) }
}

/** @param {number} size */
const together = (size) => () => {
  const messages = numbers(size)
  return {
    per: rounds * size,
    async run() {
      for (let i = 0; i < rounds; i++) await Promise.all(messages.map((n) => bareEcho(n)))
    },
  }
}

/** @type {Readonly<Record<string, import("./flow.js").Works>>} */
export const calls = {
  troupe: {
    "stream chunk": () => {
      const ref = app.spawn(actor(counting))
      return reading(() => ref.askStream(chunks))
    },
    "stream chunk in batches": () => {
      const ref = app.spawn(actor(countingAtOnce))
      return {
        per: chunks,
        async run() {
          let sum = 0
          for await (const batch of ref.askStream(chunks).batches()) for (const chunk of batch) sum += chunk
          return sum
        },
      }
    },
    "sequence of 50": () => {
      const messages = numbers(50)
      return inActor(50, (context) => context.sequence(messages.map((n) => /** @type {const} */ ([echo, n]))))
    },
    "traverse of 100": () => {
      const messages = numbers(100)
      return inActor(100, (context) => context.traverse(messages, echo))
    },
  },
  bare: {
    "stream chunk": () => reading(() => counting(chunks)),
    "stream chunk in batches": () => reading(() => counting(chunks)),
    "sequence of 50": together(50),
    "traverse of 100": together(100),
  },
  web: {
    "stream chunk": () =>
      reading(() => {
        let n = 0
        return new ReadableStream({
          pull(controller) {
            if (n < chunks) controller.enqueue(n++)
            else controller.close()
          },
        })
      }),
  },
}
