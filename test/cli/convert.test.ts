import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const yaml = "troupe: 1\nflow:\n  map: a\n  timeout: 1500ms\n"
const json = `${JSON.stringify({ troupe: 1, flow: { map: "a", timeout: "1500ms" } }, null, 2)}\n`

describe("troupe convert", () => {
  const here = folder()
  const file = (name: string): string => join(here.path, name)
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    writeFileSync(file("flow.yaml"), `# one\nflow: { timeout: 1500ms, map: "a" } # two\ntroupe: 1\n`)
    writeFileSync(file("flow.json"), json)
    writeFileSync(file("broken.yaml"), "flow: { agent: nobody }\ntroupe: 1\n")
  })
  afterAll(here.remove)
  const convert = (args: readonly string[], stdin = "") => troupe(["convert", ...args], { cwd: here.path, stdin })

  it("writes YAML as JSON, and says that the comments are gone", async () => {
    const stderr = "2 comments were left out: JSON has none\n"
    expect(await convert(["flow.yaml", "--to", "json"])).toMatchObject({ code: 0, stdout: json, stderr })
    expect(await convert(["-", "--to", "json"], yaml)).toMatchObject({ code: 0, stdout: json, stderr: "" })
  })

  it("writes JSON as YAML, and YAML with its comments", async () => {
    expect(await convert(["flow.json", "--to", "yaml"])).toMatchObject({ code: 0, stdout: yaml, stderr: "" })
    const { stdout } = await convert(["flow.yaml", "--to", "yaml"])
    expect(stdout).toBe("# one\n\ntroupe: 1\nflow: { map: a, timeout: 1500ms } # two\n")
  })

  it("writes to a file, whose name says in what", async () => {
    expect(await convert(["flow.json", "-o", "made.yml"])).toMatchObject({ code: 0, stdout: "", stderr: "" })
    expect(readFileSync(file("made.yml"), "utf8")).toBe(yaml)
    await convert(["made.yml", "-o", "made.json"])
    expect(readFileSync(file("made.json"), "utf8")).toBe(json)
  })

  it.each([
    [["flow.yaml"], "convert to what?"],
    [["flow.yaml", "-o", "made.txt"], "convert to what?"],
    [["flow.yaml", "--to", "xml"], "--to xml: expected yaml or json"],
    [["broken.yaml", "-o", "not.json"], "broken.yaml:1:16: error: no agent is called `nobody`"],
    [["none.yaml", "--to", "json"], "none.yaml: error: there is no such file"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await convert(args)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(message)
    expect(existsSync(file("not.json"))).toBe(false)
  })
})
