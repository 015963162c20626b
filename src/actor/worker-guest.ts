import { Actor, type ActorSource, attach, instantiate } from "./actor.js"
import { Branch } from "./branch.js"
import { LiveContext, type Owner } from "./context.js"
import { Generation } from "./generation.js"
import type { Child, Halt } from "./host.js"
import { isPromise } from "./promise.js"
import type { ActorRef, AnyActorRef } from "./ref.js"
import { type Generated, isGenerated } from "./reply.js"
import { standardStrategy, type Strategy } from "./supervision.js"
import type { Link } from "./worker-link.js"
import { packAnswer, packThrown } from "./worker-parcel.js"
import type { Started } from "./worker-wire.js"

/** Makes the source of an actor of an export of a module. */
async function sourceOf(module: string, name: string): Promise<ActorSource<never, unknown>> {
  const exported: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ new URL(module).href)
  const found = exported[name]
  if (isSource(found)) return found
  const known = Object.keys(exported)
  throw new TypeError(
    `${module} has no actor ${JSON.stringify(name)}: expected a class of actors, or what actor(…) gives, ` +
      (known.length === 0 ? "and it exports nothing" : `and it exports ${known.join(", ")}`),
  )
}

const isSource = (value: unknown): value is ActorSource<never, unknown> => typeof value === "function"

function made(source: ActorSource<never, unknown>, module: string, name: string): Actor<never, unknown> {
  const instance: unknown = instantiate(source)
  if (instance instanceof Actor) return instance
  throw new TypeError(`${JSON.stringify(name)} of ${module} makes no actor: expected one of the same troupe/actor`)
}

/**
 * The instance of an actor, in the worker. Its mailbox, its order and its supervisor are where its ref is; its children
 * live here.
 */
export class Guest extends Branch implements Owner<never, unknown, unknown> {
  readonly path: string
  readonly ref: ActorRef<never>
  readonly #link: Link
  readonly #actor: number
  readonly #context: LiveContext<never, unknown, unknown>
  readonly #made: Promise<Actor<never, unknown>>
  readonly #notices = new Map<number, () => void | PromiseLike<void>>()
  #instance: Actor<never, unknown> | undefined
  #noticed = 0

  constructor(link: Link, actor: number, path: string, module: string, name: string) {
    super(link.host)
    this.#link = link
    this.#actor = actor
    this.path = path
    this.ref = link.far(path)
    this.#context = new LiveContext(this, undefined)
    this.#made = sourceOf(module, name).then((source) => {
      const instance = made(source, module, name)
      attach(instance, this.#context)
      this.#instance = instance
      return instance
    })
    this.#made.catch(() => {}) // whoever calls the first hook is told
  }

  async restarted(error: unknown): Promise<void> {
    const instance = await this.#made
    await instance.onRestart(error)
  }

  async started(): Promise<Started> {
    const instance = await this.#made
    await instance.onStarted()
    return { policy: instance.stopPolicy() }
  }

  /** Ends the instance: its children, its last hook, what its context started. */
  async stopped(): Promise<void> {
    await this.stopChildren("gently")
    try {
      await this.#instance?.onStopped()
    } finally {
      this.#context.close()
      this.#instance = undefined
    }
  }

  receive(call: number, message: never): void {
    const link = this.#link
    const answered = (value: unknown): void => link.answer(call, value)
    const threw = (error: unknown): void => link.threw(call, error)
    try {
      const result = this.#instance?.onReceive(message)
      if (typeof result === "object" && result !== null && isGenerated(result)) this.#generate(call, result)
      else if (isPromise(result)) result.then(answered, threw)
      else answered(result)
    } catch (error) {
      threw(error)
    }
  }

  /** Pulled when the other side has said what it wants of it. */
  #generate(call: number, generator: Generated<unknown, unknown>): void {
    const link = this.#link
    let wanted = 0
    let spoilt: { readonly error: unknown } | undefined
    const threw = (error: unknown): void => link.threw(call, (spoilt ?? { error }).error)
    const reader = {
      get wants(): boolean {
        return wanted > 0
      },
      take: (step: IteratorYieldResult<unknown>): void => {
        wanted--
        try {
          link.tell({ is: "chunk", call, body: packAnswer(step.value) })
        } catch (error) {
          spoilt = { error }
          generation?.leave()
        }
      },
    }
    const end = {
      returned: (value: unknown): void => link.answer(call, value),
      threw,
      left: (): void => (spoilt === undefined ? link.tell({ is: "left", call }) : threw(spoilt.error)),
    }
    let generation: Generation<unknown, unknown> | undefined
    const begin = (read: boolean): Generation<unknown, unknown> => {
      generation ??= new Generation(generator, read ? reader : undefined, this.host.clock, end)
      return generation
    }
    link.serve(call, {
      pull: () => {
        wanted++
        begin(true).pull()
      },
      drain: () => begin(false).pull(),
      leave: () => begin(true).leave(),
    })
    link.tell({ is: "generator", call })
  }

  /** Aborts the signal. `closing`: the system shuts down, and so nobody waits for the children either. */
  abort(reason: unknown, closing: boolean): void {
    this.#context.interrupt(reason)
    if (closing && reason instanceof Error) for (const child of this.children()) child.refuse(reason)
  }

  // What its context and its children want of it

  notice(ref: AnyActorRef, then: ((ref: AnyActorRef) => void) | undefined): void {
    const notice = ++this.#noticed
    this.#notices.set(notice, () => (then === undefined ? this.#instance?.onTerminated(ref) : then(ref)))
    this.#link.post({ is: "noticed", actor: this.#actor, notice })
  }

  /** The turn of a notice has come. */
  async noticed(notice: number): Promise<void> {
    const call = this.#notices.get(notice)
    this.#notices.delete(notice)
    await call?.()
  }

  halt(_how: Halt): void {
    this.#link.post({ is: "halt", actor: this.#actor })
  }

  fail(error: unknown): void {
    this.#link.post({ is: "escalate", actor: this.#actor, error: packThrown(error) })
  }

  protected strategy(): Strategy {
    return this.#instance?.supervisorStrategy() ?? standardStrategy
  }

  protected escalate(error: unknown, _child: Child): void {
    this.fail(error)
  }
}
