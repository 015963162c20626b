import type { Worker } from "node:worker_threads"
import { FaultError, messageOf, type Unavailable } from "../data/fault.js"
import { systemClock } from "./clock.js"
import type { Host } from "./host.js"
import { type Landlord, Lodging } from "./worker-lodging.js"
import type { Welcome } from "./worker-site.js"

/** How worker threads are started. */
export interface ThreadOptions {
  /** Limits of each thread, as `Worker` of `node:worker_threads` takes them; a thread that goes beyond dies alone. */
  readonly resourceLimits?: {
    readonly maxOldGenerationSizeMb?: number
    readonly maxYoungGenerationSizeMb?: number
    readonly codeRangeSizeMb?: number
    readonly stackSizeMb?: number
  }
  /** Options of Node for the threads, such as `["--import", "tsx"]`. Default: those of the process. */
  readonly execArgv?: readonly string[]
}

// The bundle has its parts in one folder beside that of the entry; the sources themselves are not what a thread can load.
const entry = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/actor/worker-entry.js" : "../actor/worker-entry.js",
  import.meta.url,
)

/** A thread as far as it is used here. */
export interface Running extends Pick<Worker, "postMessage" | "terminate" | "ref" | "unref"> {
  on(event: "error", listener: (thrown: unknown) => void): unknown
  once(event: "exit", listener: (code: number) => void): unknown
}

/** Starts a thread that runs the entry. */
export type StartThread = (options: ThreadOptions) => Running

/** Starts one of Node, which is loaded for that only now. */
export const startThread: StartThread = ({ resourceLimits, execArgv }) => {
  const { Worker } = process.getBuiltinModule("node:worker_threads")
  return new Worker(entry, {
    name: "troupe",
    ...(resourceLimits && { resourceLimits }),
    ...(execArgv && { execArgv: [...execArgv] }),
  })
}

/** Why a thread is gone, to those who waited for it. Another one takes its place: to try again may help. */
function gone(why: string, cause: unknown): FaultError {
  const message = `the worker thread has ended: ${why}`
  const fault: Omit<Unavailable, "path"> = {
    _tag: "Unavailable",
    message,
    retry: "yes",
    ...(cause === undefined ? {} : { cause }),
  }
  return new FaultError(fault)
}

/** One worker thread, and what each system has there. */
export class Thread {
  /** How many actors were placed there and have not left. */
  load = 0
  readonly #worker: Running
  readonly #lodgings = new Map<Host, Lodging>()
  readonly #ended: Promise<void>
  #error: { readonly thrown: unknown } | undefined
  #asked: string | undefined
  #kept = false

  /** `lost` is called when it is gone, before anybody else is told. */
  constructor(worker: Running, lost: (thread: Thread) => void) {
    this.#worker = worker
    this.#worker.unref()
    this.#worker.on("error", (thrown) => {
      this.#error = { thrown }
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        lost(this)
        this.#fail(code)
        resolve()
      })
    })
  }

  /** What a system has there; from now on, if it had nothing. */
  lodging(host: Host, elsewhere: Landlord["elsewhere"]): Lodging {
    const known = this.#lodgings.get(host)
    if (known !== undefined) return known
    const { MessageChannel } = process.getBuiltinModule("node:worker_threads")
    const { port1, port2 } = new MessageChannel()
    const lodging = new Lodging(host, port1, { elsewhere, changed: () => this.#keep() })
    this.#lodgings.set(host, lodging)
    const welcome: Welcome = { port: port2, now: host.clock === systemClock ? undefined : host.clock.now() }
    this.#worker.postMessage(welcome, [port2])
    return lodging
  }

  get lodgings(): Iterable<Lodging> {
    return this.#lodgings.values()
  }

  /** A system has shut down. What of it still runs there ends with the thread, and takes the others along. */
  async forget(host: Host): Promise<void> {
    const lodging = this.#lodgings.get(host)
    if (lodging === undefined) return
    if (lodging.active || lodging.lodgers > 0) return this.end("an actor there did not end in time")
    this.#lodgings.delete(host)
    lodging.fail(gone("its system has shut down", undefined))
  }

  /** Ends the thread, whatever it is at. */
  async end(why: string): Promise<void> {
    this.#asked = why
    this.#worker.ref()
    await this.#worker.terminate()
    await this.#ended
  }

  /** The process waits for the thread as long as somebody here does. */
  #keep(): void {
    const kept = [...this.#lodgings.values()].some(({ active }) => active)
    if (kept === this.#kept) return
    this.#kept = kept
    if (kept) this.#worker.ref()
    else this.#worker.unref()
  }

  #fail(code: number): void {
    const thrown = this.#error?.thrown
    const why =
      this.#asked ?? (this.#error === undefined ? `it exited with code ${code}` : `it failed: ${messageOf(thrown)}`)
    const { receiveMessageOnPort } = process.getBuiltinModule("node:worker_threads")
    for (const lodging of this.#lodgings.values()) {
      lodging.rest(receiveMessageOnPort)
      lodging.fail(gone(why, thrown))
    }
  }
}
