import { describe, expect, it } from "vitest"
import {
  Actor,
  ActorFailed,
  ActorSystem,
  actor,
  afterMessage,
  type AnyActorRef,
  Cancel,
  type Middleware,
  oneForOne,
  VirtualActors,
  workers,
} from "troupe/actor"

/** Writes down when each part of it begins and ends. */
const noted = (name: string, log: string[]): Middleware => ({
  async onStarted(context, next) {
    log.push(`${name} start ${context.name}`)
    await next(context)
    log.push(`${name} started`)
  },
  async onStopped(context, next) {
    log.push(`${name} stop`)
    await next(context)
    log.push(`${name} stopped`)
  },
  async onRestart(context, error, next) {
    log.push(`${name} restart`)
    await next(context, error)
    log.push(`${name} restarted`)
  },
  async onReceive(context, message, next) {
    log.push(`${name} in`)
    try {
      return await next(context, message)
    } finally {
      log.push(`${name} out`)
    }
  },
})

class Plain extends Actor<string, string> {
  readonly #log: string[]
  constructor(log: string[]) {
    super()
    this.#log = log
  }
  override onStarted() {
    this.#log.push("started")
  }
  override onStopped() {
    this.#log.push("stopped")
  }
  override onRestart() {
    this.#log.push("restarted")
  }
  override onReceive(text: string) {
    this.#log.push(text)
    if (text === "crash") throw new Error("crash")
    return text
  }
}

const around = (name: string, inner: readonly string[], [begin, end]: readonly [string, string]) => [
  `${name} ${begin}`,
  ...inner,
  `${name} ${end}`,
]

/** What three layers say around something. */
const layers = (inner: string, begin: string, end: string) =>
  ["inner", "outer", "system"].reduce<readonly string[]>((said, name) => around(name, said, [begin, end]), [inner])

