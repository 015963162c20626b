import type { AgentRef } from "../data/agent-ref.js"
import { retryable } from "../data/fault.js"
import { agent, continueWith, type Continue, type Done, done, type Flow, named } from "../flow/index.js"
import type { Fn } from "../flow/node.js"

// What sample flows are made of: a few functions and agents, all named, whose values stay small however often a loop
// goes round.

/** A small number that stands for any value, and does not look at where a fault happened. */
export function digest(value: unknown, depth = 3): number {
  if (typeof value === "number") return Math.abs(Math.trunc(value)) % 101
  if (typeof value === "string") return value.length % 101
  if (typeof value !== "object" || value === null || depth === 0) return 0
  if ("_tag" in value && typeof value._tag === "string") return value._tag.length
  return Object.values(value).reduce((sum: number, part: unknown) => (sum * 3 + digest(part, depth - 1)) % 101, 7)
}

export type Plain = (value: unknown) => unknown

/** Functions that never throw. */
export const functions: readonly [Fn<unknown>, ...Fn<unknown>[]] = [
  named("laws.increment", (value: unknown) => (digest(value) + 1) % 101),
  named("laws.double", (value: unknown) => (digest(value) * 2) % 101),
  named("laws.pair", (value: unknown) => [digest(value), "seen"]),
  named("laws.box", (value: unknown) => ({ kind: digest(value) % 2 === 0 ? "even" : "odd", value: digest(value) })),
]

/** A function that always throws. */
export const thrower: Fn<unknown, never> = named("laws.throw", (): never => {
  throw new Error("thrown on purpose")
})

/** Whether the digest is even. */
export const isEven: Fn<unknown, boolean> = named("laws.even", (value: unknown) => digest(value) % 2 === 0)

/** Done where the digest is a multiple of three, else once more. */
export const step: Fn<unknown, Continue<number> | Done<number>> = named("laws.step", (value: unknown) => {
  const n = digest(value)
  return n % 3 === 0 ? done(n) : continueWith(n)
})

/**
 * What the agents of sample flows answer, by name. An interpreter under test gives each of them, at once or later: only
 * `echo` and `count` answer, `refuse` fails for good and `falter` in a way worth another try.
 */
export const agents: Readonly<Record<string, Plain>> = {
  echo: (value) => value,
  count: (value) => digest(value) + 3,
  refuse: () => {
    throw new Error("refused")
  },
  falter: () => {
    throw retryable(new Error("faltered"))
  },
}

/** The flow that asks one of them. */
export function ask(name: string): Flow<unknown, unknown> {
  const ref: AgentRef<unknown, unknown> = { _tag: "AgentRef", name }
  return agent(ref)
}
