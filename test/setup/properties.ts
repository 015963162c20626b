import * as fc from "fast-check"

// How hard the properties try. Without these variables each runs 100 times (or as `times` says), from a seed that is the
// same on every machine, so that what was green stays green; `npm run soak` sets both.
//   PROPERTY_RUNS   how often each property runs
//   PROPERTY_SEED   where its random values begin
const runs = Number(process.env["PROPERTY_RUNS"])
const seed = Number(process.env["PROPERTY_SEED"] ?? 1)

fc.configureGlobal({
  ...(runs > 0 ? { numRuns: runs } : {}),
  ...(Number.isInteger(seed) ? { seed } : {}),
})
