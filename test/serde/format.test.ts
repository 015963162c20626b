import { readdirSync, readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { complete } from "../../src/cli/host.js"
import { hash } from "../../src/flow/hash.js"
import { fromManifest, parse, print, type Registry } from "../../src/serde/index.js"
import { commentsOf } from "../../src/serde/canonical.js"
import { format, type Spelling } from "../../src/serde/format.js"
import { commented } from "./arbitrary-comments.js"
import { times } from "../setup/times.js"

const flows = new URL("../../flows/", import.meta.url)
const gallery = readdirSync(flows).filter((name) => name.endsWith(".yaml"))
const manifest: unknown = JSON.parse(readFileSync(new URL("troupe.manifest.json", flows), "utf8"))
const names: Registry = complete(fromManifest(manifest))

const formatted = (text: string, to?: Spelling): string => {
  const made = format(text, names, to === undefined ? {} : { to })
  if (made._tag === "Left") throw new Error(`${JSON.stringify(made.left, null, 1)}\n${text}`)
  return made.right
}
const refused = (text: string) => {
  const made = format(text, names, { file: "a.yaml" })
  return made._tag === "Left" ? made.left.map(({ code, line, column }) => [code, line, column]) : made.right
}
const meant = (text: string) => {
  const read = parse(text, names)
  if (read._tag === "Left") throw new Error(read.left[0]?.message)
  return [hash(read.right.flow).value, print(read.right)]
}

describe("a formatted document", () => {
  it.each(gallery)("flows/%s means the same, wherever comments are, keeps each, and is formatted", (name) =>
    fc.assert(
      fc.property(commented(readFileSync(new URL(name, flows), "utf8")), (text) => {
        const made = formatted(text)
        expect(meant(made)).toEqual(meant(text))
        expect([...commentsOf(made)].sort()).toEqual([...commentsOf(text)].sort())
        expect(formatted(made)).toBe(made)
      }),
      times(10),
    ),
  )

  it.each(gallery)("flows/%s means the same as JSON, and as YAML again", (name) => {
    const text = readFileSync(new URL(name, flows), "utf8")
    const json = formatted(text, "json")
    expect(meant(JSON.stringify(JSON.parse(json)))).toEqual(meant(text))
    const yaml = formatted(json, "yaml")
    expect(meant(yaml)).toEqual(meant(text))
    expect([formatted(yaml), formatted(yaml, "json"), formatted(json)]).toEqual([yaml, json, json])
  })

  it("is refused as YAML where that may not be so large", () => {
    const flow = { all: Array.from({ length: 6_000 }, (_, i) => ({ map: i })) }
    const made = format(JSON.stringify({ troupe: 1, flow }), names, { to: "yaml" })
    expect(made).toMatchObject({
      _tag: "Left",
      left: [
        {
          code: "too_many_nodes",
          severity: "error",
          message: expect.stringMatching(/^as YAML it could not be read: .* more than 10,000 nodes/),
        },
      ],
    })
  })

  it("stays JSON where it was", () =>
    expect(formatted('{"flow":{"as":"x","guard":"${value}","map":true},"troupe":1}')).toBe(
      `${JSON.stringify({ troupe: 1, flow: { map: true, guard: "value", as: "x" } }, null, 2)}\n`,
    ))

  it("reads the field of a branch with and without `${…}` around it as one thing", () => {
    const text = (on: string) => `troupe: 1\nflow: { branch: { on: ${on}, cases: { a: { map: 1 } } } }\n`
    expect(meant(text('"${value.kind}"'))).toEqual(meant(text("value.kind")))
    expect(formatted(text('"${value.kind}"'))).toBe(text("value.kind"))
  })

  it("sorts the layers of an ensemble", () => {
    const moa = (layer: string) =>
      `troupe: 1\nagents: { a: { provider: local } }\nflow: { moa: { layers: [${layer}] } }\n`
    expect(formatted(moa("{ aggregator: a, proposers: [a] }"))).toBe(moa("{ proposers: [a], aggregator: a }"))
  })

  it("is none of a document with mistakes, or whose anchor would come too late", () => {
    expect(refused("troupe: 1\nflow: { agent: nobody, timout: 3s }\n")).toEqual([
      ["unknown_agent", 2, 16],
      ["unknown_key", 2, 24],
    ])
    expect(refused("flow: [")).toMatchObject([["syntax", expect.any(Number), expect.any(Number)]])
    expect(refused("flow: &f { map: 1 }\ntroupe: 1\nflows: { a: *f }\n")).toEqual([["alias", 3, 13]])
  })
})
