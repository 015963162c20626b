import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const loose = '# a draft\nflow: { as: x, map: "a" } # here\ntroupe: 1\n'
const good = "# a draft\n\ntroupe: 1\nflow: { map: a, as: x } # here\n"
const broken = "flow: { agent: nobody }\ntroupe: 1\n"

describe("troupe fmt", () => {
  const here = folder()
  const file = (name: string): string => join(here.path, name)
  const read = (name: string): string => readFileSync(file(name), "utf8")
  beforeAll(() => expect(inject("buildError")).toBe(""))
  beforeEach(() => {
    writeFileSync(file("loose.yaml"), loose)
    writeFileSync(file("good.yaml"), good)
    writeFileSync(file("broken.yaml"), broken)
  })
  afterAll(here.remove)
  const fmt = (args: readonly string[], stdin = "") => troupe(["fmt", ...args], { cwd: here.path, stdin })

  it("prints, and touches nothing", async () => {
    expect(await fmt(["loose.yaml"])).toMatchObject({ code: 0, stdout: good, stderr: "" })
    expect(read("loose.yaml")).toBe(loose)
    expect(await fmt(["loose.yaml", "good.yaml"])).toMatchObject({ code: 0, stdout: `${good}---\n${good}` })
  })

  it("reads standard input", async () => {
    expect(await fmt(["-"], `\uFEFF${loose.replaceAll("\n", "\r\n")}`)).toMatchObject({
      code: 0,
      stdout: good,
      stderr: "",
    })
    const { code, stdout, stderr } = await fmt(["-"], broken)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain("standard input:1:16: error: no agent is called `nobody`")
  })

  it("writes with --write what is not formatted, and leaves alone what is, and what is wrong", async () => {
    chmodSync(file("loose.yaml"), 0o640)
    const before = statSync(file("good.yaml")).mtimeMs
    const { code, stdout, stderr } = await fmt(["--write", "broken.yaml", "good.yaml", "loose.yaml", "none.yaml"])
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain("none.yaml: error: there is no such file")
    expect(stderr).toContain("broken.yaml:1:16: error: no agent is called `nobody`")
    expect(stderr).toContain("loose.yaml is formatted\n")
    expect([read("loose.yaml"), read("good.yaml"), read("broken.yaml")]).toEqual([good, good, broken])
    expect([statSync(file("good.yaml")).mtimeMs, statSync(file("loose.yaml")).mode & 0o777]).toEqual([before, 0o640])
  })

  it("names with --check what is not formatted, and says nothing where all is", async () => {
    expect(await fmt(["--check", "good.yaml"])).toMatchObject({ code: 0, stdout: "", stderr: "" })
    expect(await fmt(["--check", "good.yaml", "loose.yaml"])).toMatchObject({
      code: 1,
      stdout: "loose.yaml\n",
      stderr: "",
    })
    writeFileSync(file("good.yaml"), `\uFEFF${good}`)
    expect(await fmt(["--check", "good.yaml"])).toMatchObject({ code: 1, stdout: "good.yaml\n" })
    writeFileSync(file("good.yaml"), good.replaceAll("\n", "\r\n"))
    expect(await fmt(["--check", "good.yaml"])).toMatchObject({ code: 1 })
    expect(await fmt(["--check", "broken.yaml", "loose.yaml"])).toMatchObject({ code: 2, stdout: "loose.yaml\n" })
    expect(read("loose.yaml")).toBe(loose)
  })

  it.each([
    [["--write", "--check", "good.yaml"], "--write and --check together"],
    [["--write", "-"], "--write cannot write standard input"],
    [[], "missing required argument"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await fmt(args)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(message)
  })
})
