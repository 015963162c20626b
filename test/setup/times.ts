import * as fc from "fast-check"

/**
 * How often a property runs where 100 times, as elsewhere, is too few or too many. As many times more, or fewer, as
 * `PROPERTY_RUNS` says for all.
 */
export const times = (runs: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil((runs * (fc.readConfigureGlobal()?.numRuns ?? 100)) / 100),
})
