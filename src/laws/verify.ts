import type { AnyFlow } from "../flow/index.js"
import { functions } from "./alphabet.js"
import { sample } from "./arbitrary.js"
import { type Choices, pick, seeded } from "./choices.js"
import { claims } from "./claims.js"
import type { Samples } from "./law.js"
import { laws } from "./laws.js"
import { equal, type Outcome } from "./outcome.js"
import { constant, failing } from "./samples.js"

/** An interpreter under test. */
export interface Subject {
  /** Runs a flow whose agents are `agents` of this module, which answer at once. */
  readonly run: (flow: AnyFlow, input: unknown) => Promise<Outcome>
  /** When two outcomes are alike. Default: equal values, or equal faults up to `path` and `message`. */
  readonly equal?: (a: Outcome, b: Outcome) => boolean
  /** Laws and claims that do not hold, by name (`interchange`, `Within.inTime`), with the reason. */
  readonly waivers?: Readonly<Record<string, string>>
  /** What the laws are tried on. Default: 50 random ones, and one where a branch fails while another goes on. */
  readonly samples?: readonly Samples[]
}

/** What became of one law or claim. */
export interface Finding {
  readonly name: string
  /** Why it need not hold, where it is waived. A waived law must fail on some sample. */
  readonly waived?: string
  readonly ok: boolean
  /** What was wrong, with the outcomes on both sides. */
  readonly problem?: string
  readonly left?: Outcome
  readonly right?: Outcome
  readonly samples?: Samples
}

/** Random samples: three flows of about `size` nodes each. */
export function samples(choices: Choices, size: number): Samples {
  const one = (): Samples["f"] => sample(choices, size)
  const fn = (): Samples["p"] => pick(choices, functions)
  return { f: one(), g: one(), h: one(), p: fn(), q: fn(), input: choices.below(101) }
}

/**
 * The first branch is done at once and its next step fails, while the second branch fails: where interchange breaks.
 */
const crossing: Samples = {
  f: constant(1),
  g: failing("second", false),
  h: failing("next", false),
  p: functions[0],
  q: functions[0],
  input: 1,
}

const standard = (): Samples[] => [
  crossing,
  ...Array.from({ length: 50 }, (_, seed) => samples(seeded(seed), 1 + (seed % 12))),
]

interface Pair {
  readonly left: Outcome
  readonly right: Outcome
}

/** Every law and every claim as a pair of outcomes. */
function pairs({ run }: Subject): [string, (given: Samples) => Promise<Pair>][] {
  const equations = Object.entries(laws).map(([name, law]): [string, (given: Samples) => Promise<Pair>] => [
    name,
    async (given) => {
      const { lhs, rhs, reads = (outcome) => outcome } = law(given)
      return { left: await run(lhs, given.input), right: reads(await run(rhs, given.input)) }
    },
  ])
  const meanings = Object.entries(claims).flatMap(([tag, ofTag]) =>
    Object.entries(ofTag).map(([name, claim]): [string, (given: Samples) => Promise<Pair>] => [
      `${tag}.${name}`,
      async (given) => {
        const { flow, input, means } = claim(given)
        return { left: await run(flow, input), right: means }
      },
    ]),
  )
  return [...equations, ...meanings]
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
 * const findings = await verify({ run: async () => ({ _tag: "Right", right: undefined }) })
 * findings.find(({ name }) => name === "associativity")?.ok // true
 * findings.every(({ ok }) => ok) // false
 * ```
 */
export async function verify(subject: Subject): Promise<readonly Finding[]> {
  const { waivers = {}, equal: alike = equal } = subject
  const given = subject.samples ?? standard()
  const found: Finding[] = []
  const tried = pairs(subject)
  for (const [name, outcomes] of tried) {
    const waived = Object.hasOwn(waivers, name) ? waivers[name] : undefined
    let broken: (Pair & { readonly samples: Samples }) | undefined
    for (const one of given) {
      const pair = await outcomes(one)
      if (alike(pair.left, pair.right)) continue
      broken = { ...pair, samples: one }
      break
    }
    if (waived !== undefined) {
      const ok = broken !== undefined
      found.push({ name, waived, ok, ...(ok ? {} : { problem: "it is waived but holds on every sample" }) })
    } else if (broken === undefined) found.push({ name, ok: true })
    else found.push({ name, ok: false, problem: "the two sides end differently", ...broken })
  }
  const known = new Set(tried.map(([name]) => name))
  for (const name of Object.keys(waivers)) {
    if (!known.has(name)) found.push({ name, ok: false, problem: "it is waived but there is no such law" })
  }
  return found
}
