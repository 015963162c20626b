import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Browser, Page } from "puppeteer"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startBrowser } from "../browser.js"
import { flows, troupe } from "./troupe.js"

describe("the page of troupe render --format html, in a real browser", () => {
  let folder: string
  let browser: Browser
  let page: Page
  /** What the page must not do: ask the network for anything, throw, run a script of the document. */
  let misdeeds: string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "troupe-page-"))
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    misdeeds = []
    page = await browser.newPage()
    await page.setViewport({ width: 1280, height: 860 })
    page.on("request", (request) => request.url().startsWith("file:") || misdeeds.push(request.url()))
    page.on("pageerror", (error) => misdeeds.push(String(error)))
    page.on("console", (message) => misdeeds.push(message.text()))
    page.on("dialog", (dialog) => {
      misdeeds.push(dialog.message())
      void dialog.dismiss()
    })
  })
  afterEach(async () => {
    await page.close()
    expect(misdeeds).toEqual([])
  })

  async function open(flow: string): Promise<void> {
    const out = join(folder, `${basename(flow)}.html`)
    await troupe("render", flow, "-o", out)
    await page.goto(pathToFileURL(out).href)
    await page.waitForSelector("html[data-ready]")
  }
  const named = (name: string): string => flows.find((file) => file.endsWith(name)) ?? `${name} is missing`
  const textOf = (selector: string): Promise<string> => page.$eval(selector, (element) => element.textContent ?? "")
  const view = (): Promise<number[]> =>
    page.$eval("#drawing", (element) => (element.getAttribute("viewBox") ?? "").split(" ").map(Number))
  const background = (): Promise<string> => page.$eval("body", (element) => getComputedStyle(element).backgroundColor)

  it.each(flows.map((file) => [basename(file), file]))(
    "shows all of %s, no word outside of its box",
    async (_, file) => {
      await open(file)
      const outside = await page.$$eval("g.box", (boxes) =>
        boxes.flatMap((box) => {
          const shape = box.querySelector("rect, polygon")?.getBoundingClientRect()
          return [...box.querySelectorAll("text")].flatMap((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect()
            const inside =
              shape && left >= shape.left && right <= shape.right && top >= shape.top && bottom <= shape.bottom
            return inside ? [] : [text.textContent]
          })
        }),
      )
      expect(outside).toEqual([])
    },
  )

  it("tells of what is clicked: words, place, agent, prompt and schema", async () => {
    await open(named("research-brief.yaml"))
    await page.click('g.agent[data-path="1/0"]')
    const told = await textOf("#details")
    const [before = ""] = (await readFile(named("research-brief.yaml"), "utf8")).split("- agent: editor")
    for (const words of [
      "ask editor",
      "path1/0",
      `line ${before.split("\n").length}, column 15`,
      "qwen3",
      "You write one clear page.",
      "Mend this",
    ]) {
      expect(told).toContain(words)
    }
    await page.click('g[data-path="0/0"]')
    expect(await textOf("#details")).toContain('"facts"')
    await page.focus("#stage")
    await page.keyboard.press("Escape")
    expect(await textOf("#details")).toContain("Click a box")
    await page.click('#outline li[data-path="1/1"]')
    expect(await textOf("#details")).toContain("fact_check")
  })

  it("pans and zooms by mouse, wheel, keys and two fingers, and shows all of it again", async () => {
    await open(named("research-brief.yaml"))
    const [x = 0, y = 0, width = 0] = await view()
    await page.mouse.move(200, 400)
    await page.mouse.down()
    await page.mouse.move(260, 460, { steps: 4 })
    await page.mouse.up()
    const [left = 0, top = 0] = await view()
    expect(left).toBeLessThan(x)
    expect(top).toBeLessThan(y)
    expect(await textOf("#details")).toContain("Click a box")
    await page.mouse.wheel({ deltaY: -200 })
    const zoomed = (await view())[2] ?? 0
    expect(zoomed).toBeLessThan(width)
    await page.focus("#stage")
    await page.keyboard.press("+")
    expect((await view())[2]).toBeLessThan(zoomed)
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("0")
    const whole = (await view())[2] ?? 0
    expect(whole).toBeGreaterThan(zoomed)
    const client = await page.createCDPSession()
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number): Promise<void> =>
      client.send("Input.dispatchTouchEvent", {
        type,
        touchPoints:
          apart === 0
            ? []
            : [
                { x: 400 - apart, y: 400, id: 1 },
                { x: 400 + apart, y: 400, id: 2 },
              ],
      })
    await touch("touchStart", 50)
    await touch("touchMove", 75)
    await touch("touchMove", 100)
    await touch("touchEnd", 0)
    expect((await view())[2]).toBeCloseTo(whole / 2, 0)
  })

  it("is operated by the keyboard alone", async () => {
    await open(named("summarize.yaml"))
    await page.focus("#stage")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    expect(await textOf("#details")).toContain("Chosen")
  })

  it("is light or dark as the system asks, or as the switch says, and light on paper", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }])
    await open(named("summarize.yaml"))
    const dark = await background()
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }])
    expect(await background()).toBe("rgb(255, 255, 255)")
    await page.click("#theme")
    await page.click("#theme")
    expect(await textOf("#theme")).toBe("colours: dark")
    expect(await background()).toBe(dark)
    await page.emulateMediaType("print")
    expect(await background()).toBe("rgb(255, 255, 255)")
    expect((await page.pdf()).length).toBeGreaterThan(10_000)
  })

  it("runs no script of a hostile document, and shows its text as it is", async () => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"' onclick='alert(4)' <!--`
    const flow = { steps: [{ agent: "a", note: evil }, { map: evil }, { map: `${"x".repeat(10_000)}</pre>` }] }
    const agents = { a: { provider: "local", model: evil, system_prompt: evil } }
    const file = join(folder, "evil.json")
    await writeFile(file, JSON.stringify({ troupe: 1, name: evil.slice(0, 40), description: evil, agents, flow }))
    await open(file)
    expect(await textOf("header p")).toBe(evil)
    for (const box of await page.$$("g.open"))
      await box.evaluate((one) => one.dispatchEvent(new MouseEvent("click", { bubbles: true })))
    await page.click("g.agent")
    expect(await textOf("#details")).toContain(evil)
  })
})
