import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  Actor,
  type ActorRef,
  ActorSystem,
  actor,
  allForOne,
  type Directive,
  oneForOne,
  type Reply,
  type Strategy,
} from "troupe/actor"
import { FaultError } from "../../src/data/fault.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

/** What happens in a constructor or hook. */
const fates = ["fine", "throw", "slow", "slowThrow"] as const
type Fate = (typeof fates)[number]

const orders = ["work", "crash", "slow", "slowCrash", "generate", "errand", "spawn", "stopSelf"] as const
interface Message {
  readonly id: number
  readonly order: (typeof orders)[number]
}

interface Plan {
  /** Used up one by one, wherever something may go wrong; then all is fine. */
  readonly fates: readonly Fate[]
  /** Used up one by one by all who decide; then the child is restarted. */
  readonly directives: readonly Directive[]
  readonly together: boolean
  readonly backoff: boolean
  /** Whether the system is shut down in the middle of it all. */
  readonly abrupt: boolean
}

/** A system whose actors keep a record of their lives from outside, and of whatever is wrong with it. */
class Forest {
  readonly clock = virtualClock()
  readonly app: ActorSystem
  readonly strategy: Strategy
  readonly refs: Array<ActorRef<Message, number>> = []
  readonly wrong: string[] = []
  readonly delivered = new Set<number>()
  made = 0
  ended = 0
  readonly #fates: Fate[]
  /** Instances that live now, by path. */
  readonly #living = new Map<string, number>()
  readonly #lastSeen = new Map<string, number>()

  constructor(plan: Plan) {
    this.#fates = [...plan.fates]
    const directives = [...plan.directives]
    const options = {
      maxRestarts: 4,
      within: 100,
      decide: () => directives.pop() ?? "restart",
      ...(plan.backoff ? { backoff: { first: 5 } } : {}),
    }
    this.strategy = plan.together ? allForOne(options) : oneForOne(options)
    this.app = new ActorSystem("app", { clock: this.clock, supervisor: this.strategy })
    for (let i = 0; i < 3; i++) this.spawn(`${i}`, undefined)
  }

  spawn(name: string, parent: Tree | undefined): void {
    const path = `${parent?.path ?? "/app"}/${name}`
    const source = () => new Tree(this, path)
    this.refs.push(parent === undefined ? this.app.spawn(source, name) : parent.spawn(source, name))
  }

