import type { AgentRef } from "../data/agent-ref.js"
import { retryable } from "../data/fault.js"
import {
  agent,
  type AnyFlow,
  continueWith,
  type Continue,
  type Done,
  done,
  type Flow,
  hash,
  named,
} from "../flow/index.js"
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

/** What holds of everything. */
export const holds: Fn<unknown, boolean> = named("laws.holds", () => true)

/** The digest's parity, as the tag of a branch. */
export const parity: Fn<unknown, "even" | "odd"> = named("laws.parity", (value: unknown) =>
  digest(value) % 2 === 0 ? "even" : "odd",
)

/** A list of none to three numbers. */
export const list: Fn<unknown, readonly number[]> = named("laws.list", (value: unknown) =>
  Array.from({ length: digest(value) % 4 }, (_, i) => (digest(value) + i) % 101),
)

/** Done where the digest is a multiple of three, else once more. */
export const step: Fn<unknown, Continue<number> | Done<number>> = named("laws.step", (value: unknown) => {
  const n = digest(value)
  return n % 3 === 0 ? done(n) : continueWith(n)
})

/** The element of a list at an index; undefined of anything else. */
export const nth = (index: number): Fn<unknown> =>
  named(`laws.nth.${index}`, (value: unknown) => (Array.isArray(value) ? value[index] : undefined))

/**
 * What the agents of sample flows answer, by name: `echo` and `count` answer, `refuse` fails for good, `falter` in a way
 * worth another try, and `defer` so after 20 milliseconds.
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
  defer: () => {
    throw retryable(new Error("deferred"), { after: 20 })
  },
}

/** The reason with which the agent `stop` aborts a run. */
export const stopped = "stopped by an agent"

/**
 * The agents of one run, afresh for each: those of `agents`, `third`, which falters twice and answers from then on, and
 * `stop`, which aborts the run that asks it.
 *
 * @param abort how the run is aborted, with the reason.
 */
export function cast(abort: (reason: string) => void): Readonly<Record<string, Plain>> {
  let asked = 0
  return {
    ...agents,
    third: (value) => {
      if (++asked < 3) throw retryable(new Error(`faltered ${asked}`))
      return value
    },
    stop: () => abort(stopped),
  }
}

/** The answer to each suspend of a sample flow. */
export const answerTo = (name: string): string => `answer to ${name}`

/** The flow that asks one of the agents. */
export function ask(name: string): Flow<unknown, unknown> {
  const ref: AgentRef<unknown, unknown> = { _tag: "AgentRef", name }
  return agent(ref)
}

/** A few digits that tell a flow from others: the same name never stands for two. */
export const mark = (flow: AnyFlow): string => hash(flow).value.slice(0, 8)
