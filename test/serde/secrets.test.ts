import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parse, registry } from "troupe/serde"

const said = (text: string): string => {
  const read = parse(text, registry({}), { file: "x.yaml" })
  return JSON.stringify(read._tag === "Left" ? read.left : read.right.warnings)
}

/** Every way to write a key into a document, each beside something else that is wrong. */
const ways: readonly ((key: string) => string)[] = [
  (key) => `providers: { a: { type: openai, api_key: ${key}, tpe: 1 } }`,
  (key) => `providers: { a: { type: openai, api_key: x }, b: { type: openai, api_key: ${key} } }`,
  (key) => `providers: { a: { type: openai, api_key: "${key},#}${key}" } }`,
  (key) => `providers:\n  a:\n    type: openai\n    api_key: ${key},x}${key}\n    tpe: 1`,
  (key) => `providers:\n  a:\n    type: openai\n    api_key:\n      ${key}\n    tpe: 1`,
  (key) => `providers:\n  a:\n    type: openai\n    api_key: >-\n      ${key}\n    tpe: 1`,
  (key) => `providers:\n  a:\n    type: openai\n    apiKey: ${key}`,
  (key) => `providers:\n  a:\n    type: openai\n    API-KEY: '${key}'`,
]

describe("a key that was written into a document", () => {
  it("is refused, and never shown", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ways), fc.stringMatching(/^sk-[a-zA-Z0-9]{12,40}$/), (way, key) => {
        const problems = said(`troupe: 1\n${way(key)}\nflow: { map: 1 }\n`)
        expect(problems).toMatch(/a key is written into the document|has no key/)
        expect(problems).not.toContain(key)
      }),
    )
  })

  it("in JSON of one line, all keys are covered", () => {
    const providers = { a: { type: "openai", api_key: "sk-first" }, b: { type: "openai", api_key: "sk-second" } }
    const problems = said(JSON.stringify({ troupe: 1, providers, flow: { map: 1 } }))
    expect(problems).not.toMatch(/sk-(first|second)/)
    expect(problems).toContain("•")
  })

  it("a variable of the environment may be shown", () => {
    expect(
      said("troupe: 1\nproviders: { a: { type: openai, api_key: '${env.KEY}', tpe: 1 } }\nflow: { map: 1 }\n"),
    ).toContain("${env.KEY}")
  })

  it("twenty thousand faults in one line take a second, not a minute", () => {
    const steps = Array.from({ length: 20_000 }, (_, i) => ({ agent: `x${i}` }))
    const read = parse(JSON.stringify({ troupe: 1, flow: { steps } }), registry({}))
    expect(read._tag === "Left" ? read.left.length : 0).toBe(20_000)
  })
})
