import { messageOf } from "../data/fault.js"
import type { AnyFlow } from "../flow/index.js"
import { claims } from "./claims.js"
import type { Samples } from "./law.js"
import { laws } from "./laws.js"
import { equal, type Outcome, same } from "./outcome.js"
import { standard } from "./sampled.js"

interface Tried {
  /** Laws and claims that do not hold, by name (`interchange`, `Within.inTime`), with the reason. */
  readonly waivers?: Readonly<Record<string, string>>
  /** What the laws are tried on. Default: 50 random ones, and one where a branch fails while another goes on. */
  readonly samples?: readonly Samples[]
}

/** An interpreter under test that runs flows. */
export interface Running extends Tried {
  /**
   * Runs a flow to its end. Its agents are those of `cast`, afresh for each run, and answer at once; its suspends are
   * answered by `answerTo` of their names.
   */
  readonly run: (flow: AnyFlow, input: unknown) => Promise<Outcome> | Outcome
  /** When two outcomes are alike. Default: equal values, or equal faults up to where they were and their words. */
  readonly equal?: (a: Outcome, b: Outcome) => boolean
}

/** An interpreter under test that reads flows without running them: the laws alone are tried. */
export interface Reading extends Tried {
  readonly read: (flow: AnyFlow) => unknown
  /** When two readings are alike. Default: where they are equal as data. */
  readonly alike?: (a: unknown, b: unknown) => boolean
}

/** An interpreter under test. */
export type Subject = Running | Reading

/** What became of one law or claim. */
export interface Finding {
  readonly name: string
  /** Why it need not hold, where it is waived. A waived law must fail on some sample. */
  readonly waived?: string
  readonly ok: boolean
  /** What was wrong, with what both sides came to. */
  readonly problem?: string
  readonly left?: unknown
  readonly right?: unknown
  /** What it was seen to fail on. */
  readonly samples?: Samples
}

interface Trial {
  readonly alike: boolean
  readonly left?: unknown
  readonly right?: unknown
  readonly thrown?: unknown
}

type Try = (given: Samples) => Promise<Trial>

const equations = (sides: (law: (typeof laws)[string], given: Samples) => Promise<Trial>): [string, Try][] =>
  Object.entries(laws).map(([name, law]) => [name, (given) => sides(law, given)])

/** Every law and every claim, as what is to be tried. */
function trials(subject: Subject): [string, Try][] {
  if ("read" in subject) {
    const { read, alike = same } = subject
    return equations(async (law, given) => {
      const { lhs, rhs } = law(given)
      const [left, right] = [read(lhs), read(rhs)]
      return { alike: alike(left, right), left, right }
    })
  }
  const { run, equal: alike = equal } = subject
  const meanings = Object.entries(claims).flatMap(([tag, ofTag]) =>
    Object.entries(ofTag).map(([name, claim]): [string, Try] => [
      `${tag}.${name}`,
      async (given) => {
        const { flow, input, means: right } = claim(given)
        const left = await run(flow, input)
        return { alike: alike(left, right), left, right }
      },
    ]),
  )
  const sides = equations(async (law, given) => {
    const { lhs, rhs, reads = (outcome: Outcome) => outcome } = law(given)
    const [left, right] = [await run(lhs, given.input), reads(await run(rhs, given.input))]
    return { alike: alike(left, right), left, right }
  })
  return [...sides, ...meanings]
}

/** What it fails on; undefined: it holds of all samples. */
async function failure(trial: Try, given: readonly Samples[]): Promise<(Trial & { samples: Samples }) | undefined> {
  for (const samples of given) {
    const tried = await trial(samples).catch((thrown: unknown): Trial => ({ alike: false, thrown }))
    if (!tried.alike) return { ...tried, samples }
  }
  return undefined
}

/**
 * Tries every law and every claim on an interpreter. A waived one must be seen to fail, so that no waiver goes stale.
 *
 * @returns what became of each, by name; all is well when every `ok` is true.
 *
 * @example
 * ```ts
 * import { verify } from "troupe/laws"
 * // An interpreter that does nothing obeys every equation, and breaks the claims about what nodes mean.
 * const findings = await verify({ run: () => ({ _tag: "Right", right: undefined }) })
 * findings.find(({ name }) => name === "associativity")?.ok // true
 * findings.every(({ ok }) => ok) // false
 * ```
 */
export async function verify(subject: Subject): Promise<readonly Finding[]> {
  const { waivers = {} } = subject
  const given = subject.samples ?? standard()
  const found: Finding[] = []
  const tried = trials(subject)
  for (const [name, trial] of tried) {
    const waived = Object.hasOwn(waivers, name) ? waivers[name] : undefined
    const broken = await failure(trial, given)
    if (waived !== undefined && broken !== undefined) found.push({ name, waived, ok: true, samples: broken.samples })
    else if (waived !== undefined)
      found.push({ name, waived, ok: false, problem: "it is waived but holds on every sample" })
    else if (broken === undefined) found.push({ name, ok: true })
    else {
      const { alike: _, thrown, ...both } = broken
      const problem = thrown === undefined ? "the two sides end differently" : `it threw: ${messageOf(thrown)}`
      found.push({ name, ok: false, problem, ...both })
    }
  }
  const known = new Set(tried.map(([name]) => name))
  for (const name of Object.keys(waivers)) {
    if (!known.has(name)) found.push({ name, ok: false, problem: "it is waived but there is no such law" })
  }
  return found
}
