import type { Clock } from "../data/clock.js"
import { FaultError, FlowError } from "../data/fault.js"
import type { DeadLetter } from "./dead-letters.js"
import type { Directive } from "./supervision.js"

/** How much a record matters. A level of a system means it and all that matter more. */
export type LogLevel = "debug" | "info" | "warn" | "error"

/**
 * What happened, by level.
 *
 * `debug`: `actor_started` and `actor_stopped`. `info`: `system_stopping` and `system_stopped`. `warn`: `actor_failed`
 * where the actor resumes or restarts, `dead_letter`, and `abandoned`, handlers that a shutdown did not wait for. `error`:
 * `actor_failed` where the actor ends or its failure goes on to its parent.
 */
export type LogEvent =
  | "actor_started"
  | "actor_stopped"
  | "actor_failed"
  | "dead_letter"
  | "abandoned"
  | "system_stopping"
  | "system_stopped"

/** One thing that happened. It is JSON as it stands, and holds no message and no text of an error. */
export interface LogRecord {
  /** Milliseconds since the epoch, by the system's clock. */
  readonly time: number
  readonly level: LogLevel
  readonly event: LogEvent
  /** Where: an actor, or the system itself. */
  readonly path: string
  /** `actor_failed`: what was decided. */
  readonly directive?: Directive
  /** `actor_failed`: the kind of what was thrown, by the tag of its fault or its class: `TimedOut`, `TypeError`. */
  readonly error?: string
  /** `dead_letter`: why nobody handled it. */
  readonly reason?: DeadLetter["reason"]
  /** `abandoned`: how many. */
  readonly count?: number
}

/**
 * What a system writes down of itself: the option `log` of an `ActorSystem`.
 *
 * @example
 * ```ts
 * import { ActorSystem, actor, type LogRecord } from "troupe/actor"
 * const records: LogRecord[] = []
 * const app = new ActorSystem("app", { log: { level: "debug", sink: (record) => void records.push(record) } })
 * await app.spawn(actor((n: number) => n * 2), "double").ask(21)
 * await app.shutdown()
 * records.map(({ event }) => event) // ["actor_started", "system_stopping", "actor_stopped", "system_stopped"]
 * ```
 */
export interface LogOptions {
  /** Default `"info"`. */
  readonly level?: LogLevel
  /** Called at once for each record. What it throws is dropped. */
  readonly sink: (record: LogRecord) => void
}

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"]

/** What happened, without when. */
type Said = Omit<LogRecord, "time" | "level" | "event" | "path">

/** The log of one system. Where it is off there is none. */
export class Log {
  readonly #clock: Clock
  readonly #least: number
  readonly #sink: (record: LogRecord) => void

  constructor(clock: Clock, options: LogOptions) {
    const { level = "info", sink } = options
    this.#clock = clock
    this.#least = levels.indexOf(level)
    this.#sink = sink
    if (this.#least < 0) throw new RangeError(`no level of a log: ${level}; expected one of ${levels.join(", ")}`)
  }

  started(actor: { readonly path: string }): void {
    if (this.#least === 0) this.#write("debug", "actor_started", actor.path)
  }

  stopped(actor: { readonly path: string }): void {
    if (this.#least === 0) this.#write("debug", "actor_stopped", actor.path)
  }

  failed(path: string, directive: Directive, error: unknown): void {
    const level = directive === "resume" || directive === "restart" ? "warn" : "error"
    this.#write(level, "actor_failed", path, { directive, error: kindOf(error) })
  }

  deadLetter(path: string, reason: DeadLetter["reason"]): void {
    this.#write("warn", "dead_letter", path, { reason })
  }

  stopping(path: string): void {
    this.#write("info", "system_stopping", path)
  }

  ended(path: string, abandoned: number): void {
    if (abandoned > 0) this.#write("warn", "abandoned", path, { count: abandoned })
    this.#write("info", "system_stopped", path)
  }

  #write(level: LogLevel, event: LogEvent, path: string, said?: Said): void {
    if (levels.indexOf(level) < this.#least) return
    try {
      this.#sink({ time: this.#clock.now(), level, event, path, ...said })
    } catch {
      // A log that fails must not fail what it tells of.
    }
  }
}

/** The kind of what was thrown. Its text may hold a message or a secret, its own `name` too: the class does not. */
function kindOf(thrown: unknown): string {
  if (thrown instanceof FaultError || thrown instanceof FlowError) return thrown.fault._tag
  if (typeof thrown !== "object" || thrown === null) return typeof thrown
  const made: unknown = thrown.constructor
  return typeof made === "function" && made.name !== "" ? made.name : "object"
}
