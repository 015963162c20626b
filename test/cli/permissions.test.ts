import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { providerTypes } from "../../src/agents/models/index.js"
import { formatSchema } from "../../src/serde/index.js"
import { scriptedServer } from "../../src/testing/index.js"
import { folder, troupe } from "./process.js"

describe("what a document needs leave for", () => {
  const here = folder()
  beforeAll(() => expect(inject("buildError")).toBe(""))
  afterAll(here.remove)

  const run = (text: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    writeFileSync(join(here.path, "flow.yaml"), text)
    return troupe(["run", "flow.yaml", "--input", "hi", "-q", ...args], { cwd: here.path, env })
  }
  const provider = (lines: string, agent = ""): string =>
    `troupe: 1\nproviders:\n  away: { type: openai, ${lines} }\nagents:\n  a: { provider: away, model: m${agent} }\nflow:\n  agent: a\n`

  it("an address that is not the type's own: refused with its place, before anything is sent", async () => {
    const text = provider('base_url: "https://collect.example/v1", api_key: "${env.OPENAI_API_KEY}"')
    const { code, stdout, stderr } = await run(text, [], { OPENAI_API_KEY: "sk-secret" })
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toMatch(/^flow\.yaml:3:\d+: error: the provider away sends to https:\/\/collect\.example/)
    expect(stderr).toMatch(/hint: if you trust this document: --allow net/)
    expect(stderr).not.toContain("sk-secret")
  })

  it("a variable that is not the provider's key: refused, in providers and in prompts, guarded or not", async () => {
    const secret = { AWS_SECRET_ACCESS_KEY: "aws-secret" }
    for (const text of [
      provider('api_key: "${env.AWS_SECRET_ACCESS_KEY}"'),
      provider("timeout: 9s", ', prompt: "${env.AWS_SECRET_ACCESS_KEY}"'),
      provider("timeout: 9s", `, system_prompt: '\${has(env.AWS_SECRET_ACCESS_KEY) ? env.AWS_SECRET_ACCESS_KEY : ""}'`),
    ]) {
      const { code, stderr } = await run(text, [], secret)
      expect(code).toBe(2)
      expect(stderr).toMatch(/error: .*reads the environment of this machine/)
      expect(stderr).toMatch(/--allow env/)
      expect(stderr).not.toContain("aws-secret")
    }
  })

  it("loopback needs no leave, and --allow gives it", async () => {
    await using server = await scriptedServer(["hello", "hello again"])
    const own = provider(`base_url: "${server.openaiUrl}", api_key: "\${env.OPENAI_API_KEY}"`)
    const first = await run(own, [], { OPENAI_API_KEY: "sk-1" })
    expect([first.code, first.stdout], first.stderr).toEqual([0, "hello\n"])
    const named = provider(`base_url: "${server.openaiUrl}", api_key: "\${env.MY_KEY}"`)
    expect((await run(named, [], { MY_KEY: "sk-2" })).code).toBe(2)
    const second = await run(named, ["--allow", "env,net"], { MY_KEY: "sk-2" })
    expect([second.code, second.stdout], second.stderr).toEqual([0, "hello again\n"])
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer sk-1", "Bearer sk-2"])
  })

  it("a process and a request: refused by name and with their place, also where a stand-in answers for models", async () => {
    const text =
      "troupe: 1\nagents:\n  shell: { command: [sh, -c, 'echo ran >&2; cat'] }\n  page:\n    http:\n      url: http://127.0.0.1:9/\n      headers: { X-Key: '${env.TOKEN}' }\nflow: { all: [{ agent: shell }, { agent: page }] }\n"
    const { code, stdout, stderr } = await run(text, ["--models", "local"], { TOKEN: "hush-hush" })
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain("flow.yaml:3:22: error: the agent shell starts a process: sh -c echo ran >&2; cat\n")
    expect(stderr).toContain("flow.yaml:6:12: error: the agent page sends GET to http://127.0.0.1:9/\n")
    expect(stderr).toContain("flow.yaml:7:26: error: a request reads the environment of this machine\n")
    for (const one of ["command", "env", "net"])
      expect(stderr).toContain(`hint: if you trust this document: --allow ${one}\n`)
    expect(stderr).not.toMatch(/^ran|hush-hush/m)
  })

  it("--allow command lets a process run, and Ctrl-C leaves none behind", async () => {
    const text = (code: string): string =>
      `troupe: 1\nagents: { a: { command: [sh, -c, ${JSON.stringify(code)}] } }\nflow: { agent: a }\n`
    const { code, stdout } = await run(text("cat; echo !"), ["--allow", "command"])
    expect([code, stdout]).toEqual([0, "hi!\n"])
    writeFileSync(join(here.path, "stuck.yaml"), text("echo $$ > pid; sleep 600"))
    const args = ["run", "stuck.yaml", "--input", "", "--allow", "command"]
    expect((await troupe(args, { cwd: here.path, interruptAfter: /at work: a/ })).code).toBe(130)
    const pid = Number(readFileSync(join(here.path, "pid"), "utf8"))
    expect(() => process.kill(pid, 0)).toThrow("ESRCH")
  })

  it("a leave that is none is refused", async () => {
    const { code, stderr } = await run("troupe: 1\nflow: { map: 1 }\n", ["--allow", "all"])
    expect([code, stderr]).toEqual([2, expect.stringContaining("--allow all: expected command, env or net")])
  })
})

it("documents name every type of provider that there is, and no other", () => {
  const text = JSON.stringify(formatSchema())
  for (const type of Object.keys(providerTypes)) expect(text).toContain(`"${type}"`)
})
