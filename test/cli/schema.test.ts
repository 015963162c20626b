import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { sugar } from "../../src/moa/index.js"
import { formatSchema, registry } from "../../src/serde/index.js"
import { folder, troupe } from "./process.js"

describe("troupe schema", () => {
  const here = folder()
  beforeAll(() => expect(inject("buildError")).toBe(""))
  afterAll(here.remove)

  it("is the schema of the format, the keys of ensembles included", async () => {
    const { code, stdout, stderr } = await troupe(["schema"])
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toBe(`${JSON.stringify(formatSchema(registry({ sugar })), null, 2)}\n`)
    expect(stdout).toContain('"moa"')
  })

  it("is written where --output says", async () => {
    expect(await troupe(["schema", "-o", "s.json"], { cwd: here.path })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    })
    expect(JSON.parse(readFileSync(join(here.path, "s.json"), "utf8"))).toHaveProperty("$defs.step")
    const { code, stderr } = await troupe(["schema", "-o", "no/s.json"], { cwd: here.path })
    expect([code, stderr]).toEqual([
      2,
      "error: no/s.json cannot be written: there is no folder no\n  hint: make the folder first\n",
    ])
  })
})
