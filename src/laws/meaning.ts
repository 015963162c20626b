import { isLeft, isRight } from "../data/either.js"
import { type Failure, type Fault, type Verdict, verdictOf } from "../data/fault.js"
import type { Continue, Done } from "../flow/index.js"
import { failed, gave, type Outcome } from "./outcome.js"

// What each node means, by plain function composition and nothing else: no node, no interpreter, no promise. Members of a
// parallel node are called in declaration order, as where everything answers at once.

/** What a flow comes to on an input, with the names that were bound around it. */
export type Means = (input: unknown, names: ReadonlyMap<string, unknown>) => Outcome

const isFault = (failure: Failure): failure is Fault => failure._tag !== "Aborted"
const faultOf = (outcome: Outcome): Fault | undefined =>
  isLeft(outcome) && isFault(outcome.left) ? outcome.left : undefined

export const constant =
  (value: unknown): Means =>
  () =>
    gave(value)

export const bound =
  (name: string): Means =>
  (_, names) =>
    gave(names.get(name))

/** A function: its value, or `FunctionFailed` with what it threw. */
export const applied =
  (name: string, fn: (value: unknown) => unknown): Means =>
  (input) => {
    try {
      return gave(fn(input))
    } catch (cause) {
      return failed({ _tag: "FunctionFailed", name, cause, retry: "no" })
    }
  }

/** An agent: its answer, or `AgentFailed` with what it threw. */
export const asked =
  (agent: string, answer: (value: unknown) => unknown): Means =>
  (input) => {
    try {
      return gave(answer(input))
    } catch (cause) {
      return failed({ _tag: "AgentFailed", agent, cause, retry: verdictOf(cause) })
    }
  }

export const followed =
  (...parts: readonly Means[]): Means =>
  (input, names) =>
    parts.reduce<Outcome>((so, part) => (isLeft(so) ? so : part(so.right, names)), gave(input))

export const named =
  (name: string, of: Means, body: Means): Means =>
  (input, names) => {
    const value = of(input, names)
    return isLeft(value) ? value : body(value.right, new Map([...names, [name, value.right]]))
  }

/** All values, as a tuple or a record, or the first failure. */
export const together =
  (of: readonly Means[], keys?: readonly string[]): Means =>
  (input, names) => {
    const values: unknown[] = []
    for (const member of of) {
      const outcome = member(input, names)
      if (isLeft(outcome)) return outcome
      values.push(outcome.right)
    }
    return gave(keys === undefined ? values : Object.fromEntries(keys.map((key, i) => [key, values[i]])))
  }

const waitOf = (verdict: Verdict): number => (typeof verdict === "string" ? 0 : verdict.after)

function verdict(faults: readonly Fault[], missing: number): Verdict {
  const worth = faults.map((fault) => fault.retry).filter((retry) => retry !== "no")
  const after = Math.max(0, ...worth.map(waitOf))
  if (worth.length < missing) return "no"
  return after === 0 ? "yes" : { after }
}

/** The first success; with `settled`, the first member whatever it came to. */
export const raced =
  (of: readonly Means[], wins: "success" | "settled"): Means =>
  (input, names) => {
    const faults: Fault[] = []
    for (const member of of) {
      const outcome = member(input, names)
      const fault = faultOf(outcome)
      if (fault === undefined || wins === "settled") return outcome
      faults.push(fault)
    }
    return failed({ _tag: "AllFailed", faults, retry: verdict(faults, 1) })
  }

/** At least `n` successes of members with these names. */
export const quorum =
  (n: number, of: readonly Means[], called: readonly string[], settle: "all" | "quorum"): Means =>
  (input, names) => {
    const outcomes: Outcome[] = []
    const won = (): number => outcomes.filter(isRight).length
    for (const member of of) {
      outcomes.push(member(input, names))
      const faults = outcomes.map(faultOf).filter((fault) => fault !== undefined)
      const unsettled = of.length - outcomes.length
      const missing = n - won() - unsettled
      if (missing > 0) {
        const retry = verdict(faults, missing)
        return failed({ _tag: "QuorumNotMet", needed: n, succeeded: won(), faults, retry })
      }
      if (settle === "quorum" && won() === n) break
    }
    const listed = called.map((name, index) => ({ index, name, outcome: outcomes[index] }))
    return gave({
      succeeded: listed.flatMap(({ index, name, outcome }) =>
        outcome !== undefined && isRight(outcome) ? [{ index, name, value: outcome.right }] : [],
      ),
      failed: listed.flatMap(({ index, name, outcome }) =>
        outcome !== undefined && isLeft(outcome) ? [{ index, name, fault: outcome.left }] : [],
      ),
      aborted: listed.flatMap(({ index, name, outcome }) => (outcome === undefined ? [{ index, name }] : [])),
    })
  }

/** The one arm that the tag names. */
export const chosen =
  (tagOf: (value: unknown) => string, arms: Readonly<Record<string, Means>>): Means =>
  (input, names) => {
    const tag = tagOf(input)
    const arm = Object.hasOwn(arms, tag) ? arms[tag] : undefined
    return arm?.(input, names) ?? failed({ _tag: "NoMatch", tag, known: Object.keys(arms), retry: "no" })
  }

export const recovered =
  (of: Means, handler: Means, gets: "fault" | "input", handles: (fault: Fault) => boolean = () => true): Means =>
  (input, names) => {
    const outcome = of(input, names)
    const fault = faultOf(outcome)
    return fault !== undefined && handles(fault) ? handler(gets === "fault" ? fault : input, names) : outcome
  }

const isStep = (value: unknown): value is Continue<unknown> | Done<unknown> =>
  typeof value === "object" && value !== null && "_tag" in value && "value" in value

/** Turns of a body that gives Continue or Done, at most `max`. */
export const repeated =
  (body: Means, max: number, exhausted: "fail" | "last"): Means =>
  (input, names) => {
    let last = input
    for (let turn = 0; turn < max; turn++) {
      const outcome = body(last, names)
      if (isLeft(outcome)) return outcome
      const next = outcome.right
      if (!isStep(next)) throw new TypeError("the body of a sample loop gives Continue or Done")
      if (next._tag === "Done") return gave(next.value)
      last = next.value
    }
    return exhausted === "last" ? gave(last) : failed({ _tag: "LoopExceeded", last, turns: max, retry: "no" })
  }
