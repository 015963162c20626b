import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  Actor,
  type ActorRef,
  ActorSystem,
  afterIdle,
  allForOne,
  bounded,
  Cancel,
  type Directive,
  never,
  oneForOne,
  oneTime,
  type SystemStats,
} from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { type Order, ops, type World } from "./orders.js"

/** How an actor is that is made: where it throws, how long it takes for that, and what it does about its children. */
interface Temper {
  readonly fault: "constructor" | "onStarted" | "onStopped" | "onRestart" | "strategy" | "none"
  readonly slow: number
  readonly policy: "never" | "oneTime" | "afterIdle"
  readonly all: boolean
  readonly backoff: boolean
  readonly decides: Directive
}

/** What is done from outside, and how long that is let run. */
interface Command {
  readonly what: "spawn" | "tell" | "ask" | "stream" | "stop" | "run" | "abort"
  readonly to: number
  readonly ms: number
  readonly order: Order
}

const orderOf = (depth: number): fc.Arbitrary<Order> =>
  fc.record({
    op: fc.constantFrom(...Object.keys(ops)),
    x: fc.nat(4),
    y: fc.nat(6),
    subs: depth === 0 ? fc.constant([]) : fc.array(orderOf(depth - 1), { maxLength: 3 }),
  })

const calm: Temper = { fault: "none", slow: 0, policy: "never", all: false, backoff: false, decides: "restart" }

const temper: fc.Arbitrary<Temper> = fc.record({
  fault: fc.constantFrom("none", "none", "none", "constructor", "onStarted", "onStopped", "onRestart", "strategy"),
  slow: fc.constantFrom(0, 0, 0, 1, 3),
  policy: fc.constantFrom("never", "never", "oneTime", "afterIdle"),
  all: fc.boolean(),
  backoff: fc.boolean(),
  decides: fc.constantFrom("resume", "restart", "restart", "stop", "escalate"),
})

