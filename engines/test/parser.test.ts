import { createRequire } from "node:module"
import { basename } from "node:path"
import type { Browser, Page } from "puppeteer"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startBrowser } from "../browser.js"
import * as fc from "fast-check"
import { agent, toMermaid, zipAll } from "../../src/flow/index.js"
import { drawings } from "../../src/flow/interpret/diff/drawings.js"
import { document as documentOf } from "../../src/serde/index.js"
import { pairs } from "../../test/flow/interpret/pairs.js"
import { anyFlow, nasty } from "../../test/flow/interpret/drawn-flow.js"
import { flows, troupe } from "./troupe.js"

/** Agents one after the other, the first with a deadline. */
const made = ([first = "", ...rest]: readonly string[], ms: number): ReturnType<typeof documentOf> => {
  const ask = (name: string) => agent<unknown, unknown>({ _tag: "AgentRef", name })
  return documentOf({ flow: rest.reduce((flow, name) => flow.andThen(ask(name)), ask(first).timeout(ms)) })
}

declare const mermaid: {
  parse(text: string): Promise<{ readonly diagramType: string }>
  render(id: string, text: string): Promise<{ readonly svg: string }>
}

describe("the real Mermaid parser", () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await startBrowser()
    page = await browser.newPage()
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js") })
  })
  afterAll(() => browser.close())

  /** The kind of diagram that the parser sees, or its complaint. */
  const parse = (text: string): Promise<string> =>
    page.evaluate(
      (source) =>
        mermaid.parse(source).then(
          (result) => result.diagramType,
          (error) => `refused: ${error instanceof Error ? error.message : String(error)}`,
        ),
      text,
    )

  it("tells good text from bad", async () => {
    expect(await parse("flowchart TD\n  a --> b")).toMatch(/^flowchart/)
    expect(await parse("flowchart TD\n  a[one --> b(two")).toMatch(/^refused: /)
  })

  it("has texts to read", () => expect(flows.length).toBeGreaterThan(0))

  it.each(flows.map((file) => [basename(file), file]))("accepts the drawing of %s", async (_, file) => {
    const text = await troupe("render", file, "--format", "mermaid")
    expect(await parse(text)).toMatch(/^flowchart/)
  })

  it.each(nasty.map((name) => [name.slice(0, 30), name]))("accepts the name %j, and shows it", async (_, name) => {
    expect(await parse(toMermaid(agent({ _tag: "AgentRef", name }).id(name).note(name)))).toMatch(/^flowchart/)
  })

  it("accepts random flows of every node, with names of all kinds", async () => {
    const sample = fc.sample(anyFlow(), { numRuns: 500, seed: 3 })
    const answers = await page.evaluate(
      (sources) =>
        Promise.all(
          sources.map((source) =>
            mermaid.parse(source).then(
              () => "",
              (error) => `${String(error)}\n${source}`,
            ),
          ),
        ),
      sample.map((flow) => toMermaid(flow)),
    )
    expect(answers.filter((answer) => answer !== "")).toEqual([])
  })

  it("accepts both drawings of a diff, with their colours", async () => {
    const texts = Object.entries(pairs).flatMap(([, [before, after]]) =>
      Object.values(drawings(documentOf({ flow: before }), documentOf({ flow: after }), 18_000)),
    )
    expect(texts.length).toBeGreaterThan(200)
    const answers = await Promise.all(texts.map(parse))
    expect(answers.filter((answer) => !answer.startsWith("flowchart"))).toEqual([])
    const colours = await page.evaluate(
      async (text) => {
        document.body.innerHTML = (await mermaid.render("coloured", text)).svg
        return [...document.querySelectorAll("#coloured .was-changed > rect, #coloured .was-added > rect")].map(
          (box) => getComputedStyle(box).fill,
        )
      },
      drawings(made(["a"], 5), made(["a", "b"], 7), 18_000).after,
    )
    expect(colours).toEqual(["rgb(255, 248, 197)", "rgb(218, 251, 225)"])
  })

  it("lays random flows out", async () => {
    const sample = fc.sample(anyFlow(), { numRuns: 100, seed: 5 }).map((flow) => toMermaid(flow))
    for (const [i, text] of sample.filter((source) => source.length < 8_000).entries()) {
      const answer = await page.evaluate(
        (id, source) =>
          mermaid.render(id, source).then(
            ({ svg }) => svg.slice(0, 4),
            (error) => String(error),
          ),
        `drawing${i}`,
        text,
      )
      expect(answer, text).toBe("<svg")
    }
  })

  it("accepts a drawing that was collapsed, and refuses one of 501 arrows", async () => {
    const members = Array.from({ length: 10_000 }, (_, i) => agent({ _tag: "AgentRef", name: `a${i}` }))
    expect(await parse(toMermaid(zipAll(members)))).toMatch(/^flowchart/)
    expect(await parse(toMermaid(zipAll(members.slice(0, 501)), { all: true }))).toMatch(/^refused: /)
  })
})
