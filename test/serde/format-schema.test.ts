import { readFileSync } from "node:fs"
import { parse as yaml } from "yaml"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { jsonSchema, schemaProblem } from "../../src/data/schema.js"
import { encode, formatSchema } from "../../src/serde/index.js"
import { anyFlow } from "./arbitrary-flow.js"
import { times } from "../setup/times.js"

const read = (file: string): unknown => yaml(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"))

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
