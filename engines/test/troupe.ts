import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { findBrowser } from "../browser.js"

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const execute = promisify(execFile)

/** Runs the command line as it was built, in this folder, where mermaid-cli is installed. */
export async function troupe(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [at("dist/cli/main.js"), ...args], {
    cwd: at("engines"),
    env: { ...process.env, CHROME_PATH: findBrowser() },
    timeout: 60_000,
  })
  return stdout
}

/** The flow documents of the repository, as absolute paths. */
export const flows: readonly string[] = readdirSync(at("flows"))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => at(`flows/${name}`))
