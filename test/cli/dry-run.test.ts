import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, root, troupe } from "./process.js"

describe("troupe run --dry-run", () => {
  const here = folder()
  const cwd = here.path
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    mkdirSync(join(cwd, "node_modules"))
    symlinkSync(root, join(cwd, "node_modules", "troupe"))
  })
  afterAll(here.remove)
  const write = (name: string, text: string): string => {
    writeFileSync(join(cwd, name), text)
    return name
  }

  it("prices and draws, names who would be asked, and asks nobody", async () => {
    write(
      "troupe.config.mjs",
      `import { writeFileSync } from "node:fs"
import { defineAgent } from "troupe"
import { registry } from "troupe/serde"
const asked = defineAgent({ name: "asked" }, async () => { console.error("it was asked"); return "" })
export default registry({ agents: [asked] })
`,
    )
    const file = write(
      "flow.yaml",
      "troupe: 1\ninput: { type: string }\nagents: { writer: { provider: openai, model: gpt-5 } }\n" +
        "flow: { steps: [{ agent: asked }, { agent: writer, retry: { times: 1 } }] }\n",
    )
    const { code, stdout, stderr } = await troupe(["run", file, "--dry-run"], { cwd })
    expect(code, stderr).toBe(0)
    expect(stdout).toBe((await troupe(["render", file, "--import", "troupe.config.mjs"], { cwd })).stdout)
    expect(stderr).toMatch(/^calls +2 +3$/m)
    expect(stderr).toContain("would ask asked (the host's code) once at most\n")
    expect(stderr).toContain("would ask writer (openai gpt-5, and OPENAI_API_KEY is not set) up to 2 times\n")
    expect(stderr).toMatch(/nothing was run: --dry-run\n$/)
    expect(stderr).not.toContain("it was asked")
    const local = await troupe(["run", file, "--dry-run", "--models", "local"], { cwd })
    expect(local.stderr).toContain("would ask writer (the local stand-in) up to 2 times\n")
  })

  it("with --json gives one object", async () => {
    const { code, stdout, stderr } = await troupe(["run", "flow.yaml", "--dry-run", "--json"], { cwd })
    expect([code, stderr]).toEqual([0, ""])
    expect(JSON.parse(stdout)).toMatchObject({
      diagnostics: [],
      over: [],
      cost: { least: { calls: { total: { value: 2 } } } },
      asks: [
        { agent: "asked", is: "the host's code", most: 1 },
        { agent: "writer", most: 2 },
      ],
      diagram: expect.stringMatching(/^flowchart/),
    })
    const broken = write("broken.yaml", "troupe: 1\nflow: { agent: nobody }\n")
    const refused = await troupe(["run", broken, "--dry-run", "--json"], { cwd })
    expect([refused.code, refused.stderr]).toEqual([2, ""])
    expect(JSON.parse(refused.stdout).diagnostics).toMatchObject([{ code: "unknown_agent", line: 2 }])
  })

  const env = "troupe: 1\nagents: { a: { provider: local, prompt: 'Be ${env.TONE}' } }\nflow: { agent: a }\n"
  const typed = "troupe: 1\ninput: { type: object, required: [a] }\nflow: { map: 1 }\n"
  it.each([
    [2, "troupe: 1\nflow: { agent: nobody }\n", [], "no agent is called `nobody`"],
    [
      1,
      "troupe: 1\nagents: { a: { provider: local } }\nflow: { agent: a }\n",
      ["--max-calls", "0"],
      "calls: at least 1; --max-calls allows 0",
    ],
    [2, "troupe: 1\nflow: { map: 1 }\n", ["--set", "n=1"], "no such parameter"],
    [0, typed, [], "nothing was run"],
    [2, typed, ["--input", "{}"], "--input does not fit"],
    [2, env, [], "error: the environment variable TONE is not set"],
  ] as const)("ends with %i, as the run would before its first step", async (exit, text, args, says) => {
    const { code, stderr } = await troupe(["run", write("one.yaml", text), "--dry-run", ...args], { cwd })
    expect([code, stderr]).toEqual([exit, expect.stringContaining(says)])
  })
})
