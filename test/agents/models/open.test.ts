import { inspect } from "node:util"
import { afterEach, describe, expect, it, vi } from "vitest"
import { anthropic, local, ollama, openai, openModel, providerTypes } from "../../../src/agents/models/index.js"
import { loadPackage, sdkPackages } from "../../../src/agents/models/sdk.js"
import { scriptedServer } from "../../../src/testing/model-server.js"

const hi = { messages: [{ role: "user", content: "Hi" }] } as const
const key = "sk-secret-0123456789"
afterEach(() => vi.unstubAllEnvs())

describe("providers", () => {
  it("have these defaults", () => {
    const rows = Object.entries(providerTypes).map(([name, { client, baseUrl, keyEnv, timeout }]) => [
      name,
      client,
      baseUrl,
      keyEnv ?? "",
      timeout,
    ])
    expect(rows).toEqual([
      ["openai", "openai", "https://api.openai.com/v1", "OPENAI_API_KEY", 60_000],
      ["anthropic", "anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", 120_000],
      ["ollama", "openai", "http://127.0.0.1:11434/v1", "", 300_000],
      ["mistral", "openai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", 60_000],
      ["openrouter", "openai", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", 60_000],
      ["gemini", "openai", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", 60_000],
      ["local", "local", "", "", 60_000],
    ])
  })

  it("take any model id, and several names for one type", () => {
    expect(openai({ model: "gpt-5" })).toMatchObject({ provider: "openai", model: "gpt-5" })
    expect(anthropic({ model: "one-of-tomorrow", name: "second" })).toMatchObject({ provider: "second" })
    expect(ollama({ model: "qwen3" })).toMatchObject({ provider: "ollama", model: "qwen3" })
    expect(openModel({ provider: "fast", type: "ollama", model: "phi4" })).toMatchObject({ provider: "fast" })
    expect(local()).toMatchObject({ provider: "local", simulated: true })
    // @ts-expect-error a model is named
    expect(() => openai({ model: 5 })).not.toThrow()
  })

  it.each([
    [{ provider: "opnai", model: "m" }, /"opnai" is no type of provider; expected one of openai, anthropic/],
    [{ provider: "constructor", model: "m" }, /is no type of provider/],
    [{ provider: "ollama", model: "m", baseUrl: "127.0.0.1:11434" }, /base_url is no http or https address/],
    [{ provider: "ollama", model: "m", baseUrl: "file:///etc" }, /base_url is no http or https address/],
  ])("refuse %j", (definition, message) => {
    expect(() => openModel(definition)).toThrow(message)
  })
})

describe("keys", () => {
  it.each([
    ["openai", "OPENAI_API_KEY"],
    ["anthropic", "ANTHROPIC_API_KEY"],
    ["gemini", "GEMINI_API_KEY"],
    ["mistral", "MISTRAL_API_KEY"],
    ["openrouter", "OPENROUTER_API_KEY"],
  ])("%s without one names %s at the call, and sends nothing", async (provider, name) => {
    for (const env of [{}, { [name]: "" }]) {
      await expect(openModel({ provider, model: "m" }, { env }).call(hi)).rejects.toMatchObject({
        fault: {
          _tag: "Unavailable",
          retry: "no",
          message: `${provider} m needs a key: set the environment variable ${name}, or api_key`,
        },
      })
    }
  })

  it.each(["openai", "anthropic"])("%s: nothing from the environment goes to another address", async (provider) => {
    for (const name of ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"])
      vi.stubEnv(name, key)
    await using server = await scriptedServer(["a"])
    const baseUrl = provider === "anthropic" ? server.anthropicUrl : server.openaiUrl
    await openModel({ provider, model: "m", baseUrl }).call(hi)
    const headers = server.requests[0]?.headers ?? {}
    expect(headers).not.toHaveProperty("authorization")
    expect(headers).not.toHaveProperty("x-api-key")
    expect(JSON.stringify(headers)).not.toContain(key)
  })

  it("OpenAI's organization is told to no other provider", async () => {
    vi.stubEnv("OPENAI_ORG_ID", "org-1")
    vi.stubEnv("OPENAI_PROJECT_ID", "proj-1")
    await using server = await scriptedServer(["a"])
    await ollama({ model: "m", baseUrl: server.openaiUrl }).call(hi)
    expect(server.requests[0]?.headers).not.toHaveProperty("openai-organization")
    expect(server.requests[0]?.headers).not.toHaveProperty("openai-project")
  })

  it.each(["openai", "anthropic", "ollama"])("%s: an open model shows no key", async (provider) => {
    await using server = await scriptedServer(["a", { status: 401 }])
    const baseUrl = provider === "anthropic" ? server.anthropicUrl : server.openaiUrl
    const model = openModel({ provider, model: "m", baseUrl, apiKey: key })
    await model.call(hi)
    expect(inspect(model, { depth: 9, showHidden: true })).not.toContain(key)
    expect(JSON.stringify(model)).not.toContain(key)
    const logged = vi.spyOn(console, "error")
    await expect(model.call(hi)).rejects.toThrow("401")
    expect(logged).not.toHaveBeenCalled()
  })
})

describe("a missing package", () => {
  it.each(Object.values(sdkPackages))("%s: the fault says what to type", async (wanted) => {
    const missing = "not-installed-anywhere"
    await expect(loadPackage("p", wanted, () => import(/* @vite-ignore */ missing))).rejects.toMatchObject({
      fault: { _tag: "Unavailable", retry: "no", message: expect.stringContaining(`npm install ${wanted}`) },
    })
  })

  it("any other failure to load is left as it is", async () => {
    const broken = () => Promise.reject(new SyntaxError("broken"))
    await expect(loadPackage("p", sdkPackages.openai, broken)).rejects.toThrow(SyntaxError)
  })
})
