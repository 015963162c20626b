import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import host from "../../flows/troupe.config.js"
import type { Document } from "troupe"
import { cost, toMermaid } from "troupe/flow"
import { parse } from "troupe/serde"
import { headerOf } from "../../src/cli/gallery.js"
import { isGolden } from "../setup/golden.js"
import { pageOf } from "./gallery-page.js"

const flows = new URL("../../flows/", import.meta.url)
const read = (name: string): string => readFileSync(new URL(`${name}.yaml`, flows), "utf8")
const names = readdirSync(flows).flatMap((file) => (file.endsWith(".yaml") ? file.slice(0, -".yaml".length) : []))

function documentOf(name: string): Document {
  const parsed = parse(read(name), host, { file: `flows/${name}.yaml` })
  if (parsed._tag === "Left") throw new Error(JSON.stringify(parsed.left))
  return parsed.right
}

/** Asks of agents, at the least and at the most; how long the longest run takes, in milliseconds. */
const prices: Readonly<Record<string, readonly [least: number, most: number, latency: number | null]>> = {
  approval: [1, 1, 86_460_000],
  "code-review": [3, 4, 180_000],
  debate: [3, 11, 990_000],
  extract: [1, 2, 120_000],
  fallback: [1, 4, 270_000],
  "fan-out": [3, 12, 330_000],
  hello: [2, 2, 65_000],
  "map-reduce": [2, 301, 7_620_000],
  refine: [2, 12, 720_000],
  "release-notes": [4, 4, 120_000],
  "research-brief": [3, 12, null],
  summarize: [6, 12, 250_000],
  translation: [3, 9, 540_000],
  triage: [1, 3, 160_000],
}

describe("the gallery", () => {
  it("is of ten flows and more, each of which somebody has priced", () => {
    expect(names.length).toBeGreaterThan(10)
    expect(Object.keys(prices).sort()).toEqual(names)
  })

  it("has a page that shows them all as they are", () => {
    const entries = names.map((name) => ({
      name,
      ...headerOf(read(name)),
      description: documentOf(name).description ?? "",
      drawing: toMermaid(documentOf(name).flow),
    }))
    isGolden(new URL("README.md", flows), pageOf(entries))
  })

  for (const name of names) {
    describe(name, () => {
      it("says when to use it and how to try it", () => {
        const { when, command } = headerOf(read(name))
        expect(when).toMatch(/^[a-z].*\.$/)
        expect(command.startsWith(`npx troupe run flows/${name}.yaml --input `)).toBe(true)
      })

      it("is named like its file, and 10 to 45 lines long without its comments", () => {
        const lines = read(name)
          .split("\n")
          .filter((line) => !/^\s*(#|$)/.test(line))
        expect(lines.length).toBeGreaterThanOrEqual(10)
        expect(lines.length).toBeLessThanOrEqual(45)
        expect(documentOf(name).name).toBe(name)
      })

      it("has no mistake and no warning", () => {
        expect(documentOf(name).warnings).toEqual([])
      })

      it("costs what somebody has read", () => {
        const document = documentOf(name)
        const { least, most } = cost(document.flow, document.input === undefined ? {} : { input: document.input })
        expect([least.calls.total.value, most.calls.total.value, most.latency.value]).toEqual(prices[name])
      })

      it("is drawn as somebody has seen it", () => {
        isGolden(new URL(`goldens/${name}.mmd`, import.meta.url), toMermaid(documentOf(name).flow))
      })
    })
  }
})
