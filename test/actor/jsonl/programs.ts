import { type ChildProcess, spawn } from "node:child_process"

const entry = new URL("../../../dist/actor/index.js", import.meta.url).href

export interface Program {
  readonly process: ChildProcess
  /** What it wrote so far. */
  readonly output: () => string
  /** Resolves when its output has this in it. */
  readonly says: (words: string) => Promise<void>
  /** Resolves with its exit code; with the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/**
 * Runs a program in a process of its own. `troupe` in its text is the built package's actors, `args` its arguments. A
 * `shell` among them is run first, and ends with `exec "$@"`.
 */
export function program(text: string, ...given: readonly (string | { readonly shell: string })[]): Program {
  const head = `import * as troupe from ${JSON.stringify(entry)}; const args = process.argv.slice(1);`
  const args = given.filter((each) => typeof each === "string")
  const shell = given.flatMap((each) => (typeof each === "string" ? [] : ["-c", each.shell, "sh"]))
  const node = [process.execPath, "--input-type=module", "-e", head + text, ...args]
  const command = shell.length === 0 ? node : ["/bin/sh", ...shell, ...node]
  const child = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "pipe", "pipe"] })
  let output = ""
  let waiting: Array<() => void> = []
  const add = (chunk: Buffer): void => {
    output += chunk.toString()
    for (const look of waiting) look()
  }
  child.stdout.on("data", add)
  child.stderr.on("data", add)
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code, signal) => resolve(code ?? signal))
  })
  return {
    process: child,
    ended,
    output: () => output,
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!output.includes(words)) return
          waiting = waiting.filter((each) => each !== look)
          resolve()
        }
        waiting.push(look)
        look()
        void ended.then(() => reject(new Error(`it ended and never said ${words}: ${output}`)))
      }),
  }
}
