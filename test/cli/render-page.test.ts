import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, root, troupe } from "./process.js"

describe("troupe render --format html", () => {
  const here = folder()
  beforeAll(() => expect(inject("buildError")).toBe(""))
  afterAll(here.remove)
  const page = async (file: string, env: Record<string, string> = {}): Promise<string> => {
    const out = join(here.path, "page.html")
    const { code, stdout, stderr } = await troupe(["render", file, "-o", out], { env })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" })
    return readFileSync(out, "utf8")
  }

  it("needs no browser, no package and no network: one file with the drawing, the cost and the outline", async () => {
    const text = await page(join(root, "flows/research-brief.yaml"), { CHROME_PATH: "", PATH: "" })
    expect(text).toMatch(/^<!doctype html>\n/)
    expect(text).not.toMatch(/https?:|\bsrc=|<link|@import|url\((?!#tip)/)
    expect(text).toContain("default-src 'none'")
    for (const words of ["researcher", "1 of 2", "again, up to tries (1 to 5) turns", "until value.ok"]) {
      expect(text).toMatch(new RegExp(`<text [^>]*>${words.replace(/[().]/g, "\\$&")}</text>`))
    }
    expect(text).toMatch(/^calls +3 +12$/m)
    expect(text).toContain('data-path="0/1"')
    expect(text).toContain("You find facts and cite them.")
    const before = readFileSync(join(root, "flows/research-brief.yaml"), "utf8").split("    - at_least:")[0] ?? ""
    expect(text).toContain(`line ${before.split("\n").length}, column 7`)
  })

  it("is the same for the same document, and standard output where no file is named", async () => {
    const file = join(root, "flows/summarize.yaml")
    const { code, stdout } = await troupe(["render", file, "--format", "html"])
    expect(code).toBe(0)
    expect(stdout).toBe(await page(file))
  })

  it("runs no script but its own, whatever the document says", async () => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"' onload='alert(3)' ]]> <!-- \${value}`
    const long = "x".repeat(10_000)
    const file = join(here.path, "evil.yaml")
    const agent = { provider: "local", model: evil, system_prompt: evil, prompt: long }
    const flow = { steps: [{ agent: "a", note: evil }, { map: evil }, { map: long }] }
    writeFileSync(file, JSON.stringify({ troupe: 1, name: "evil", description: evil, agents: { a: agent }, flow }))
    const text = await page(file)
    expect(text.match(/<script\b/g)).toHaveLength(2)
    expect(text.match(/<\/script/g)).toHaveLength(2)
    expect(text).not.toMatch(/<img/)
    expect(text).toContain("&lt;/script&gt;")
    expect(text).toContain(long)
    expect(text).not.toContain("\u202E")
  })

  it("exits with 2 for a document that is wrong, and for a format that does not exist", async () => {
    const file = join(here.path, "bad.yaml")
    writeFileSync(file, "troupe: 1\nflow: { agent: nobody }\n")
    expect(await troupe(["render", file, "--format", "html"])).toMatchObject({ code: 2, stdout: "" })
    const { code, stderr } = await troupe(["render", file, "--format", "pdf"])
    expect(code).toBe(2)
    expect(stderr).toContain("--format pdf: expected mermaid, svg, png, html")
  })
})
