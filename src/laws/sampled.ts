import { functions } from "./alphabet.js"
import { garden, type Ingredients } from "./arbitrary.js"
import { type Choices, pick, seeded } from "./choices.js"
import type { Samples } from "./law.js"
import { constant, failing } from "./samples.js"

/** Flows of which it does not matter when their agents answer. */
const calm: Ingredients = { agents: true, faults: false, races: false }

/**
 * Random samples: flows of about `size` nodes each, which may fail, race and wait, and total ones.
 *
 * @param ingredients what the flows that may fail are made of; the total ones take no time where these do not.
 *
 * @example
 * ```ts
 * import { laws, samples, seeded } from "troupe/laws"
 * const { lhs, rhs } = laws.associativity!(samples(seeded(1), 5)) // two flows that end alike
 * ```
 */
export function samples(
  choices: Choices,
  size: number,
  ingredients: Ingredients = { agents: true, faults: true, waits: true },
): Samples {
  const { agents, waits = false } = ingredients
  const one = garden(choices, ingredients)
  const total = garden(choices, { ...calm, agents, waits })
  const fn = (): Samples["p"] => pick(choices, functions)
  return {
    f: one(size),
    g: one(size),
    h: one(size),
    t: total(size),
    u: total(size),
    v: total(size),
    w: total(size),
    p: fn(),
    q: fn(),
    input: choices.below(101),
  }
}

/** The first branch is done at once and its next step fails, while the second branch fails: interchange breaks. */
const crossing: Samples = {
  ...samples(seeded(0), 1),
  f: constant(1),
  g: failing("second", false),
  h: failing("next", false),
  t: constant(2),
  input: 1,
}

/** What laws are tried on unless something else is given: random samples, and one where interchange breaks. */
export const standard = (count = 50): readonly Samples[] => [
  crossing,
  ...Array.from({ length: count }, (_, seed) => samples(seeded(seed), 1 + (seed % 12))),
]
