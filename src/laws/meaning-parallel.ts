import { isLeft, isRight } from "../data/either.js"
import type { Fault, Verdict } from "../data/fault.js"
import { waitOf } from "./meaning.js"
import { failed, gave, type Outcome } from "./outcome.js"
import { type Ended, faultOf, isAborted, type Means, type World } from "./world.js"

// What it means to run at the same time: each member begins at its instant, as if it were alone, and what ends first
// decides; of those that end at one instant, the first in order.

/** Ends in the order in which they count. */
const inTime = (ends: readonly Ended[]): (readonly [number, Ended])[] =>
  [...ends.entries()].toSorted(([i, a], [j, b]) => a.at - b.at || i - j)

type Decides = (outcome: Outcome) => boolean

const earliest = (ends: readonly Ended[], decides: Decides): Ended | undefined =>
  inTime(ends).find(([, { outcome }]) => decides(outcome))?.[1]

/** When the last of them ended. */
const last = (ends: readonly Ended[], world: World): number => Math.max(world.at, ...ends.map(({ at }) => at))

/** The ends of members, in order. Once one has decided all at its start, the next ones do not begin. */
function begun(
  of: readonly Means[],
  input: unknown,
  world: World,
  decided: (ends: readonly Ended[]) => boolean,
): Ended[] {
  const ends: Ended[] = []
  for (const member of of) {
    if (decided(ends.filter(({ at }) => at === world.at))) break
    ends.push(member(input, world))
  }
  return ends
}

const values = (ends: readonly Ended[]): unknown[] =>
  ends.flatMap(({ outcome }) => (isRight(outcome) ? [outcome.right] : []))

/** All values, as a tuple or a record, or the first failure. */
export const together =
  (of: readonly Means[], keys?: readonly string[]): Means =>
  (input, world) => {
    const ends = begun(of, input, world, (so) => so.some(({ outcome }) => isLeft(outcome)))
    const found = values(ends)
    const all = keys === undefined ? found : Object.fromEntries(keys.map((key, i) => [key, found[i]]))
    return earliest(ends, isLeft) ?? { outcome: gave(all), at: last(ends, world) }
  }

/** What could mend a group for which so many successes were missing. */
function verdict(faults: readonly Fault[], missing: number): Verdict {
  const worth = faults.map((fault) => fault.retry).filter((retry) => retry !== "no")
  const after = Math.max(0, ...worth.map(waitOf))
  if (worth.length < missing) return "no"
  return after === 0 ? "yes" : { after }
}

/** The first success; with `settled`, the first member whatever it came to. */
export const raced =
  (of: readonly Means[], wins: "success" | "settled"): Means =>
  (input, world) => {
    const decides: Decides = (outcome) => wins === "settled" || faultOf(outcome) === undefined
    const ends = begun(of, input, world, (so) => so.some(({ outcome }) => decides(outcome)))
    const faults = ends.map(({ outcome }) => faultOf(outcome)).filter((fault) => fault !== undefined)
    const none = failed({ _tag: "AllFailed", faults, retry: verdict(faults, 1) })
    return earliest(ends, decides) ?? { outcome: none, at: last(ends, world) }
  }

/** How members of these names, some of which have ended, make a quorum; undefined: it is not decided. */
function tally(
  n: number,
  names: readonly string[],
  settle: "all" | "quorum",
  ends: readonly Ended[],
): Ended | undefined {
  const known: (Outcome | undefined)[] = names.map(() => undefined)
  let [won, lost] = [0, 0]
  for (const [i, { outcome, at }] of inTime(ends)) {
    if (isAborted(outcome)) return { outcome, at }
    known[i] = outcome
    if (isRight(outcome)) won++
    else lost++
    if (names.length - lost < n) return { at, outcome: notMet(n, known) }
    if (won >= n && (settle === "quorum" || won + lost === names.length)) return { at, outcome: standing(names, known) }
  }
  return undefined
}

