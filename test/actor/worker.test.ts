import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { ActorFailed, type ActorRef, ActorSystem, actor, oneForOne, systemClock, workers } from "troupe/actor"
import { probe } from "troupe/testing"

const module = new URL("./worker-modules.js", import.meta.url)
const caught = (error: unknown): unknown => error

describe("a worker thread that dies", () => {
  it.each([
    ["exit", "the worker thread has ended: it exited with code 7"],
    ["throw later", "the worker thread has ended: it failed: thrown later"],
    ["eat", /^the worker thread has ended: it failed: .*memory limit/],
  ])("fails what is asked of it as Unavailable, and another takes its place: %s", async (way, message) => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 32 } })
    const ref = app.spawn(pool.actor<string, readonly string[]>(module, "Mortal"), "mortal")
    await ref.ask("one")
    const queued = ref.tell("queued")
    const asked = ref.ask(way).catch(caught)
    const after = ref.ask("two")
    expect(await asked).toMatchObject({
      fault: { _tag: "Unavailable", message: expect.stringMatching(message), retry: "yes" },
    })
    expect([queued, (await after).at(-1)]).toEqual([undefined, "two"])
    expect(await after).toMatchObject([expect.stringMatching(/^restarted: FaultError: the worker thread/), "two"])
    expect(pool.stats()).toEqual({ threads: 1, actors: 1 })
  })

  it("takes the idle actors along: their supervisors restart them too", async () => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 1 })
    const [a, b] = ["a", "b"].map((name) => app.spawn(pool.actor<string, readonly string[]>(module, "Mortal"), name))
    await Promise.all([a?.ask("x"), b?.ask("x")])
    const failed: string[] = []
    app.bus.subscribe(ActorFailed, ({ path, directive }) => void failed.push(`${path} ${directive}`))
    await a?.ask("exit").catch(caught)
    expect(await b?.ask("y")).toHaveLength(2)
    expect(failed.sort()).toEqual(["/app/a restart", "/app/b restart"])
  })

  it("cannot keep the state of an actor that is resumed: it begins anew", async () => {
    await using app = new ActorSystem("app", { supervisor: oneForOne({ decide: () => "resume" }) })
    const ref = app.spawn(workers({ size: 1 }).actor<string, readonly string[]>(module, "Mortal"), "mortal")
    await ref.ask("one")
    await ref.ask("exit").catch(caught)
    expect(await ref.ask("two")).toEqual([expect.stringContaining("restarted:"), "two"])
  })

  it("fails a stream, also one that nobody reads at the moment", async () => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 1 })
    const endless = app.spawn(pool.actor<void, void, number>(module, "Endless"), "endless")
    const mortal = app.spawn(pool.actor<string, readonly string[]>(module, "Mortal"), "mortal")
    const stream = endless.askStream(undefined, { readAhead: 0 })
    expect(await stream.next()).toEqual({ done: false, value: 0 })
    await mortal.ask("exit").catch(caught)
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    const again = endless.askStream(undefined, { readAhead: 0 })
    expect(await again.next()).toEqual({ done: false, value: 0 })
  })

  it("again and again ends the actor, by the limit of its supervisor", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(workers({ size: 1 }).actor<string, unknown>(module, "Mortal"), "mortal")
    for (let n = 0; n < 4; n++) await ref.ask("exit").catch(caught)
    expect(await ref.ask("one").catch(caught)).toMatchObject({ fault: { message: "/app/mortal has ended" } })
  })
})

