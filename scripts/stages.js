import { spawn } from "node:child_process"

/**
 * One thing to check: a command, judged by its exit code.
 *
 * @typedef {{ name: string, command: readonly string[] }} Stage
 */

/** @typedef {{ name: string, ok: boolean, seconds: number, output: string }} Outcome */

/**
 * Runs a stage and collects what it prints.
 *
 * @param {Stage} stage
 * @param {string} cwd
 * @returns {Promise<Outcome>}
 */
export function runStage({ name, command: [program = "", ...args] }, cwd) {
  const started = performance.now()
  return new Promise((resolve) => {
    let output = ""
    /** @param {boolean} ok */
    const end = (ok) => resolve({ name, ok, seconds: (performance.now() - started) / 1000, output })
    const child = spawn(program, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    })
    child.stdout.on("data", (chunk) => (output += chunk))
    child.stderr.on("data", (chunk) => (output += chunk))
    child.on("error", (error) => {
      output += `${program}: ${error.message}\n`
      end(false)
    })
    child.on("close", (code) => end(code === 0))
  })
}

/**
 * Runs groups of stages one after the other, the stages of a group at the same time. A stage that fails stops nothing.
 *
 * @param {ReadonlyArray<readonly Stage[]>} groups
 * @param {{ cwd: string, report: (outcome: Outcome) => void }} options
 * @returns {Promise<Outcome[]>}
 */
export async function runStages(groups, { cwd, report }) {
  /** @type {Outcome[]} */
  const outcomes = []
  for (const group of groups) {
    await Promise.all(
      group.map(async (stage) => {
        const outcome = await runStage(stage, cwd)
        outcomes.push(outcome)
        report(outcome)
      }),
    )
  }
  return outcomes
}
