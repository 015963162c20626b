import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const root: string = fileURLToPath(new URL("../..", import.meta.url))
const main = join(root, "dist", "cli", "main.js")

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly cwd?: string
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** Sends `signal`, SIGINT by default, once standard error has said this. */
  readonly interruptAfter?: RegExp
  readonly signal?: NodeJS.Signals
  /** Sends the signal once more, when standard error has said this as well. */
  readonly againAfter?: RegExp
}

/** Runs the built command line as a user's shell would. */
export function troupe(
  args: readonly string[],
  options: Options = {},
): Promise<Ended & { readonly interrupted: number }> {
  const { cwd = root, stdin = "", env = {}, interruptAfter, againAfter, signal = "SIGINT" } = options
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), ...env },
    })
    let stdout = ""
    let stderr = ""
    let interrupted = 0
    let again = false
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString()
      if (interruptAfter?.test(stderr) && interrupted === 0) {
        interrupted = performance.now()
        child.kill(signal)
      }
      if (againAfter?.test(stderr) && !again) {
        again = true
        child.kill(signal)
      }
    })
    child.on("error", reject)
    child.on("close", (code) =>
      resolve({ code, stdout, stderr, interrupted: interrupted === 0 ? 0 : performance.now() - interrupted }),
    )
    child.stdin.on("error", () => undefined) // a command that reads no input may close it first
    child.stdin.end(stdin)
  })
}

/** A folder of its own for a test's files. */
export function folder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "troupe-test-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