describe("what cannot cross", () => {
  it("in a message is refused with its place: to the asker, or as a dead letter; the actor does not fail", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(workers({ size: 1 }).actor<unknown, readonly string[]>(module, "Mortal"), "mortal")
    await ref.ask("one")
    const message = { list: [1, { "a b": () => {} }] }
    expect(await ref.ask(message).catch(caught)).toMatchObject({
      fault: { _tag: "InvalidInput", issues: [{ at: '.list[1]["a b"]', message: "is a function" }] },
    })
    const letters: unknown[] = []
    app.deadLetters.subscribe((letter) => letters.push(letter))
    ref.tell(message)
    await app.whenQuiescent()
    expect(letters).toEqual([{ to: "/app/mortal", message, reason: "refused" }])
    expect(await ref.ask("two")).toEqual(["one", "two"])
  })

  it("is also memory that was given away", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(workers({ size: 1 }).actor<unknown, readonly string[]>(module, "Mortal"), "mortal")
    await ref.ask("one")
    const bytes = new Uint8Array(8)
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    for (const message of [{ bytes }, { bytes: bytes.buffer }]) {
      expect(await ref.ask(message).catch(caught)).toMatchObject({
        fault: { _tag: "InvalidInput", issues: [{ at: ".bytes", message: "is memory that was transferred away" }] },
      })
      ref.tell(message)
    }
    await app.whenQuiescent()
    expect(app.stats().deadLetters).toBe(2)
    expect(await ref.ask("two")).toEqual(["one", "two"])
  })

  it("though it seemed to fails the sender alone, and nothing waits for it", async () => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 1 })
    const ref = app.spawn(pool.actor<unknown, readonly string[]>(module, "Mortal"), "mortal")
    const begetter = app.spawn(pool.actor<string, ActorRef<unknown>>(module, "Begetter"), "begetter")
    const child = await begetter.ask("child")
    await ref.ask("one")
    /** Another thing each time that one looks. */
    const shifty = (): object => {
      let looks = 0
      return Object.defineProperty({}, "f", { enumerable: true, get: () => (looks++ === 0 ? 1 : () => {}) })
    }
    expect(await ref.ask(shifty()).catch(caught)).toMatchObject({ name: "DataCloneError" })
    expect(await child.ask(shifty()).catch(caught)).toMatchObject({ name: "DataCloneError" })
    expect(() => child.tell(shifty())).toThrow("could not be cloned")
    await app.whenQuiescent()
    expect([await ref.ask("two"), app.stats().asks]).toEqual([["one", "two"], 0])
  })

  it("in an answer or a chunk fails the actor", async () => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 1 })
    const ref = app.spawn(pool.actor<number, unknown>(module, "Unsendable"), "unsendable")
    expect(await ref.ask(1).catch(caught)).toMatchObject({
      fault: { _tag: "InvalidOutput", issues: [{ at: ".deep[1].f", message: "is a function" }] },
    })
    const stream = app.spawn(pool.actor<number>(module, "Spoiling"), "spoiling").askStream(1)
    expect(await stream.next()).toEqual({ done: false, value: "good" })
    await expect(stream.next()).rejects.toMatchObject({ fault: { _tag: "InvalidOutput" } })
  })

  it.each([
    ["Nothing", /has no actor "Nothing": expected a class of actors.*Busy/],
    ["NoActor", /has no actor "NoActor"/],
    ["NoActorEither", /makes no actor/],
  ])("is refused as an actor: %s", async (name, words) => {
    await using app = new ActorSystem("app", { supervisor: oneForOne({ decide: () => "stop" }) })
    const errors: unknown[] = []
    app.bus.subscribe(ActorFailed, ({ error }) => void errors.push(error))
    await app
      .spawn(workers({ size: 1 }).actor<string, string>(module, name))
      .ask("x")
      .catch(caught)
    await app.whenQuiescent()
    expect(errors).toMatchObject([{ name: "TypeError", message: expect.stringMatching(words) }])
  })
})

