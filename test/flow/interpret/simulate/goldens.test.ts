import { it } from "vitest"
import { cost, formatSimulation, type Profile, simulate } from "../../../../src/flow/index.js"
import { isGolden } from "../../../setup/golden.js"
import { of } from "../parts.js"
import { nodes } from "../single-flows.js"

// The figures of some runs of each node: read goldens.txt as a planner would.

const inputs: Readonly<Record<string, unknown>> = {
  "for each": ["one", "two", "three", "four", "five"],
  split: ["one", "two"],
  branch: { kind: "y" },
  guard: "word",
}

const agents: Readonly<Record<string, Profile>> = {
  a: {
    latency: "uniform(1s, 3s)",
    failure: 0.2,
    tokens: 100,
    usd: 0.01,
    output: [{ value: { ok: true, size: "four" } }],
  },
  b: { latency: "98% 2s + 2% 60s", tokens: "uniform(10, 20)" },
}

/** A figure to six digits: what is beyond depends on the machine's logarithm. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value

it("each node is simulated as goldens.txt says", async () => {
  const parts: string[] = []
  for (const [name, node] of Object.entries(nodes)) {
    const flow = of(node)
    const simulation = await simulate(flow, {
      agents: Object.fromEntries(Object.entries(agents).filter(([agent]) => agent in cost(flow).most.calls.byAgent)),
      default: { latency: "lognormal(2s, 6s)", failure: 0.05 },
      runs: 40,
      seed: 7,
      input: inputs[name] ?? "in",
      params: { n: 1, tries: 3, t: 2 },
    })
    const text = `${formatSimulation(simulation)}\n${JSON.stringify(simulation, rounded)}`
    parts.push(`${name}\n${text.replace(/^/gm, "  ")}\n`)
  }
  const text = parts.join("\n")
  isGolden(new URL("goldens.txt", import.meta.url), text)
})
