import { isDeepStrictEqual } from "node:util"

/** The policy of an actor that lives until it is stopped. */
export interface Never {
  readonly stop: "never"
}
/** The policy of an actor that ends after its first message. */
export interface OneTime {
  readonly stop: "oneTime"
}
/** The policy of an actor that ends after a message that is deeply equal to `message`. */
export interface AfterMessage {
  readonly stop: "afterMessage"
  readonly message: unknown
}
/** The policy of an actor that ends when it has had nothing to do for a time. */
export interface AfterIdle {
  readonly stop: "afterIdle"
  /** Milliseconds. */
  readonly ms: number
}

/** When an actor ends by itself. */
export type StopPolicy = Never | OneTime | AfterMessage | AfterIdle

/** Lives until it is stopped: the default. */
export const never: Never = { stop: "never" }

/** Ends after its first message, also when the handler throws. */
export const oneTime: OneTime = { stop: "oneTime" }

/** Ends after a message that is deeply equal to this one, however its handling went. */
export function afterMessage(message: unknown): AfterMessage {
  return { stop: "afterMessage", message }
}

/**
 * Ends when it has had nothing to do for so many milliseconds.
 *
 * @example
 * ```ts
 * import { Actor, ActorSystem, afterIdle } from "troupe/actor"
 * class Cache extends Actor<string, number> {
 *   override stopPolicy = () => afterIdle(60_000)
 *   override onReceive = (key: string) => key.length
 * }
 * await using app = new ActorSystem("app")
 * await app.spawn(Cache).ask("bees") // 4
 * ```
 */
export function afterIdle(ms: number): AfterIdle {
  if (!(ms > 0)) throw new RangeError(`afterIdle(${ms}): expected a number of milliseconds above 0`)
  return { stop: "afterIdle", ms }
}

const kinds: readonly unknown[] = ["never", "oneTime", "afterMessage", "afterIdle"]

/** Whether something is a policy. Plain JavaScript may give anything. */
export function isStopPolicy(given: unknown): given is StopPolicy {
  return typeof given === "object" && given !== null && "stop" in given && kinds.includes(given.stop)
}

/** Whether a message was the actor's last. What cannot be compared, such as a revoked proxy, equals none. */
export function endsWith(policy: StopPolicy, message: unknown): boolean {
  if (policy.stop !== "afterMessage") return policy.stop === "oneTime"
  try {
    return isDeepStrictEqual(policy.message, message)
  } catch {
    return false
  }
}
