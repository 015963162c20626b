import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flows, troupe } from "./troupe.js"

describe("troupe render, through a real browser", () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "troupe-render-"))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const [flow = "flows/summarize.yaml is missing"] = flows.filter((file) => file.endsWith("summarize.yaml"))

  /** The agents that the text of the drawing names: what stands in the labels of its boxes. */
  const labels = (text: string): string[] =>
    [...text.matchAll(/[[({]+"([^"]+)"/g)].flatMap(([, label]) => label?.match(/[\w-]{4,}/g) ?? [])

  it("draws an SVG with every label of the text", async () => {
    const out = join(folder, "flow.svg")
    await troupe("render", flow, "--format", "svg", "-o", out)
    const svg = await readFile(out, "utf8")
    expect(svg).toMatch(/<svg[\s>]/)
    const words = labels(await troupe("render", flow, "--format", "mermaid"))
    expect(words.length).toBeGreaterThan(3)
    expect(words.filter((word) => !svg.includes(word))).toEqual([])
  })

  it("draws a PNG of the size of a picture", async () => {
    const out = join(folder, "flow.png")
    await troupe("render", flow, "--format", "png", "-o", out)
    const png = await readFile(out)
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n")
    expect(png.readUInt32BE(16)).toBeGreaterThan(100)
    expect(png.readUInt32BE(20)).toBeGreaterThan(100)
  })
})
