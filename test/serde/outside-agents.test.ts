import { describe, expect, it } from "vitest"
import { isLeft } from "../../src/data/either.js"
import type { Document } from "../../src/flow/document.js"
import { cost, diff } from "../../src/flow/index.js"
import { parse, print, registry } from "../../src/serde/index.js"
import { checkDocument } from "../../src/serde/types-check.js"

function read(text: string): Document {
  const parsed = parse(text, registry({}), { file: "a.yaml" })
  if (isLeft(parsed)) throw new Error(parsed.left.map(({ message }) => message).join("\n"))
  return parsed.right
}

const text = `troupe: 1
name: outside
agents:
  count: { command: [wc, -w], timeout: 5s, output: { type: integer } }
  page:
    http:
      method: PUT
      url: "https://example.org/\${value}?n=1"
      headers: { Authorization: "Bearer \${env.TOKEN}" }
      body: { text: "\${value}" }
    timeout: 2s
flow:
  steps:
    - agent: count
    - agent: page
`

describe("agents that reach out of the process", () => {
  it("are printed as they were read, and read again the same", () => {
    const document = read(text)
    expect(print(document)).toBe(text)
    expect(diff(document, read(print(document))).changes).toEqual([])
  })

  it("declare no caps: their tokens and money have no bound, by name; their timeout bounds their time", () => {
    const { most, unbounded } = cost(read(text).flow)
    expect(most.latency.value).toBe(7_000)
    expect(unbounded.map(({ agent, figure }) => `${agent} ${figure}`).toSorted()).toEqual([
      "count requests",
      "count tokens",
      "count usd",
      "page requests",
      "page tokens",
      "page usd",
    ])
  })

  it("are checked against their neighbours: a process without an output gives text", () => {
    const of = (output: string): Document =>
      read(
        `troupe: 1\nagents: { a: { command: [x]${output} } }\nflow: { steps: [{ agent: a }, { map: "\${value.n}" }] }\n`,
      )
    expect(checkDocument(of(", output: { type: object, required: [n], properties: { n: {} } }")).errors).toEqual([])
    expect(() => of("")).toThrow(/n/)
  })

  it("differ where what they do differs", () => {
    const change = (from: string, to: string): string =>
      diff(read(text), read(text.replace(from, to)))
        .changes.map(({ message }) => message)
        .join("\n")
    expect(change("-w", "-c")).toBe('the command of agent count went from ["wc","-w"] to ["wc","-c"]')
    expect(change("?n=1", "?n=2")).toContain("the address of agent page went from")
    expect(change("Bearer ${env.TOKEN}", "Bearer ${env.OTHER}")).toContain("the headers of agent page went from")
  })

  it.each([
    ["Authorization: sk-123456", "page"],
    ["X-Api-Key: sk-123456", "page"],
  ])("a secret that is written into a header is refused, and not shown: %s", (header) => {
    const parsed = parse(text.replace('Authorization: "Bearer ${env.TOKEN}"', header), registry({}), { file: "a.yaml" })
    const found = isLeft(parsed) ? parsed.left : []
    expect(found).toMatchObject([{ code: "secret", line: 9 }])
    expect(JSON.stringify(found)).not.toContain("sk-123456")
  })
})
