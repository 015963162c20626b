#!/usr/bin/env node
// What is done to a sequence of 100,000 steps, in milliseconds: one run of each, in the order in which it is used.
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { record } from "./measure.js"

if (!existsSync(fileURLToPath(new URL("../dist/index.js", import.meta.url)))) {
  console.error("dist is missing: run `npm run build` first")
  process.exit(2)
}
const { AgentSystem, lift, named } = await import("../dist/index.js")
const { check, cost, explain, toMermaid } = await import("../dist/flow/index.js")
const { decode, encode, registry } = await import("../dist/serde/index.js")

const steps = 100_000
/** @param {number} n */
const increment = (n) => n + 1
const names = registry({ functions: { increment } })
const system = new AgentSystem()

/** @type {Array<{ name: string, ms: number }>} */
const rows = []
/**
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} act
 * @returns {Promise<T>}
 */
async function timed(name, act) {
  const started = performance.now()
  const result = await act()
  const ms = performance.now() - started
  rows.push({ name, ms })
  console.log(`${name.padEnd(36)}${ms.toFixed(0).padStart(8)} ms`)
  return result
}

const flow = await timed("build", () => {
  const step = lift(named("increment", increment))
  /** @type {import("../dist/index.js").Flow<number, number>} */
  let built = step
  for (let i = 1; i < steps; i++) built = built.andThen(step)
  return built
})
const json = await timed("encode", () => encode(flow))
const decoded = await timed("decode", () => decode(json, names))
await timed("check", () => check(flow))
await timed("cost", () => cost(flow))
await timed("explain", () => explain(flow))
await timed("draw as Mermaid, collapsed", () => toMermaid(flow))
await timed("draw as Mermaid, all of it", () => toMermaid(flow, { all: true }))
const sum = await timed("run", () => system.run(flow, 0))

if (sum !== steps || decoded._tag === "Left") throw new Error(`the sequence gave ${sum}, read back ${decoded._tag}`)
await system.shutdown()
record("sequence", { steps, rows })
