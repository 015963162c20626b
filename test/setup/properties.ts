import * as fc from "fast-check"

// How hard the properties try. Without these variables each runs 100 times from a fresh seed; `npm run soak` sets them.
//   PROPERTY_RUNS   how often each property runs
//   PROPERTY_SEED   where its random values begin
const runs = Number(process.env["PROPERTY_RUNS"])
const seed = Number(process.env["PROPERTY_SEED"])

fc.configureGlobal({
  ...(runs > 0 ? { numRuns: runs } : {}),
  ...(Number.isInteger(seed) && process.env["PROPERTY_SEED"] !== undefined ? { seed } : {}),
})
