import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { folder, troupe } from "./process.js"

const place = folder()
afterAll(() => place.remove())

const write = (name: string, text: string): string => {
  const file = join(place.path, name)
  writeFileSync(file, text)
  return file
}
const document = (timeout: string, rest = ""): string => `troupe: 1
agents: { editor: { provider: local, model: any } }
flow: { agent: editor, timeout: ${timeout}${rest} }
`
const before = write("before.yaml", document("30s"))
const after = write("after.yaml", document("1m"))
const laidOut = write("laid-out.yaml", document("30s", ", note: the last word"))

describe("troupe diff", () => {
  it("tells what changed, with the cost, and exits with 0", async () => {
    const { code, stdout, stderr } = await troupe(["diff", before, after])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toBe(
      "the timeout of the flow (editor) went from 30s to 1m\ncost: latency, at most: 1m instead of 30s\n",
    )
  })

  it("exits with 1 on a difference where that is asked for, and layout is none", async () => {
    expect(await troupe(["diff", before, after, "--exit-code"])).toMatchObject({ code: 1 })
    const { code, stdout } = await troupe(["diff", before, laidOut, "--exit-code"])
    expect({ code, stdout }).toEqual({ code: 0, stdout: "nothing but layout\n" })
  })

  it("tells the deadline of an agent as a duration", async () => {
    const agents = (timeout: string): string => `troupe: 1
agents: { editor: { provider: local, model: any, timeout: ${timeout} } }
flow: { agent: editor }
`
    const { stdout } = await troupe(["diff", write("5s.yaml", agents("5s")), write("1m.yaml", agents("1m"))])
    expect(stdout).toContain("the timeout of agent editor went from 5s to 1m\n")
  })

  it("prints one object, or Markdown", async () => {
    const { stdout } = await troupe(["diff", before, after, "--json"])
    expect(JSON.parse(stdout)).toMatchObject({ same: false, changes: [{ kind: "changed", what: "timeout" }] })
    const comment = (await troupe(["diff", before, after, "--format", "markdown"])).stdout
    expect(comment).toContain("after.yaml: 1 change\n\n- the timeout of the flow (editor) went from 30s to 1m\n")
    expect(comment).toContain("\n| latency, at most | 30s | 1m |\n")
    expect(comment.match(/^```mermaid$/gm)).toHaveLength(2)
  })

  it("exits with 2 for what it cannot read", async () => {
    expect(await troupe(["diff", before, join(place.path, "missing.yaml")])).toMatchObject({ code: 2, stdout: "" })
    expect(await troupe(["diff", before, write("bad.yaml", "flow: { agent: nobody }")])).toMatchObject({ code: 2 })
    const { code, stderr } = await troupe(["diff", before, after, "--format", "pdf"])
    expect(code).toBe(2)
    expect(stderr).toContain("expected text or markdown")
  })
})
