/**
 * What becomes of an actor that failed: it goes on with its state, is made anew, ends, or its parent fails in its
 * stead. One that failed before it was live, in its constructor, `onStarted` or `stopPolicy`, has nothing to go on with:
 * `resume` ends it.
 */
export type Directive = "resume" | "restart" | "stop" | "escalate"

/** How long to wait before a restart: `first` milliseconds, then `factor` times more for each restart in the window. */
export interface Backoff {
  readonly first: number
  /** Default 2. */
  readonly factor?: number
  /** No wait is longer than so many milliseconds. Default: no limit. */
  readonly most?: number
}

/** How a strategy treats a child that failed, and how many restarts it allows. */
export interface StrategyOptions {
  /** Restarts allowed within the window; the next failure ends the actor. Default 3. */
  readonly maxRestarts?: number
  /** Length of the sliding window in milliseconds. Default 60,000. */
  readonly within?: number
  /** Default: restart, whatever was thrown. */
  readonly decide?: (error: unknown) => Directive
  /** Default: restart at once. */
  readonly backoff?: Backoff
}

/** What a parent does about a child that failed, as data. */
export interface Strategy {
  /** Whom a restart or a stop concerns: the child that failed, or it and its siblings. */
  readonly concerns: "one" | "all"
  readonly maxRestarts: number
  readonly within: number
  readonly decide: (error: unknown) => Directive
  readonly backoff: Backoff | undefined
}

const strategy = (concerns: "one" | "all", options: StrategyOptions): Strategy => ({
  concerns,
  maxRestarts: options.maxRestarts ?? 3,
  within: options.within ?? 60_000,
  decide: options.decide ?? (() => "restart"),
  backoff: options.backoff,
})

/**
 * Restarts or stops only the child that failed.
 *
 * @example
 * ```ts
 * import { ActorSystem, oneForOne } from "troupe/actor"
 * const decide = (error: unknown) => (error instanceof TypeError ? "stop" : "restart")
 * await using app = new ActorSystem("app", { supervisor: oneForOne({ maxRestarts: 5, within: 10_000, decide }) })
 * ```
 */
export function oneForOne(options: StrategyOptions = {}): Strategy {
  return strategy("one", options)
}

/** Restarts or stops all children when one fails: for those that cannot go on without each other. */
export function allForOne(options: StrategyOptions = {}): Strategy {
  return strategy("all", options)
}

/** What applies where nothing else is said: one for one, 3 restarts in 60 seconds. */
export const standardStrategy: Strategy = oneForOne()

/** The instants of the restarts that still count. */
export type Restarts = readonly number[]

export const noRestarts: Restarts = []

/** What to do, and the state to ask with next time. */
export interface Step {
  readonly directive: Directive
  /** Milliseconds to wait between the end of the old instance and the making of the new one. */
  readonly delay: number
  readonly restarts: Restarts
}

/** Plain JavaScript may decide on anything; nobody would ever go on with that. */
const directives: readonly Directive[] = ["resume", "restart", "stop", "escalate"]

/** Decides about one failure, at an instant, after these restarts. It reads no clock and changes nothing. */
export function supervise(strategy: Strategy, restarts: Restarts, error: unknown, at: number): Step {
  const directive = strategy.decide(error)
  if (!directives.includes(directive)) {
    throw new TypeError(`decide of a strategy gave ${directive}: expected ${directives.join(", ")}`)
  }
  if (directive !== "restart") return { directive, delay: 0, restarts }
  const recent = restarts.filter((then) => at - then < strategy.within)
  if (recent.length >= strategy.maxRestarts) return { directive: "stop", delay: 0, restarts: recent }
  return { directive, delay: delayBefore(strategy.backoff, recent.length), restarts: [...recent, at] }
}

function delayBefore(backoff: Backoff | undefined, earlier: number): number {
  if (backoff === undefined) return 0
  return Math.min(backoff.first * (backoff.factor ?? 2) ** earlier, backoff.most ?? Number.MAX_VALUE)
}
