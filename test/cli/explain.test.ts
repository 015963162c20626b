import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const document = `
troupe: 1
name: edit
params: { tries: { type: integer, minimum: 2, maximum: 5, default: 4 } }
agents:
  editor: { provider: local, timeout: 30s }
flow:
  steps:
    - loop:
        do: { agent: editor }
        until: "true"
        max: "\${params.tries}"
    - fn: merge
`

describe("troupe explain", () => {
  const here = folder()
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    writeFileSync(join(here.path, "edit.yaml"), document)
    writeFileSync(join(here.path, "broken.yaml"), "troupe: 1\nflow: { agent: nobody }\n")
    writeFileSync(join(here.path, "steered.yaml"), 'troupe: 1\nflow: { fail: { code: x, message: "a\\e[2Jb" } }\n')
    const host = `import { registry } from "${join(process.cwd(), "dist/serde/index.js")}"
      export default registry({ functions: { merge: (parts) => parts } })`
    writeFileSync(join(here.path, "host.mjs"), host)
  })
  afterAll(here.remove)
  const explain = (file: string, ...options: string[]) => troupe(["explain", file, ...options], { cwd: here.path })

  it("is the outline, a parameter by its bounds", async () => {
    expect(await explain("edit.yaml", "--import", "host.mjs")).toMatchObject({
      code: 0,
      stderr: "",
      stdout: "loop, up to tries (2 to 5) turns  [0]\n  ask editor  [0/0]\n  until true  [0/1]\nfn merge  [1]\n",
    })
  })

  it("takes the values that --set gives, and refuses what does not fit", async () => {
    const { stdout } = await explain("edit.yaml", "--import", "host.mjs", "--set", "tries=3")
    expect(stdout).toMatch(/^loop, up to 3 turns {2}\[0\]$/m)
    const { code, stdout: nothing, stderr } = await explain("edit.yaml", "--import", "host.mjs", "--set", "tries=9")
    expect([code, nothing]).toEqual([2, ""])
    expect(stderr).toContain("--set tries")
  })

  it("gives with --json each line with its place", async () => {
    const { code, stdout } = await explain("edit.yaml", "--import", "host.mjs", "--json")
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      name: "edit",
      lines: [
        { level: 0, text: "loop, up to tries (2 to 5) turns", path: "0", line: 9, column: 7 },
        { level: 1, text: "ask editor", path: "0/0", line: 10, column: 13 },
        { level: 1, text: "until true", path: "0/1", line: 9, column: 7 },
        { level: 0, text: "fn merge", path: "1", line: 13, column: 7 },
      ],
    })
  })

  it("tells every mistake of a document that is wrong, and no outline", async () => {
    const { code, stdout, stderr } = await explain("broken.yaml")
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain("broken.yaml:2:16: error: no agent is called `nobody`")
  })

  it("lets no document steer the terminal", async () => {
    expect((await explain("steered.yaml")).stdout).not.toContain("\u001b")
  })
})
