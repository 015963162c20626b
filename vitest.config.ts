import { defineConfig } from "vitest/config"

// Tests import the package by its public names (`troupe`, `troupe/flow`, …); here they resolve to the sources.
const layers = ["flow", "actor", "agents", "serde", "moa", "laws", "testing"]
const alias = [
  ...layers.map((layer) => ({
    find: new RegExp(`^troupe/${layer}$`),
    replacement: new URL(`./src/${layer}/index.ts`, import.meta.url).pathname,
  })),
  { find: /^troupe$/, replacement: new URL("./src/index.ts", import.meta.url).pathname },
]

export default defineConfig({
  resolve: { alias },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup/build.ts"],
    setupFiles: ["test/setup/properties.ts"],
    testTimeout: 60_000,
    maxWorkers: "100%",
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "json-summary"] },
  },
})
