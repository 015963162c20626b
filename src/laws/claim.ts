import type { Claim, Samples } from "./law.js"
import type { Sample } from "./sample.js"
import { meant } from "./world.js"

/** The claim that a flow comes to what it means. */
export const claim =
  (of: (samples: Samples) => Sample): Claim =>
  (samples) => {
    const { flow, means } = of(samples)
    return { flow, input: samples.input, means: meant(means, samples.input) }
  }
