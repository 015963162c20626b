import { createServer } from "node:http"
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { nodeVersion } from "../../src/cli/doctor/machine.js"
import { folder, root, troupe } from "./process.js"

interface Report {
  readonly ok: boolean
  readonly checks: readonly { name: string; state: string; message: string; hint?: string }[]
}

describe("troupe doctor", () => {
  const here = folder()
  beforeAll(() => expect(inject("buildError")).toBe(""))
  afterAll(here.remove)
  const write = (name: string, text: string): string => {
    writeFileSync(join(here.path, name), text)
    return join(here.path, name)
  }

  /** What is said of a document: the exit code and the checks by name. */
  async function report(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { code, stdout, stderr } = await troupe(["doctor", ...args, "--json"], { cwd: here.path, env })
    expect(stderr).toBe("")
    const { ok, checks }: Report = JSON.parse(stdout)
    expect(ok).toBe(code === 0)
    return { code, checks, of: (name: string) => checks.filter((one) => one.name === name) }
  }

  const asks = (provider: string, more = "") =>
    `troupe: 1\n${more}agents: { one: { provider: ${provider}, model: m } }\nflow: { agent: one }\n`

  it("needs the key of a provider that the document asks, and never shows it", async () => {
    const file = write("openai.yaml", asks("openai"))
    const without = await report([file])
    expect([without.code, without.of("OPENAI_API_KEY")]).toEqual([
      1,
      [
        {
          name: "OPENAI_API_KEY",
          state: "missing",
          message: "not set; provider openai reads it",
          hint: "export OPENAI_API_KEY=…",
        },
      ],
    ])
    expect(without.of("ANTHROPIC_API_KEY")).toEqual([])
    expect(await report([file], { OPENAI_API_KEY: "" })).toMatchObject({ code: 1 })
    const { code, stdout } = await troupe(["doctor", file], { env: { OPENAI_API_KEY: "sk-secret-value" } })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ok +OPENAI_API_KEY +set, for provider openai$/m)
    expect(stdout).not.toContain("sk-secret-value")
  })

  it("tells every variable that a document reads, with who reads it", async () => {
    const file = write(
      "variables.yaml",
      [
        "troupe: 1",
        'providers: { mine: { type: openai, base_url: "${env.MINE_URL}", api_key: "${env.MINE_KEY}" } }',
        "agents:",
        '  one: { provider: mine, model: m, system_prompt: "${env.TONE}" }',
        "  two: { provider: mine, model: m, system_prompt: \"${has(env.EXTRA) ? env.EXTRA : 'plain'}\" }",
        "flow: { steps: [{ agent: one }, { agent: two }] }",
        "",
      ].join("\n"),
    )
    const { code, of } = await report([file], { MINE_URL: "http://127.0.0.1:9/v1" })
    expect(code).toBe(1)
    expect(of("OPENAI_API_KEY")).toEqual([])
    expect(of("MINE_URL")).toMatchObject([{ state: "ok", message: "set, for provider mine" }])
    expect(of("MINE_KEY")).toMatchObject([{ state: "missing", message: "not set; provider mine reads it" }])
    expect(of("TONE")).toMatchObject([{ state: "missing", message: "not set; agent one reads it" }])
    expect(of("EXTRA")).toMatchObject([{ state: "optional" }])
    const set = { MINE_URL: "http://127.0.0.1:9/v1", MINE_KEY: "k", TONE: "warm" }
    expect(await report([file], set)).toMatchObject({ code: 0 })
  })

  it("asks ollama whether it is there, and for the model", async () => {
    const server = createServer((request, response) => {
      response.end(request.url === "/api/tags" ? JSON.stringify({ models: [{ name: "m:latest" }] }) : "")
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const at = (model: string) =>
      asks("near", `providers: { near: { type: ollama, base_url: "http://127.0.0.1:${port}/v1" } }\n`).replace(
        "model: m",
        `model: ${model}`,
      )
    const there = await report([write("ollama.yaml", at("m"))])
    expect([there.code, there.of("ollama")]).toEqual([
      0,
      [{ name: "ollama", state: "ok", message: `it answers at http://127.0.0.1:${port}` }],
    ])
    const absent = await report([write("absent.yaml", at("other"))])
    expect([absent.code, absent.of("ollama")[1]?.hint]).toEqual([1, "ollama pull other"])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const gone = await report([join(here.path, "ollama.yaml")])
    expect([gone.code, gone.of("ollama")]).toMatchObject([1, [{ state: "missing" }]])
  })

  it("waits a second for a server that never answers, and asks none elsewhere", async () => {
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const near = `providers: { near: { type: ollama, base_url: "http://127.0.0.1:${port}/v1" } }\n`
    expect((await report([write("mute.yaml", asks("near", near))])).of("ollama")).toMatchObject([{ state: "missing" }])
    server.closeAllConnections()
    server.close()
    const far = 'providers: { far: { type: ollama, base_url: "http://${env.SECRET}.example/v1" } }\n'
    const { code, stdout } = await troupe(["doctor", write("far.yaml", asks("far", far))], { env: { SECRET: "hush" } })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^optional +ollama +its address is not of this machine/m)])
    expect(stdout).not.toContain("hush")
  })

  it("sees a manifest that is missing, older than the code, or stale", async () => {
    mkdirSync(join(here.path, "node_modules"), { recursive: true })
    symlinkSync(root, join(here.path, "node_modules", "troupe"), "dir")
    const code = (name: string) =>
      `import { defineAgent } from "troupe"\nimport { registry } from "troupe/serde"\nexport default registry({ agents: [defineAgent({ name: "${name}" }, (x) => x)] })\n`
    const file = write("own.yaml", "troupe: 1\nflow: { agent: mine }\n")
    const config = write("troupe.config.js", code("mine"))
    const none = await report([file])
    expect([none.code, none.of("document"), none.of("manifest")]).toMatchObject([
      1,
      [{ state: "missing", hint: `troupe check ${file} tells them, with their places` }],
      [{ state: "missing", hint: `troupe manifest ${file}` }],
    ])
    await troupe(["manifest", file])
    utimesSync(config, 1, 1)
    expect(await report([file])).toMatchObject({ code: 0 })
    writeFileSync(config, `${code("mine")}process.exit(7)\n`)
    const future = 4_000_000_000
    utimesSync(config, future, future)
    const older = await report([file])
    expect([older.code, older.of("manifest")[0]?.state]).toEqual([0, "optional"]) // and nobody's code was run
    writeFileSync(config, code("mine").replace("[defineAgent", '[defineAgent({ name: "new" }, (x) => x), defineAgent'))
    const stale = await report([file, "--import", config])
    expect([stale.code, stale.of("manifest")[0]?.message]).toEqual([
      1,
      `${join(here.path, "troupe.manifest.json")} is stale`,
    ])
  })

  it("without a document tells all that the command line can use, and needs none of it", async () => {
    const { code, stdout } = await troupe(["doctor"], { cwd: here.path, env: { CHROME_PATH: "/nowhere/chrome" } })
    expect(code).toBe(0)
    for (const name of [
      "node",
      "OPENAI_API_KEY",
      "ANTHROPIC_API_KEY",
      "MISTRAL_API_KEY",
      "openai",
      "browser",
      "folder",
    ]) {
      expect(stdout.match(new RegExp(`^(ok|optional) +${name} `, "gm")), name).toHaveLength(1)
    }
    expect(stdout).toContain("CHROME_PATH is /nowhere/chrome: there is no such file")
    expect(stdout).not.toMatch(/^missing/m)
  })

  it("refuses a document that is not there", async () => {
    const { code, stderr } = await troupe(["doctor", "nothing.yaml"], { cwd: here.path })
    expect([code, stderr]).toEqual([2, expect.stringContaining("nothing.yaml: error: there is no such file")])
  })

  it.each([
    ["20.18.3", "missing"],
    ["20.19.0", "ok"],
    ["18.20.0", "missing"],
    ["22.0.0", "ok"],
  ])("says of Node %s: %s", (version, state) => expect(nodeVersion(version).state).toBe(state))
})
