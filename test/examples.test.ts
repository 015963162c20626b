import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { type Copy, copyOf } from "../scripts/documentation/copy.js"
import { type Compiled, compile, run } from "../scripts/documentation/programs.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = join(root, "examples")
const examples = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith(".ts"))

describe("the programs in examples", () => {
  let copy: Copy
  let programs: Compiled

  beforeAll(async () => {
    expect(inject("buildError")).toBe("")
    copy = copyOf(root)
    programs = await compile(
      root,
      "examples",
      Object.fromEntries(examples.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
    )
  }, 120_000)
  afterAll(() => copy.remove())

  it("are there", () => expect(examples).not.toEqual([]))

  for (const name of examples) {
    it(`${name} compiles and runs`, async () => {
      expect(programs.errors(name)).toEqual([])
      const { status, output } = await run(process.execPath, [programs.file(name)], { cwd: copy.folder, env: copy.env })
      expect(status, output).toBe(0)
    }, 60_000)
  }
})
