import { describe, expect, it } from "vitest"
import type { AgentRef } from "../../src/data/agent-ref.js"
import { defineAgent } from "../../src/agents/index.js"
import { AgentSystem } from "../../src/agents/system.js"
import { check } from "../../src/flow/interpret/check.js"
import { cost } from "../../src/flow/interpret/cost.js"
import { equals } from "../../src/flow/equals.js"
import { named } from "../../src/flow/build.js"
import { functions, layer, moa, sugar } from "../../src/moa/index.js"
import { decode, encode, parse, print, registry } from "../../src/serde/index.js"
import { z } from "zod"

const proposer = (name: string) =>
  defineAgent(
    { name, input: z.string(), output: z.string() },
    async (question) => `${name}(${question.split("\n")[0]})`,
  )
const [a, b, c] = [proposer("a"), proposer("b"), proposer("c")]
const critic = defineAgent({ name: "critic", input: z.string(), output: z.string() }, async (text) => `critic<${text}>`)
const editor = defineAgent({ name: "editor", input: z.string(), output: z.string() }, async (text) => `editor<${text}>`)
const broken = defineAgent({ name: "broken", input: z.string(), output: z.string() }, async (): Promise<string> => {
  throw new Error("no")
})
const plainly = named(
  "plainly",
  ({ question, references }: { question: unknown; references: readonly { name: string; value: unknown }[] }) =>
    `${String(question)}|${references.map(({ name, value }) => `${name}=${String(value)}`).join(",")}`,
)
const names = registry({ agents: [a, b, c, critic, editor, broken], functions: [...functions, plainly], sugar })

const run = async (flow: Parameters<typeof encode>[0], input: unknown): Promise<unknown> => {
  await using system = new AgentSystem()
  return await system.run(flow, input as never)
}

describe("a layer", () => {
  const one = layer({ proposers: [a, b], aggregator: editor, prompt: plainly })

  it("gives the aggregator the question and every answer", async () => {
    expect(await run(one, "why")).toBe("editor<why|a=a(why),b=b(why)>")
  })

  it("goes on without a proposer that fails, down to its quorum", async () => {
    const lax = layer({ proposers: [a, broken, b], aggregator: editor, quorum: 2, prompt: plainly })
    expect(await run(lax, "why")).toBe("editor<why|a=a(why),b=b(why)>")
    const strict = layer({ proposers: [a, broken], aggregator: editor, prompt: plainly })
    await expect(run(strict, "why")).rejects.toMatchObject({ fault: { _tag: "QuorumNotMet" } })
  })

  it("calls the answers by the keys of a record", async () => {
    const named = layer({ proposers: { left: a, right: b }, aggregator: editor, prompt: plainly })
    expect(await run(named, "why")).toBe("editor<why|left=a(why),right=b(why)>")
  })

  it("without a prompt writes question and answers as text", async () => {
    expect(await run(layer({ proposers: [a], aggregator: editor }), "why")).toMatch(
      /^editor<why\n\n[^\n]+\n\n1\. a:\na\(why\)>$/,
    )
  })

  it("takes the question that its proposers take", () => {
    const counting: AgentRef<number, string> = { _tag: "AgentRef", name: "counting" }
    const flow = layer({ proposers: [counting], aggregator: editor })
    // @ts-expect-error a text is no number
    const wrong: typeof flow = layer({ proposers: [a], aggregator: counting })
    expect(wrong).toBeDefined()
  })
})

describe("an ensemble", () => {
  const ensemble = moa([
    layer({ proposers: [a, b, c], aggregator: editor, quorum: 2, prompt: plainly }),
    layer({ proposers: [critic], aggregator: editor, prompt: plainly }),
    layer({ proposers: [critic], aggregator: critic, prompt: plainly }),
  ])

  it("hands each layer the question and the answer of the one below", async () => {
    const first = "editor<why|a=a(why),b=b(why),c=c(why)>"
    const second = `editor<why|critic=critic<why|editor=${first}>>`
    expect(await run(ensemble, "why")).toBe(`critic<why|critic=critic<why|editor=${second}>>`)
  })

  it("is a flow: it prints, comes back equal, is priced and checked", () => {
    const back = decode(encode(ensemble), names)
    expect(back._tag === "Right" && equals(back.right, ensemble)).toBe(true)
    expect(print(ensemble)).toContain("fn: moa.gather")
    expect(cost(ensemble).most.calls.total.value).toBe(8)
    expect(check(ensemble, { input: { type: "string" } }).errors).toEqual([])
  })

  it("refuses what is no layer, and nothing", () => {
    expect(() => moa([])).toThrow(/at least one layer/)
    expect(() => moa([ensemble])).toThrow(/layer\(…\)/)
  })
})

describe("the sugar of a document", () => {
  const text = (body: string) => `troupe: 1\ninput: { type: string }\nflow:\n  moa:\n    layers:\n${body}`

  it("expands to the same flow", () => {
    const document = parse(
      text(
        "      - { proposers: [a, b, { agent: c }], aggregator: editor, quorum: 2, timeout: 20s }\n      - { proposers: [critic], aggregator: editor }\n",
      ),
      names,
    )
    const flow = moa([
      layer({ proposers: [a, b, c], aggregator: editor, quorum: 2, timeout: 20_000 }),
      layer({ proposers: [critic], aggregator: editor }),
    ])
    expect(document).toMatchObject({ _tag: "Right" })
    expect(document._tag === "Right" && equals(document.right.flow, flow)).toBe(true)
  })

  it.each([
    ["      - { proposers: [a, x], aggregator: editor }\n", "unknown_agent", 6, 26],
    ["      - { proposers: [a], aggregator: editor, quorm: 2 }\n", "moa", 6, 54],
    ["      - { proposers: [a], aggregator: editor, quorum: 2 }\n", "quorum_range", 6, 9],
    ["      - { proposers: [], aggregator: editor }\n", "moa", 6, 9],
    ["      - { proposers: [a], aggregator: editor, timeout: 20 }\n", "moa", 6, 56],
  ])("says what is wrong where it is: %s", (body, code, line, column) => {
    const parsed = parse(text(body), names)
    expect(parsed._tag === "Left" && parsed.left).toMatchObject([{ code, line, column }])
  })
})

it("the functions of ensembles keep the names that documents hold", () => {
  expect(functions.map(({ name }) => name)).toEqual(["moa.references", "moa.gather", "moa.refer", "moa.question"])
})