  /** What happens at some place of a life. Undefined: nothing. */
  fate(where: string): Promise<void> | undefined {
    const fate = this.#fates.pop() ?? "fine"
    if (fate === "throw") throw new Error(where)
    if (fate === "fine") return undefined
    return new Promise((resolve, reject) => {
      this.clock.after(7, () => (fate === "slow" ? resolve() : reject(new Error(where))))
    })
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve))
  }

  begins(path: string): void {
    this.made++
    const count = (this.#living.get(path) ?? 0) + 1
    this.#living.set(path, count)
    if (count > 1) this.wrong.push(`${count} instances of ${path}`)
  }

  receives(path: string, { id }: Message): void {
    if (this.delivered.has(id)) this.wrong.push(`${path} got ${id} twice`)
    this.delivered.add(id)
    if ((this.#lastSeen.get(path) ?? -1) > id) this.wrong.push(`${path} got ${id} late`)
    this.#lastSeen.set(path, id)
  }

  stops(path: string): void {
    for (const [below, count] of this.#living) {
      if (count > 0 && below.startsWith(`${path}/`)) this.wrong.push(`${below} outlives ${path}`)
    }
  }

  ends(path: string): void {
    this.ended++
    this.#living.set(path, (this.#living.get(path) ?? 0) - 1)
  }

  check(sent: number): void {
    expect(this.wrong).toEqual([])
    for (const ref of this.refs) expect([ref, undefined]).toContain(this.app.get(ref.path))
    for (const [path, count] of this.#living) {
      const parent = path.slice(0, path.lastIndexOf("/"))
      if (count > 0 && parent !== "/app") expect(this.app.get(parent), `parent of ${path}`).toBeDefined()
    }
    const { actors, asks, deadLetters } = this.app.stats()
    expect(this.delivered.size + deadLetters).toBeLessThanOrEqual(sent)
    // One of each, and one more of each errand.
    expect(asks).toBeLessThanOrEqual(2 * sent)
    expect(this.made - this.ended).toBeLessThanOrEqual(actors)
  }
}

class Tree extends Actor<Message, number> {
  readonly path: string
  readonly #forest: Forest
  #busy = false
  #over = false

  constructor(forest: Forest, path: string) {
    super()
    this.path = path
    this.#forest = forest
    // A constructor cannot wait: what it waits for is as good as nothing.
    void forest.fate("constructor")?.catch(() => {})
    forest.begins(path)
  }

  spawn(source: () => Tree, name: string): ActorRef<Message, number> {
    return this.context.spawn(source, name)
  }

  override onStarted() {
    return this.#forest.fate("onStarted")
  }

  override onRestart() {
    return this.#forest.fate("onRestart")
  }

  override onStopped() {
    const forest = this.#forest
    if (this.#over || this.#busy) forest.wrong.push(`${this.path} ends twice, or while busy`)
    this.#over = true
    forest.stops(this.path)
    const ended = () => forest.ends(this.path)
    try {
      const slow = forest.fate("onStopped")
      if (slow !== undefined) return slow.finally(ended)
    } catch (error) {
      ended()
      throw error
    }
    ended()
    return undefined
  }

  override onReceive(message: Message): Reply<number, number> {
    const forest = this.#forest
    if (this.#over || this.#busy) forest.wrong.push(`${this.path} works while it must not`)
    forest.receives(this.path, message)
    if (message.order === "crash") throw new Error("crash")
    if (message.order === "stopSelf") this.context.stopSelf()
    if (message.order === "spawn") forest.spawn(`${message.id}`, this)
    if (message.order === "generate") return this.#generate(message.id)
    return ["slow", "slowCrash", "errand"].includes(message.order) ? this.#work(message) : message.id
  }

  async #work({ id, order }: Message): Promise<number> {
    this.#busy = true
    try {
      if (order === "errand") return await this.context.ask(actor(errand), { forest: this.#forest, id })
      await this.#forest.pass(3)
      if (order === "slowCrash") throw new Error("slow crash")
      return id
    } finally {
      this.#busy = false
    }
  }

  async *#generate(id: number): AsyncGenerator<number, number> {
    this.#busy = true
    try {
      for (const chunk of [1, 2, 3]) {
        await this.#forest.pass(1)
        yield chunk
      }
      return id
    } finally {
      this.#busy = false
    }
  }

  override supervisorStrategy() {
    return this.#forest.strategy
  }
}

/** What an actor does that is made for one question. */
const errand = async ({ forest, id }: { readonly forest: Forest; readonly id: number }): Promise<number> => {
  await forest.fate("errand")
  await forest.pass(2)
  return id
}

const plans = fc.record<Plan>({
  fates: fc.array(fc.constantFrom(...fates), { maxLength: 30 }),
  directives: fc.array(fc.constantFrom<Directive>("resume", "restart", "stop", "escalate"), { maxLength: 20 }),
  together: fc.boolean(),
  backoff: fc.boolean(),
  abrupt: fc.boolean(),
})
const steps = fc.array(
  fc.record({
    to: fc.nat(30),
    order: fc.constantFrom(...orders),
    how: fc.constantFrom("tell", "tell", "ask", "ask", "stop"),
    pause: fc.constantFrom("none", "settle", "advance"),
  }),
  { maxLength: 40 },
)

describe("a random tree of actors with random crashes in messages and hooks", () => {
  it("keeps its invariants after every step, and its counts add up", () =>
    fc.assert(
      fc.asyncProperty(plans, steps, async (plan, taken) => {
        const forest = new Forest(plan)
        const { app, clock, refs, delivered } = forest
        let sent = 0
        let refused = 0
        const asks: Array<Promise<unknown>> = []
        for (const { to, order, how, pause } of taken) {
          const ref = refs[to % refs.length]
          const message = { id: sent, order }
          if (how === "stop") void ref?.stop()
          else sent++
          if (how === "tell") void ref?.tell(message)
          if (how === "ask") {
            const asked = ref?.ask(message).catch((error: unknown) => {
              if (delivered.has(message.id)) return
              expect(error).toBeInstanceOf(FaultError)
              refused++
            })
            asks.push(Promise.resolve(asked))
          }
          forest.check(sent)
          if (pause === "settle") await clock.settle()
          if (pause === "advance") await clock.advance(4)
          forest.check(sent)
        }
        if (!plan.abrupt) {
          await clock.advance(1_000)
          await app.whenQuiescent()
          await Promise.all(asks)
          forest.check(sent)
          expect(delivered.size + app.stats().deadLetters + refused).toBe(sent)
          expect(app.stats()).toMatchObject({ timers: 0, asks: 0, abandoned: 0, actors: forest.made - forest.ended })
        }
        const down = app.shutdown()
        await clock.advance(1_000)
        await down
        await Promise.all(asks)
        expect(delivered.size + app.stats().deadLetters + refused).toBe(sent)
        expect(forest.wrong).toEqual([])
        expect(forest.made).toBe(forest.ended)
        expect(app.stats()).toMatchObject({ actors: 0, timers: 0, asks: 0, abandoned: 0 })
        expect(clock.pending).toBe(0)
      }),
      times(150),
    ))
})
