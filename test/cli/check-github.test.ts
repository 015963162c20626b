import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { annotation } from "../../src/cli/annotation.js"
import { folder, troupe } from "./process.js"

const { path: repository, remove } = folder()
afterAll(remove)
mkdirSync(join(repository, "flows"))
const write = (name: string, text: string): void => writeFileSync(join(repository, "flows", name), text)
const env = { GITHUB_WORKSPACE: repository }

write("good.yaml", "troupe: 1\nflow: { map: 1 }\n")
write("brief.yaml", "troupe: 1\nagents: { lead: { provider: local } }\nflow:\n  steps:\n    - agent: leed\n")
write("key.yaml", 'troupe: 1\nproviders:\n  x: { type: openai, api_key: "${env.HOUSE_KEY}" }\nflow: { map: 1 }\n')

describe("troupe check --format github", () => {
  it("annotates the very characters that are wrong, and fails", async () => {
    const { code, stdout, stderr } = await troupe(["check", "flows/brief.yaml", "--format", "github"], {
      cwd: repository,
    })
    expect(stdout).toBe(
      "::error file=flows/brief.yaml,line=5,col=14,endColumn=18,title=troupe%3A unknown_agent::no agent is called `leed`%0Aexpected: one of lead%0Ahint: did you mean `lead`?\n",
    )
    expect([code, stderr]).toEqual([2, "1 error\n"])
  })

  it("counts paths from the top of the repository, wherever the step runs", async () => {
    const { stdout } = await troupe(["check", "brief.yaml", "--format", "github"], {
      cwd: join(repository, "flows"),
      env,
    })
    expect(stdout).toMatch(/^::error file=flows\/brief\.yaml,line=5,/)
    const outside = await troupe(["check", "../flows/brief.yaml", "--format", "github"], {
      cwd: join(repository, "flows"),
      env: { GITHUB_WORKSPACE: join(repository, "elsewhere") },
    })
    expect(outside.stdout).toMatch(/^::error file=\.\.\/flows\/brief\.yaml,line=5,/)
  })

  it("tells a variable that is not set as a warning, and passes", async () => {
    const { code, stdout, stderr } = await troupe(["check", "flows/key.yaml", "--format", "github"], {
      cwd: repository,
    })
    expect(stdout).toMatch(
      /^::warning file=flows\/key\.yaml,line=3,col=\d+,.*title=troupe%3A \w+::.*HOUSE_KEY is not set/,
    )
    expect([code, stderr]).toEqual([0, "0 errors, 1 warning\n"])
  })

  it("tells what nobody can tell before a run as a notice, and a missing file without a line", async () => {
    const unchecked = await troupe(["check", "flows/summarize.yaml", "--format", "github"])
    expect(unchecked.stdout).toMatch(
      /^::notice file=flows\/summarize\.yaml,line=\d+,col=\d+,title=troupe%3A unchecked::/,
    )
    expect([unchecked.code, unchecked.stderr]).toEqual([0, "ok\n"])
    const missing = await troupe(["check", "flows/none.yaml", "--format", "github"], { cwd: repository })
    expect(missing.stdout).toMatch(/^::error file=flows\/none\.yaml,title=troupe%3A unreadable::[^\n]+\n$/)
    expect(missing.code).toBe(2)
  })

  it("prints nothing on standard output where all is well", async () => {
    const { code, stdout, stderr } = await troupe(["check", "flows/good.yaml", "-f", "github"], { cwd: repository })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "ok\n" })
  })

  it("lets no text of a document or name of a file be a command of its own", () => {
    const line = annotation({
      kind: "error",
      file: join(process.cwd(), "flows", "a,b: 100%\n::error::c.yaml"),
      line: 2,
      column: 3,
      title: "x",
      message: "50%: a, b\r\n::add-mask::*\u001b[2J",
    })
    expect(line).toBe(
      "::error file=flows/a%2Cb%3A 100%25%0A%3A%3Aerror%3A%3Ac.yaml,line=2,col=3,title=troupe%3A x" +
        "::50%25: a, b\\u{d}%0A::add-mask::*\\u{1b}[2J",
    )
  })
})

describe("troupe check --format", () => {
  it("json is what --json is", async () => {
    const [short, long, both] = await Promise.all([
      troupe(["check", "flows/brief.yaml", "--json"], { cwd: repository }),
      troupe(["check", "flows/brief.yaml", "--format", "json"], { cwd: repository }),
      troupe(["check", "flows/brief.yaml", "--json", "--format", "json"], { cwd: repository }),
    ])
    expect(JSON.parse(short.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ line: 5, column: 14, endColumn: 18 }],
      unchecked: [],
    })
    expect([long, both].map(({ stdout, code }) => [stdout, code])).toEqual([
      [short.stdout, 2],
      [short.stdout, 2],
    ])
  })

  it("refuses what it does not know, and two at once", async () => {
    const unknown = await troupe(["check", "flows/good.yaml", "--format", "xml"], { cwd: repository })
    expect([unknown.code, unknown.stderr]).toEqual([2, "error: --format xml: expected text, json, github\n"])
    const both = await troupe(["check", "flows/good.yaml", "--json", "--format", "github"], { cwd: repository })
    expect([both.code, both.stderr]).toEqual([
      2,
      "error: --json and --format github together: expected one of the two\n",
    ])
  })
})
