import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const results = join(root, "bench", "results.json")

/** @param {readonly number[]} numbers */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** A quarter of the way up: noise only adds, and hits a part of the batches. @param {readonly number[]} numbers */
export const lowerQuartile = (numbers) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 4)] ?? Number.NaN

/**
 * Writes what one benchmark found to bench/results.json, beside what the others found, with the machine it ran on.
 *
 * @param {string} name
 * @param {object} found
 */
export function record(name, found) {
  mkdirSync(dirname(results), { recursive: true })
  const before = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {}
  const machine = { node: process.version, platform: `${process.platform} ${process.arch}`, cores: cpus().length }
  writeFileSync(results, `${JSON.stringify({ ...before, [name]: { machine, ...found } }, null, 2)}\n`)
  console.log(`written to ${relative(process.cwd(), results)}`)
}