describe("middleware", () => {
  it("is around messages and hooks, that of the system outermost, then in the order given", async () => {
    const log: string[] = []
    const app = new ActorSystem("app", { middleware: [noted("system", log)] })
    const ref = app.spawn(() => new Plain(log), "a", { middleware: [noted("outer", log), noted("inner", log)] })
    const said = () => log.splice(0)
    expect(await ref.ask("x")).toBe("x")
    expect(said()).toEqual([...layers("started", "start a", "started"), ...layers("x", "in", "out")])
    await expect(ref.ask("crash")).rejects.toThrow("crash")
    await app.whenQuiescent()
    expect(said()).toEqual([
      ...layers("crash", "in", "out"),
      ...layers("stopped", "stop", "stopped"),
      ...layers("restarted", "restart", "restarted"),
      ...layers("started", "start a", "started"),
    ])
    await ref.stop()
    expect(said()).toEqual(layers("stopped", "stop", "stopped"))
    app.spawn(() => new Plain(log), "b")
    await app.whenQuiescent()
    expect(said()).toEqual(["system start b", "started", "system started"])
    await app.shutdown()
  })

  it("rewrites a message and its answer, and answers without the actor", async () => {
    await using app = new ActorSystem("app")
    const seen: number[] = []
    const twice: Middleware = {
      onReceive: (context, message, next) => next(context, typeof message === "number" ? message * 2 : message),
    }
    const cached: Middleware = {
      onReceive(context, message, next) {
        if (message === 0) return "from the cache"
        return `${String(next(context, message))}!`
      },
    }
    const source = actor((n: number) => {
      seen.push(n)
      return `${n}`
    })
    const ref = app.spawn(source, undefined, { middleware: [cached, twice] })
    expect([await ref.ask(0), await ref.ask(21)]).toEqual(["from the cache", "42!"])
    void ref.tell(4)
    await app.whenQuiescent()
    expect(seen).toEqual([42, 8])
  })

  it("may leave a hook out, and leaves alone what it has no part for", async () => {
    await using app = new ActorSystem("app")
    const log: string[] = []
    const deaf: Middleware = { onStarted: () => {}, onRestart: () => {}, onStopped: () => {} }
    const ref = app.spawn(() => new Plain(log), undefined, { middleware: [{}, deaf, {}] })
    await expect(ref.ask("crash")).rejects.toThrow("crash")
    expect(await ref.ask("x")).toBe("x")
    await ref.stop()
    expect(log).toEqual(["crash", "x"])
    const bare = app.spawn(() => new Plain(log), undefined, { middleware: [] })
    expect(await bare.ask("y")).toBe("y")
  })

  it("that throws fails the actor, at that hook", async () => {
    for (const hook of ["onStarted", "onRestart", "onStopped", "onReceive"] as const) {
      for (const late of [false, true]) {
        const log: string[] = []
        let armed = true
        const thrower: Middleware = {
          [hook]: () => {
            if (!armed) return undefined
            armed = false
            if (late) return Promise.reject(new Error(hook))
            throw new Error(hook)
          },
        }
        const app = new ActorSystem("app", { supervisor: oneForOne({ maxRestarts: 5 }) })
        const failures: string[] = []
        app.bus.subscribe(ActorFailed, ({ error, directive }) => {
          failures.push(`${error instanceof Error ? error.message : ""}: ${directive}`)
        })
        const ref = app.spawn(() => new Plain(log), "a", { middleware: [thrower] })
        if (hook !== "onStarted") await expect(ref.ask("crash")).rejects.toThrow()
        await app.whenQuiescent()
        expect(failures).toEqual(
          {
            onStarted: ["onStarted: restart"],
            onRestart: ["crash: restart", "onRestart: restart"],
            onStopped: ["crash: restart", "onStopped: stop"],
            onReceive: ["onReceive: restart"],
          }[hook],
        )
        expect(app.stats()).toMatchObject({ actors: 1, asks: 0 })
        await app.shutdown()
      }
    }
  })

  it("lets the stop policy see the message as it was sent", async () => {
    await using app = new ActorSystem("app")
    class Till extends Actor<string, string> {
      override onReceive = (text: string) => text
      override stopPolicy = () => afterMessage("bye")
    }
    const polite: Middleware = { onReceive: (context, message, next) => next(context, `please ${String(message)}`) }
    const ref = app.spawn(Till, undefined, { middleware: [polite] })
    expect(await ref.ask("bye")).toBe("please bye")
    await app.whenQuiescent()
    expect(app.stats().actors).toBe(0)
  })

  it("leaves alone how its actor supervises, and what it hears of the end of others", async () => {
    await using app = new ActorSystem("app")
    const log: string[] = []
    class Parent extends Actor<string> {
      override onStarted() {
        const child = this.context.spawn(() => new Plain(log), "child")
        this.context.watch(child)
      }
      override onReceive(_message: string) {}
      override onTerminated({ path }: AnyActorRef) {
        log.push(`${path} ended`)
      }
      override supervisorStrategy() {
        return oneForOne({ decide: () => "resume" })
      }
    }
    app.spawn(Parent, "parent", { middleware: [noted("outer", [])] })
    await app.whenQuiescent()
    await expect(app.ask("/app/parent/child", "crash")).rejects.toThrow("crash")
    await app.get("/app/parent/child")?.stop()
    await app.whenQuiescent()
    expect(log).toEqual(["started", "crash", "stopped", "/app/parent/child ended"])
  })

  it("of the system is around children, virtual actors, actors of one question, and ephemeral ones", async () => {
    const paths: string[] = []
    const spy: Middleware = {
      onReceive(context, message, next) {
        paths.push(context.path)
        return next(context, message)
      },
    }
    await using app = new ActorSystem("app", { middleware: [spy] })
    const echo = actor((n: number) => n)
    const parent = actor(async (n: number, context) => {
      const child = context.spawn(echo, "child")
      return (await context.ask(child, n)) + (await context.ask(echo, n))
    })
    expect(await app.spawn(parent, "parent").ask(1)).toBe(2)
    expect(app.runEphemeral("/app/e", (n: number) => n + 1, 1, new Cancel())).toBe(2)
    class Echo extends Actor<number, number> {
      override onReceive = (n: number) => n
    }
    expect(await new VirtualActors(app).ask(Echo, "one", 7)).toBe(7)
    expect(paths.slice(0, -1)).toEqual(["/app/parent", "/app/parent/child", "/app/parent/$1", "/app/e"])
    expect(paths.at(-1)).toMatch(/one$/)
  })

  it("is around an actor on a worker thread, on this side of it: its messages, its hooks, its restart", async () => {
    const log: string[] = []
    const rewriting: Middleware = {
      onReceive: (context, message, next) => next(context, message === "x" ? "rewritten" : message),
    }
    await using app = new ActorSystem("app", { middleware: [noted("system", log)] })
    const pool = workers({ size: 1 })
    const module = new URL("./worker-modules.js", import.meta.url)
    const ref = app.spawn(pool.actor<string, readonly string[]>(module, "Mortal"), "mortal", {
      middleware: [rewriting],
    })
    expect(await ref.ask("x")).toEqual(["rewritten"])
    await expect(ref.ask("exit")).rejects.toMatchObject({ fault: { _tag: "Unavailable" } })
    expect((await ref.ask("y")).at(-1)).toBe("y")
    const hooks = ["stop", "stopped", "restart", "restarted", "start mortal", "started"]
    expect(log).toEqual(
      ["start mortal", "started", "in", "out", "in", "out", ...hooks, "in", "out"].map((said) => `system ${said}`),
    )
  })

  it("knows no types, so it has to look before it touches a message", async () => {
    const shorter: Middleware = {
      // @ts-expect-error -- a message may be anything
      onReceive: (context, message, next) => next(context, message.trim()),
    }
    // @ts-expect-error -- what goes on needs a context
    const lost: Middleware = { onStarted: (_context, next) => next() }
    await using app = new ActorSystem("app")
    const ref = app.spawn(() => new Plain([]), undefined, { middleware: [lost, shorter] })
    expect(await ref.ask(" x ")).toBe("x")
  })
})
