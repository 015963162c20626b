import { defineConfig } from "vitest/config"
import { BaseSequencer } from "vitest/node"
import ordinary from "../../vitest.config.js"

// The tests of one job of scripts/soak/mutation.js: those in the folders that MUTATION_TESTS names. Nothing is built
// before them, for they run no command line.
const folders = (process.env["MUTATION_TESTS"] ?? "").split(",").filter((folder) => folder !== "")

const { globalSetup: _, ...test } = ordinary.test ?? {}

/** The quickest files first: most mutants fall to one of them, and the slow ones never start. */
class QuickestFirst extends BaseSequencer {
  /** @override @param {import("vitest/node").TestSpecification[]} files */
  async sort(files) {
    const sorted = await super.sort(files)
    return sorted.toReversed()
  }
}

export default defineConfig({
  ...ordinary,
  test: {
    ...test,
    // Files share their modules: what is mutated is evaluated once a mutant, not once a file.
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    // Sources that are told apart by mutant run slowly; what never ends, Stryker ends.
    testTimeout: 300_000,
    setupFiles: [...[test.setupFiles ?? []].flat(), "scripts/soak/mutation.setup.js"],
    include: folders.map((folder) => (folder.endsWith(".ts") ? folder : `${folder}/**/*.test.ts`)),
    // Size alone: they run nearly every line of a layer for a minute, and would do so for each mutant that survives.
    exclude: ["test/flow/run-{depth,turns}.test.ts", "test/flow/interpret/cost-{depth,nested-lists}.test.ts"],
  },
})
