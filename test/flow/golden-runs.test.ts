import { describe, it } from "vitest"
import { isRecord } from "../../src/data/json.js"
import { type FlowEvent, retryable } from "../../src/index.js"
import type { Outcome } from "../../src/laws/index.js"
import type { virtualClock } from "../../src/testing/index.js"
import { of } from "./interpret/parts.js"
import { nodes } from "./interpret/single-flows.js"
import { isGolden } from "../setup/golden.js"
import { type Act, after, stage } from "./recording.js"

// What a run of each node does, event by event, where its agents answer at once, later, fail, or the run is aborted: read
// the texts in goldens/ as a user who watches a run would.

/** What arrives, where a node wants something of its own. */
const inputs: Readonly<Record<string, unknown>> = {
  "for each": ["one", "two", "three", "four", "five"],
  split: ["one", "two"],
  branch: { kind: "y" },
  "branch by a flow": "x",
  guard: "word",
}

type Answer = (name: string, count: number) => { readonly at: number; readonly fails?: unknown }

/** How agents answer, and when the run is aborted. */
const scenarios: Readonly<Record<string, { readonly answer: Answer; readonly abortAt?: number }>> = {
  "at once": { answer: () => ({ at: 0 }) },
  later: { answer: (name) => ({ at: name === "a" ? 10 : name === "b" ? 20 : 30 }) },
  "a fails at once": {
    answer: (name) => ({ at: name === "a" ? 0 : 20, ...(name === "a" && { fails: new Error("a is ill") }) }),
  },
  "b fails late": {
    answer: (name) => ({ at: name === "b" ? 20 : 10, ...(name === "b" && { fails: new Error("b is ill") }) }),
  },
  "each fails once": {
    answer: (_, count) => ({ at: 10, ...(count === 1 && { fails: retryable(new Error("not yet"), { after: 200 }) }) }),
  },
  "aborted at 15": { answer: (name) => ({ at: name === "a" ? 10 : 20 }), abortAt: 15 },
}

/** Data as JSON, faults by their tag and words. */
const said = (data: unknown): string =>
  (
    JSON.stringify(data, (_, value: unknown) =>
      isRecord(value) && "_tag" in value && "retry" in value
        ? `${String(value["_tag"])} at "${String(value["path"])}" (${JSON.stringify(value["retry"])}): ${String(value["message"])}`
        : typeof value === "bigint"
          ? `${value}n`
          : value,
    ) ?? ""
  ).slice(0, 400)

const line = ({ time, type, path, taskId, parentTaskId, agentPath, data }: FlowEvent): string =>
  [`${time} ${type} "${path}"`, taskId, parentTaskId && `< ${parentTaskId}`, agentPath, said(data)]
    .filter(Boolean)
    .join(" ")

async function told(name: string, { answer, abortAt }: { answer: Answer; abortAt?: number }): Promise<string> {
  const node = nodes[name]
  if (node === undefined) throw new Error(name)
  const counts = new Map<string, number>()
  const act =
    (agent: string) =>
    (clock: ReturnType<typeof virtualClock>): Act =>
    (input, ask) => {
      const count = (counts.get(agent) ?? 0) + 1
      counts.set(agent, count)
      const { at, fails } = answer(agent, count)
      const give = (): unknown => {
        if (fails !== undefined) throw fails
        return { by: agent, ok: count > 2, count, of: isRecord(input) ? input["by"] : input }
      }
      return at === 0 ? give() : after(at, give)(clock)(input, ask)
    }
  const on = stage({ a: act("a"), b: act("b"), c: act("c") })
  const outcome = on.start(of(node), inputs[name] ?? "in", { n: 1, tries: 3, t: 2 })
  await on.clock.settle()
  if (abortAt !== undefined) {
    await on.clock.advance(abortAt)
    on.cancel.cancel("enough")
  }
  for (let turns = 0; outcome() === undefined && turns < 3; turns++) await on.clock.advance(60_000)
  await on.clock.settle()
  const ended: Outcome | undefined = outcome()
  const end = ended === undefined ? "goes on" : ended._tag === "Right" ? said(ended.right) : `left ${said(ended.left)}`
  return [...on.events.map(line), end].map((text) => `    ${text}`).join("\n")
}

describe("a run of each node", () => {
  it.each(Object.keys(scenarios))("where agents answer so: %s", async (scenario) => {
    const how = scenarios[scenario]
    if (how === undefined) throw new Error(scenario)
    const parts: string[] = []
    for (const name of Object.keys(nodes)) parts.push(`${name}\n${await told(name, how)}\n`)
    const text = parts.join("\n")
    isGolden(new URL(`goldens/${scenario.replaceAll(" ", "-")}.txt`, import.meta.url), text)
  })
})