function notMet(n: number, known: readonly (Outcome | undefined)[]): Outcome {
  const faults = known.map((outcome) => outcome && faultOf(outcome)).filter((fault) => fault !== undefined)
  const succeeded = known.filter((outcome) => outcome !== undefined && isRight(outcome)).length
  const unsettled = known.length - succeeded - faults.length
  const retry = verdict(faults, n - succeeded - unsettled)
  return failed({ _tag: "QuorumNotMet", needed: n, succeeded, faults, retry })
}

function standing(names: readonly string[], known: readonly (Outcome | undefined)[]): Outcome {
  const listed = names.map((name, index) => ({ index, name, outcome: known[index] }))
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

/** At least `n` successes of members with these names. */
export const quorum =
  (n: number, of: readonly Means[], names: readonly string[], settle: "all" | "quorum"): Means =>
  (input, world) => {
    const end = (so: readonly Ended[]): Ended | undefined => tally(n, names, settle, so)
    const ends = begun(of, input, world, (so) => end(so) !== undefined)
    return end(ends) ?? { outcome: standing(names, []), at: world.at }
  }

/** The body on each element, so many at a time: an element begins when a place is free. */
export const traversed =
  (body: Means, lanes: number, atLeast: number | undefined): Means =>
  (input, world) => {
    if (!Array.isArray(input)) {
      return { at: world.at, outcome: failed({ _tag: "InvalidInput", value: input, issues: [], retry: "no" }) }
    }
    const elements: readonly unknown[] = input
    const names = elements.map((_, i) => String(i))
    const end = (so: readonly Ended[]): Ended | undefined =>
      atLeast === undefined ? earliest(so, isLeft) : tally(atLeast, names, "all", so)
    if (atLeast !== undefined && atLeast > elements.length)
      return {
        at: world.at,
        outcome: notMet(
          atLeast,
          names.map(() => undefined),
        ),
      }
    const free = elements.slice(0, lanes).map(() => world.at)
    const ends: Ended[] = []
    for (const element of elements) {
      const at = Math.min(...free)
      if ((end(ends)?.at ?? Infinity) <= at) break
      const one = body(element, { ...world, at })
      free[free.indexOf(at)] = one.at
      ends.push(one)
    }
    return end(ends) ?? { outcome: gave(values(ends)), at: last(ends, world) }
  }

/** A member of a graph: it begins when those that it depends on, all of which come before it, have ended. */
export interface Part {
  readonly id: string
  readonly means: Means
  readonly dependsOn: readonly string[]
}

export const graphed =
  (parts: readonly Part[]): Means =>
  (input, world) => {
    const ends = new Map<string, Ended>()
    for (const { id, means, dependsOn } of parts) {
      if ([...ends.values()].some(({ outcome, at }) => isLeft(outcome) && at === world.at)) break
      const before = dependsOn.map((dep) => ends.get(dep))
      const results = dependsOn.flatMap((dep, i) => {
        const outcome = before[i]?.outcome
        return outcome !== undefined && isRight(outcome) ? [[dep, outcome.right]] : []
      })
      if (results.length < dependsOn.length) continue
      const given = dependsOn.length === 0 ? input : { input, results: Object.fromEntries(results) }
      ends.set(id, means(given, { ...world, at: Math.max(world.at, ...before.map((end) => end?.at ?? 0)) }))
    }
    const broken = earliest([...ends.values()], isLeft)
    if (broken !== undefined) return broken
    const sinks = parts.filter(({ id }) => !parts.some(({ dependsOn }) => dependsOn.includes(id)))
    const outputs = values(sinks.flatMap(({ id }) => ends.get(id) ?? []))
    const all = Object.fromEntries(sinks.map(({ id }, i) => [id, outputs[i]]))
    return { outcome: gave(sinks.length === 1 ? outputs[0] : all), at: last([...ends.values()], world) }
  }

/** A list of as many elements as there are branches, each of which gets its own. */
export const split =
  (of: readonly Means[]): Means =>
  (input, world) => {
    if (Array.isArray(input) && input.length === of.length) {
      const elements: readonly unknown[] = input
      return together(
        of.map(
          (branch, i): Means =>
            (_, then) =>
              branch(elements[i], then),
        ),
      )(input, world)
    }
    return { at: world.at, outcome: failed({ _tag: "InvalidInput", value: input, issues: [], retry: "no" }) }
  }
