import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"

/** @import { Job } from "../soak.js" */

const hour = 3_600_000
const runsInTest = 100
const shuffles = 10
const fuzzes = 5

/**
 * The properties of each file at length, mutants of documents, then all tests in other orders.
 *
 * @param {string} root
 * @param {{ seed: number, times: number }} options
 * @returns {Job[]}
 */
export function testJobs(root, { seed, times }) {
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.ts") && /from "fast-check"/.test(readFileSync(join(root, file), "utf8")))
    .sort()
  const runs = String(runsInTest * times)
  return [
    ...files.map((file) =>
      job(root, `properties ${file}`, (input) => input === file, [file], {
        PROPERTY_RUNS: runs,
        PROPERTY_SEED: String(seed),
      }),
    ),
    ...Array.from({ length: fuzzes }, (_, i) =>
      job(root, `fuzz ${i + 1}`, (input) => input.startsWith("test/fuzz/"), ["test/fuzz"], {
        PROPERTY_RUNS: runs,
        PROPERTY_SEED: String(seed + i),
      }),
    ),
    ...Array.from({ length: shuffles }, (_, i) =>
      job(root, `shuffled ${i + 1}`, () => true, ["--sequence.shuffle", `--sequence.seed=${seed + i}`], {
        PROPERTY_SEED: String(seed + i),
      }),
    ),
  ]
}

/**
 * @param {string} root
 * @param {string} name
 * @param {Job["begins"]} begins
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} env
 * @returns {Job}
 */
function job(root, name, begins, args, env) {
  return {
    name,
    begins,
    run() {
      const report = join(root, ".troupe", "soak-report.json")
      rmSync(report, { force: true })
      const { status } = spawnSync(
        process.execPath,
        [
          join(root, "node_modules/vitest/vitest.mjs"),
          "run",
          ...args,
          `--testTimeout=${6 * hour}`,
          "--reporter=dot",
          "--reporter=json",
          `--outputFile.json=${report}`,
        ],
        { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } },
      )
      const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = existsSync(report)
        ? JSON.parse(readFileSync(report, "utf8"))
        : {}
      return { ok: status === 0 && passed > 0, said: `${passed} passed, ${failed} failed` }
    },
  }
}
