import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** What the compiler said when the package was built before the tests; "" when it was built. */
    readonly buildError: string
  }
}

/** Builds the package once before the tests: examples and the blocks of the documentation run against it. */
export default function setup(project: TestProject): void {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  let buildError = ""
  try {
    for (const script of [["node_modules/typescript/bin/tsc", "-b"], ["scripts/bundle.js"]]) {
      execFileSync(process.execPath, script, { cwd: root, encoding: "utf8", stdio: "pipe" })
    }
  } catch (error) {
    buildError = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)
  }
  project.provide("buildError", buildError)
}