describe("a pool of workers", () => {
  it("keeps the main loop free while an actor holds its thread", async () => {
    await using app = new ActorSystem("app")
    const busy = app.spawn(workers({ size: 1 }).actor<number, string>(module, "Busy"), "busy")
    await busy.ask(1)
    const lateness = async (): Promise<number> => {
      let over = false
      const done = busy.ask(200).then(() => (over = true))
      let most = 0
      while (!over) {
        const began = systemClock.elapsed()
        await new Promise<void>((resolve) => systemClock.after(5, resolve))
        most = Math.max(most, systemClock.elapsed() - began - 5)
      }
      await done
      return most
    }
    // A machine with other work may delay any timer: the best of a few rounds is what the actor itself costs.
    let best = Number.POSITIVE_INFINITY
    for (let round = 0; round < 8 && best > 10; round++) best = Math.min(best, await lateness())
    expect(best).toBeLessThanOrEqual(10)
  })

  it("spreads its actors over its threads, and starts none before", async () => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 2 })
    expect(pool.stats()).toEqual({ threads: 0, actors: 0 })
    const refs = [1, 2, 3].map((n) => app.spawn(pool.actor<number, number>(module, "Fibonacci"), `fib${n}`))
    expect(await Promise.all(refs.map((ref) => ref.ask(15)))).toEqual([610, 610, 610])
    expect(pool.stats()).toEqual({ threads: 2, actors: 3 })
    await refs[0]?.stop()
    expect(pool.stats()).toEqual({ threads: 2, actors: 2 })
  })

  it("forgets the actors that have ended", async () => {
    await using app = new ActorSystem("app")
    const pool = workers({ size: 2 })
    const once = pool.actor<number, number>(module, "Fibonacci")
    const asks = app.spawn(actor((n: number, context) => context.ask(once, n)))
    for (let n = 0; n < 100; n++) expect(await asks.ask(10)).toBe(55)
    await app.whenQuiescent()
    expect([pool.stats().actors, app.stats()]).toEqual([
      0,
      { actors: 1, timers: 0, asks: 0, abandoned: 0, deadLetters: 0 },
    ])
  })

  it("ends a handler that hangs, after the timeout of the shutdown", async () => {
    const app = new ActorSystem("app")
    const pool = workers({ size: 1 })
    const entered = probe<string>()
    const hanging = app.spawn(pool.actor<ActorRef<string>>(module, "Hanging"), "hanging")
    const asked = hanging.ask(app.spawn(entered.actor)).catch(caught)
    await entered.next()
    await app.shutdown({ timeout: 50 })
    expect(await asked).toMatchObject({ fault: { _tag: "Unavailable" } })
    expect(pool.stats()).toEqual({ threads: 0, actors: 0 })
    expect(app.stats()).toMatchObject({ actors: 0, abandoned: 0 })
  })

  it("of two systems ends with the second; what hangs in the first takes its thread along", async () => {
    const [one, two] = [new ActorSystem("one"), new ActorSystem("two")]
    const pool = workers({ size: 1 })
    const ref = two.spawn(pool.actor<string, readonly string[]>(module, "Mortal"), "mortal")
    await one.spawn(pool.actor<number, number>(module, "Fibonacci")).ask(5)
    await ref.ask("a")
    await one.shutdown()
    expect([await ref.ask("b"), pool.stats().threads]).toEqual([["a", "b"], 1])
    const three = new ActorSystem("three")
    const entered = probe<string>()
    const hanging = three.spawn(pool.actor<ActorRef<string>>(module, "Hanging"), "hanging")
    void hanging.ask(three.spawn(entered.actor)).catch(caught)
    await entered.next()
    await three.shutdown({ timeout: 50 })
    expect(await ref.ask("c")).toEqual([expect.stringContaining("did not end in time"), "c"])
    await two.shutdown()
    expect(pool.stats()).toEqual({ threads: 0, actors: 0 })
  })

  it("that is closed stops its actors, and takes no more", async () => {
    await using app = new ActorSystem("app", { supervisor: oneForOne({ decide: () => "stop" }) })
    const pool = workers({ size: 1 })
    const ref = app.spawn(pool.actor<number, number>(module, "Fibonacci"), "fib")
    await ref.ask(5)
    await pool.close()
    expect([app.get("/app/fib"), pool.stats()]).toEqual([undefined, { threads: 0, actors: 0 }])
    expect(await app.spawn(pool.actor<number, number>(module, "Fibonacci")).ask(5).catch(caught)).toMatchObject({
      fault: { _tag: "Unavailable" },
    })
  })

  it.each([0, -1, 1.5, Number.NaN])("has a whole number of threads: not %s", (size) => {
    expect(() => workers({ size })).toThrow(RangeError)
  })

  it.each([
    ["without a shutdown", "leave", "6765\n"],
    ["after a shutdown", "shutdown", "6765\n0\n"],
  ])("lets the process end, %s; node:worker_threads is not loaded before", (_, how, output) => {
    const program = fileURLToPath(new URL("./worker-program.js", import.meta.url))
    expect(execFileSync(process.execPath, [program, how], { encoding: "utf8" })).toBe(output)
  })
})
