import { readFileSync } from "node:fs"
import { parse as yaml } from "yaml"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { jsonSchema, schemaProblem } from "../../src/data/schema.js"
import { flow } from "../../src/flow/build.js"
import { hash } from "../../src/flow/hash.js"
import * as make from "../../src/flow/make.js"
import { decode, encode, formatSchema, registry } from "../../src/serde/index.js"
import { anyFlow } from "./arbitrary-flow.js"
import { times } from "../setup/times.js"

const read = (file: string): unknown => yaml(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"))

/** A key of a step, as far as a test looks at it. */
interface Shown {
  readonly $comment: string
  readonly examples: readonly Record<string, unknown>[]
  readonly anyOf?: readonly Pick<Shown, "properties">[]
  readonly properties?: Record<string, { readonly default?: unknown }>
}

describe("the JSON Schema of the format", () => {
  const schema = jsonSchema(formatSchema())

  it("is a JSON Schema", () => expect(schemaProblem(formatSchema())).toBeUndefined())

  it.each(["flows/research-brief.yaml", "flows/summarize.yaml"])("accepts %s", (file) =>
    expect(schema.parse(read(file))).toMatchObject({ _tag: "Right" }),
  )

  it.each([
    { troupe: 1, flows: { a: { map: 1 } }, limit: { calls: 1 }, flow: { flow: "a", retry: { times: "${params.n}" } } },
    { troupe: 1, agents: { a: { provider: "local" }, b: { provider: "local", depends_on: ["a"] } } },
    { troupe: 1, flow: { graph: { a: { do: { sleep: "1s" } }, b: { depends_on: ["a"], do: { guard: "value" } } } } },
  ])("accepts %j", (json) => expect(schema.parse(json)).toMatchObject({ _tag: "Right" }))

  it("says of a key that is missing what it means", () => {
    const agents = ["writer", "editor", "researcher", "analyst"].map((name) => ({ _tag: "AgentRef", name }) as const)
    const flowOf = (step: unknown) => {
      const read = decode(step, registry({ agents }))
      if (read._tag === "Left") throw new Error(read.left[0]?.message)
      return read.right
    }
    const steps: Record<string, Shown> = JSON.parse(JSON.stringify(formatSchema())).$defs.step.properties
    const judged: string[] = []
    for (const [step, { $comment, examples, ...body }] of Object.entries(steps)) {
      for (const record of [body, ...(body.anyOf ?? [])]) {
        for (const [key, { default: standard }] of Object.entries(record.properties ?? {})) {
          if (standard === undefined) continue
          const { [key]: _, grace: __, ...without } = examples[0] ?? {}
          const around = $comment === "decorator" ? { agent: "writer" } : {}
          expect(hash(flowOf({ ...around, [step]: { ...without, [key]: standard } })).value, `${step}.${key}`).toBe(
            hash(flowOf({ ...around, [step]: without })).value,
          )
          judged.push(`${step}.${key}`)
        }
      }
    }
    expect(judged.sort()).toEqual([
      "at_least.settle",
      "loop.exhausted",
      "loop.max",
      "race.wins",
      "retry.backoff",
      "retry.base",
      "retry.jitter",
      "retry.max",
      "retry.times",
    ])
  })

  it("knows the step keys of a registry", () => {
    const about = "two drafts"
    const sugar = [{ key: "twice", about, schema: { type: "string" }, expand: () => flow(make.seq([])) }]
    const withKeys = jsonSchema(formatSchema(registry({ sugar })))
    expect(withKeys.parse({ troupe: 1, flow: { twice: "x" } })).toMatchObject({ _tag: "Right" })
    expect(withKeys.parse({ troupe: 1, flow: { twice: 1 } })).toMatchObject({ _tag: "Left" })
    expect(schema.parse({ troupe: 1, flow: { twice: "x" } })).toMatchObject({ _tag: "Left" })
  })

  it("accepts whatever is encoded", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        expect(schema.parse({ troupe: 1, flow: encode(flow) })).toMatchObject({ _tag: "Right" })
      }),
      times(200),
    ))

  it.each([
    { flow: { map: 1 } },
    { troupe: 1 },
    { troupe: 2, flow: { map: 1 } },
    { troupe: 1, flow: {} },
    { troupe: 1, flow: { agnt: "x" } },
    { troupe: 1, flow: { agent: "x", timeout: 30 } },
    { troupe: 1, flow: { at_least: { n: 0, of: [] } } },
    { troupe: 1, flow: { steps: [{ loop: {} }] } },
    { troupe: 1, agents: { a: { modl: "x" } }, flow: { map: 1 } },
    { troupe: 1, flow: { map: 1, retry: 3 } },
    { troupe: 1, flow: { map: 1, limit: { concurrency: 0 } } },
    { troupe: 1, flow: { graph: { a: { agent: "x" } } } },
    { troupe: 1, flow: { suspend: { name: "x" } } },
    { troupe: 1, flows: [], flow: { map: 1 } },
  ])("refuses %j", (json) => expect(schema.parse(json)).toMatchObject({ _tag: "Left" }))
})
