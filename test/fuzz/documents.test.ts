import { expect, it } from "vitest"
import { faultsOf, slowness } from "./faults.js"
import { mutate, type Seed } from "./mutate.js"
import { randomOf } from "./random.js"
import { names, seeds } from "./seeds.js"

// As the properties do, this runs 20 times as many mutants as PROPERTY_RUNS says, from PROPERTY_SEED.
const mutants = 20 * (Number(process.env["PROPERTY_RUNS"]) || 100)
const seed = Number(process.env["PROPERTY_SEED"] ?? 1)

/** The text of one mutant: the same for the same seed and number. */
function mutant(number: number): string {
  const random = randomOf(seed, number)
  const another = (): Seed => random.of(seeds, { text: "", value: null })
  return mutate(another(), random, another)
}

it("every document that mutants are made of is read without a fault", () => {
  for (const { text } of seeds) expect(faultsOf(text, names), text).toEqual([])
})

it(
  `${mutants} mutants of documents are read, or refused with a place and words, and never crash`,
  () => {
    const failures: string[] = []
    for (let number = 0; number < mutants && failures.length < 5; number++) {
      const text = mutant(number)
      const started = process.cpuUsage()
      const found = faultsOf(text, names)
      const { user, system } = process.cpuUsage(started)
      if (user + system > 1_000_000) found.push(...slowness(text, names))
      if (found.length > 0)
        failures.push(`seed ${seed}, mutant ${number}:\n${found.join("\n")}\n--- the text:\n${text}\n---`)
    }
    expect(failures.join("\n\n")).toBe("")
  },
  Math.max(60_000, mutants * 60),
)
