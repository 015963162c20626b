import { defineConfig } from "vitest/config"
import ordinary from "../../vitest.config.js"

// The tests of one job of scripts/soak/mutation.js: those in the folders that MUTATION_TESTS names. Nothing is built
// before them, for they run no command line.
const folders = (process.env["MUTATION_TESTS"] ?? "").split(",").filter((folder) => folder !== "")

const { globalSetup: _, ...test } = ordinary.test ?? {}

export default defineConfig({
  ...ordinary,
  // Sources that are told apart by mutant run slowly; what never ends, Stryker ends.
  test: {
    ...test,
    testTimeout: 300_000,
    include: folders.map((folder) => `${folder}/**/*.test.ts`),
    // Depth alone: they run nearly every line of a layer for a minute, and would do so for each mutant that survives.
    exclude: ["test/flow/run-sync.test.ts", "test/flow/interpret/cost-{depth,nested-lists}.test.ts"],
  },
})