const plan = fc.record({
  tempers: fc.array(temper, { minLength: 1, maxLength: 12 }),
  commands: fc.array(
    fc.record({
      what: fc.constantFrom("spawn", "tell", "ask", "stream", "stop", "run", "run", "abort"),
      to: fc.nat(9),
      ms: fc.constantFrom(-1, 0, 1, 4),
      order: orderOf(2),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  waits: fc.boolean(),
  /** Milliseconds that the shutdown waits; without it, it comes when all is quiet. */
  shutdown: fc.option(fc.constantFrom(0, 5, 50)),
})

/** A system that goes by a plan, and what was wrong with it. */
class Theatre {
  readonly clock = virtualClock()
  readonly wrong: string[] = []
  readonly app: ActorSystem
  readonly #refs: ActorRef<Order>[] = []
  readonly #cancels: Cancel[] = []
  readonly #world: World
  #gates: Array<() => void> = []
  #over = false
  #open = 0

  constructor(tempers: readonly Temper[], waits: boolean) {
    const { clock } = this
    let made = 0
    const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))
    const deaf = (): Promise<void> =>
      new Promise((resolve) => void (this.#over ? resolve() : this.#gates.push(resolve)))
    const next = (): Temper => tempers[made++ % tempers.length] ?? calm
    const source = (): Actor<Order, unknown> => new Player(next(), this.#world)
    this.#world = { wait, deaf, source, refs: this.#refs }
    this.app = new ActorSystem("app", {
      clock,
      ...(waits && {
        middleware: [{ onReceive: async (context, message, go) => await wait(1).then(() => go(context, message)) }],
      }),
    })
  }

  do({ what, to, order }: Command, i: number): void {
    const ref = this.#refs[to % Math.max(1, this.#refs.length)]
    if (what === "spawn") {
      const mailbox = to < 4 ? { mailbox: bounded(1 + (to % 2), to % 2 === 0 ? "block" : "dropOldest") } : {}
      this.#refs.push(this.app.spawn(this.#world.source, undefined, mailbox))
    } else if (what === "tell") void ref?.tell(order)
    else if (what === "ask") this.#waitFor(ref?.ask(order, to % 3 === 0 ? { timeout: to } : {}))
    else if (what === "stream") this.#waitFor(this.#read(ref, order))
    else if (what === "stop") this.#waitFor(ref?.stop())
    else if (what === "abort") this.#cancels[to % Math.max(1, this.#cancels.length)]?.cancel("enough")
    else this.#run(order, i)
  }

  #run(order: Order, i: number): void {
    const cancel = new Cancel()
    this.#cancels.push(cancel)
    const receive = (one: Order, context: Parameters<(typeof ops)[string]>[1]): unknown =>
      ops[one.op]?.(one, context, this.#world)
    const run = async (): Promise<unknown> => await this.app.runEphemeral(`/app/run${i}`, receive, order, cancel)
    this.#waitFor(run())
  }

  async #read(ref: ActorRef<Order> | undefined, order: Order): Promise<void> {
    let left = order.y
    for await (const _ of ref?.askStream(order, { readAhead: order.x }) ?? []) if (left-- === 0) break
  }

  #waitFor(promise: Promise<unknown> | undefined): void {
    this.#open++
    const settled = (): void => void this.#open--
    Promise.resolve(promise).then(settled, settled)
  }

  /** Goes on so far, and looks whether anything is counted below nothing. */
  async pass(ms: number): Promise<void> {
    this.#look()
    if (ms < 0) return
    await this.clock.advance(ms)
    this.#look()
  }

  #look(): void {
    for (const [key, count] of Object.entries(this.app.stats())) if (count < 0) this.wrong.push(`${count} ${key}`)
  }

  /** Lets whoever is deaf hear, until all is done. */
  async end(): Promise<void> {
    this.#over = true
    for (let i = 0; i < 12; i++) {
      for (const open of this.#gates.splice(0)) open()
      await this.pass(50)
    }
  }

  get left(): SystemStats & { readonly open: number } {
    return { ...this.app.stats(), deadLetters: 0, open: this.#open }
  }
}

class Player extends Actor<Order, unknown> {
  readonly #temper: Temper
  readonly #world: World

  constructor(temper: Temper, world: World) {
    super()
    this.#temper = temper
    this.#world = world
    if (temper.fault === "constructor") throw new Error("constructor")
  }

  #at(hook: Temper["fault"]): void | Promise<void> {
    const { fault, slow } = this.#temper
    const end = (): void => {
      if (fault === hook) throw new Error(hook)
    }
    return slow === 0 ? end() : this.#world.wait(slow).then(end)
  }

  override onStarted() {
    return this.#at("onStarted")
  }
  override onStopped() {
    return this.#at("onStopped")
  }
  override onRestart() {
    return this.#at("onRestart")
  }
  override onReceive(order: Order) {
    return ops[order.op]?.(order, this.context, this.#world)
  }
  override stopPolicy() {
    const { policy } = this.#temper
    return policy === "never" ? never : policy === "oneTime" ? oneTime : afterIdle(5)
  }
  override supervisorStrategy() {
    const { fault, all, backoff, decides } = this.#temper
    if (fault === "strategy") throw new Error("strategy")
    const options = { maxRestarts: 2, within: 100, decide: () => decides, ...(backoff && { backoff: { first: 2 } }) }
    return all ? allForOne(options) : oneForOne(options)
  }
}

describe("random programs of calls, aborts and ends", () => {
  it("leave nothing behind, settle whatever was asked, and lose count of nothing on the way", () =>
    fc.assert(
      fc.asyncProperty(plan, async ({ tempers, commands, waits, shutdown }) => {
        const theatre = new Theatre(tempers, waits)
        for (const [i, command] of commands.entries()) {
          theatre.do(command, i)
          await theatre.pass(command.ms)
        }
        let down: Promise<void> | undefined
        if (shutdown !== null) down = theatre.app.shutdown({ timeout: shutdown })
        await theatre.end()
        down ??= theatre.app.shutdown({ timeout: 50 })
        await theatre.end()
        await down
        expect(theatre.wrong).toEqual([])
        expect(theatre.left).toEqual({ actors: 0, timers: 0, asks: 0, abandoned: 0, deadLetters: 0, open: 0 })
      }),
    ))
})
