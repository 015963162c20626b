import { isLeft, left } from "../data/either.js"
import { type Fault, type Verdict, verdictOf } from "../data/fault.js"
import type { RetryPolicy } from "../flow/index.js"
import { stopped } from "./alphabet.js"
import { failed, gave } from "./outcome.js"
import { atOnce, type Ended, faultOf, type Means, type World } from "./world.js"

// What each node means, by plain function composition and nothing else: no node, no interpreter, no promise, no clock.
// Agents answer at once; what takes time says so. Those whose members run at the same time are in `meaning-parallel.ts`.

export const constant = (value: unknown): Means => atOnce(() => gave(value))

export const bound = (name: string): Means => atOnce((_, { names }) => gave(names.get(name)))

/** A function: its value, or `FunctionFailed` with what it threw. */
export const applied = (name: string, fn: (value: unknown) => unknown): Means =>
  atOnce((input) => {
    try {
      return gave(fn(input))
    } catch (cause) {
      return failed({ _tag: "FunctionFailed", name, cause, retry: "no" })
    }
  })

/** An agent: its answer, or `AgentFailed` with what it threw; `BudgetExceeded` where a limit allows no further ask. */
export const asked = (agent: string): Means =>
  atOnce((input, { agents, budgets }) => {
    if (budgets.some(({ left: asks }) => asks === 0)) return failed({ _tag: "BudgetExceeded", retry: "no" })
    for (const budget of budgets) budget.left--
    try {
      return gave(agents[agent]?.(input))
    } catch (cause) {
      return failed({ _tag: "AgentFailed", agent, cause, retry: verdictOf(cause) })
    }
  })

/** The agent that aborts the run. */
export const aborted: Means = atOnce(() => left({ _tag: "Aborted", reason: stopped }))

export const failing = (code: string, retry: boolean): Means =>
  atOnce(() => failed({ _tag: "Failed", code, retry: retry ? "yes" : "no" }))

const on = (world: World, at: number): World => ({ ...world, at })

/** One after the other. */
const after = (end: Ended, world: World, next: Means): Ended =>
  isLeft(end.outcome) ? end : next(end.outcome.right, on(world, end.at))

export const followed =
  (...parts: readonly Means[]): Means =>
  (input, world) =>
    parts.reduce<Ended>((so, part) => after(so, world, part), { outcome: gave(input), at: world.at })

export const named =
  (name: string, of: Means, body: Means): Means =>
  (input, world) =>
    after(of(input, world), world, (value, then) =>
      body(value, { ...then, names: new Map([...world.names, [name, value]]) }),
    )

/** The one arm that the tag names. */
export const chosen =
  (tagOf: (value: unknown) => string, arms: Readonly<Record<string, Means>>): Means =>
  (input, world) => {
    const tag = tagOf(input)
    const arm = Object.hasOwn(arms, tag) ? arms[tag] : undefined
    const none = failed({ _tag: "NoMatch", tag, known: Object.keys(arms), retry: "no" })
    return arm?.(input, world) ?? { outcome: none, at: world.at }
  }

/** A classifier answers the tag; the arm gets what the classifier got. */
export const routed =
  (by: Means, arms: Readonly<Record<string, Means>>): Means =>
  (input, world) =>
    after(by(input, world), world, (tag, then) => chosen(() => String(tag), arms)(input, then))

/** What is chosen by the output runs on the input. */
export const flatMapped =
  (of: Means, choose: (output: unknown) => Means): Means =>
  (input, world) =>
    after(of(input, world), world, (output, then) => choose(output)(input, then))

export const recovered =
  (of: Means, handler: Means, gets: "fault" | "input", handles: (fault: Fault) => boolean = () => true): Means =>
  (input, world) => {
    const end = of(input, world)
    const fault = faultOf(end.outcome)
    return fault !== undefined && handles(fault) ? handler(gets === "fault" ? fault : input, on(world, end.at)) : end
  }

/** What a turn says: whether it is the last one, and a value. */
interface Turn {
  readonly last: boolean
  readonly value: unknown
}

const turnOf = (value: unknown): Turn | undefined =>
  typeof value === "object" &&
  value !== null &&
  "_tag" in value &&
  (value._tag === "Continue" || value._tag === "Done") &&
  "value" in value
    ? { last: value._tag === "Done", value: value.value }
    : undefined

/** Turns of a body that gives Continue or Done, at most `max`. */
export const repeated =
  (body: Means, max: number, exhausted: "fail" | "last"): Means =>
  (input, world) => {
    let last = input
    let at = world.at
    for (let turn = 0; turn < max; turn++) {
      const end = body(last, on(world, at))
      if (isLeft(end.outcome)) return end
      at = end.at
      const said = turnOf(end.outcome.right)
      if (said === undefined) {
        const value = end.outcome.right
        return { at, outcome: failed({ _tag: "InvalidOutput", value, issues: [], retry: "yes" }) }
      }
      if (said.last) return { at, outcome: gave(said.value) }
      last = said.value
    }
    const spent = failed({ _tag: "LoopExceeded", last, turns: max, retry: "no" })
    return { at, outcome: exhausted === "last" ? gave(last) : spent }
  }

/** A deadline: what ends then or later is too late. */
export const within =
  (ms: number, of: Means): Means =>
  (input, world) => {
    const end = of(input, world)
    const deadline = world.at + ms
    return end.at < deadline ? end : { at: deadline, outcome: failed({ _tag: "TimedOut", after: ms, retry: "yes" }) }
  }

/** How long a fault asks to wait. */
export const waitOf = (verdict: Verdict): number => (typeof verdict === "string" ? 0 : verdict.after)

type Policy = Omit<RetryPolicy, "jitter" | "times"> & { readonly times: number }

export const retried =
  ({ times, backoff, base, max, on: tags }: Policy, of: Means): Means =>
  (input, world) => {
    let end = of(input, world)
    for (let n = 0; n < times; n++) {
      const fault = faultOf(end.outcome)
      if (fault === undefined) return end
      const mends = tags === undefined ? fault.retry !== "no" : tags.includes(fault._tag)
      if (!mends || waitOf(fault.retry) > max) return end
      const wait = Math.min(max, backoff === "constant" ? base : base * 2 ** n)
      end = of(input, on(world, end.at + Math.max(wait, waitOf(fault.retry))))
    }
    return end
  }

/** At most so many asks within. */
export const limited =
  (calls: number, of: Means): Means =>
  (input, world) =>
    of(input, { ...world, budgets: [...world.budgets, { left: calls }] })

/** The side is waited for, and may fail; the value passes on. */
export const tapped = (of: Means, side: Means): Means =>
  followed(of, (value, world) => {
    const end = side(value, world)
    return isLeft(end.outcome) ? end : { at: end.at, outcome: gave(value) }
  })

/** The value, if the check gives true of it. */
export const guarded = (of: Means, check: Means): Means =>
  followed(of, (value, world) => {
    const end = check(value, world)
    if (isLeft(end.outcome)) return end
    const held = end.outcome.right === true
    return { at: end.at, outcome: held ? gave(value) : failed({ _tag: "Rejected", value, retry: "no" }) }
  })

/** A flow of its own: no name of the caller's is bound in it. */
export const called =
  (of: Means): Means =>
  (input, world) =>
    of(input, { ...world, names: new Map() })

export const slept =
  (ms: number): Means =>
  (input, world) => ({ at: world.at + ms, outcome: gave(input) })
