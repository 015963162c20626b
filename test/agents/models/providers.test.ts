import * as fc from "fast-check"
import { afterEach, describe, expect, it } from "vitest"
import { openModel, type Model, type ModelRequest, type ModelResult } from "../../../src/agents/models/index.js"
import type { JsonSchema } from "../../../src/data/schema.js"
import { type Script, type ScriptedServer, scriptedServer } from "../../../src/testing/model-server.js"
import { times } from "../../setup/times.js"

const providers = ["openai", "anthropic", "ollama", "gemini", "mistral", "openrouter"] as const
const key = "sk-secret-0123456789"
const open: ScriptedServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function started(script: Script): Promise<ScriptedServer> {
  const server = await scriptedServer(script)
  open.push(server)
  return server
}

const modelOf = (provider: string, server: ScriptedServer, model = "m1"): Model => {
  const baseUrl = provider === "anthropic" ? server.anthropicUrl : server.openaiUrl
  return openModel({ provider, model, baseUrl, apiKey: key })
}

/** A call with everything that can be seen of it: its deltas, and what came after the end. */
async function seen(model: Model, request: ModelRequest): Promise<{ deltas: string[]; result: ModelResult }> {
  const deltas: string[] = []
  let over = false
  const onDelta = (text: string): void => {
    deltas.push(over ? `late: ${text}` : text)
  }
  const result = await model.call({ ...request, onDelta })
  over = true
  await new Promise((resolve) => setImmediate(resolve))
  return { deltas, result }
}

const facts: JsonSchema = {
  type: "object",
  required: ["facts", "count"],
  properties: { facts: { type: "array", items: { type: "string" } }, count: { type: "integer" } },
}
const hello: ModelRequest = {
  system: "Be brief.",
  messages: [
    { role: "user", content: "Hello?" },
    { role: "assistant", content: "Yes?" },
    { role: "user", content: "Who is there?" },
  ],
}

describe("the same conversation through every provider", () => {
  it.each(providers)("%s: text, stream, schema, usage and stop reason", async (provider) => {
    const usage = { inputTokens: 31, outputTokens: 12 }
    const server = await started([
      { text: "It is me.", usage },
      { text: "It is still me — 你好 👋.", usage, bytewise: true },
      { json: { facts: ["a"], count: 1 }, usage },
      { text: "Cut off", stopReason: "length" },
    ])
    const model = modelOf(provider, server)
    expect(model).toMatchObject({ version: 1, provider, model: "m1" })
    expect(model.simulated).toBeUndefined()

    expect(await model.call(hello)).toEqual({ text: "It is me.", usage, stopReason: "end" })
    const streamed = await seen(model, hello)
    expect(streamed.result.text).toBe("It is still me — 你好 👋.")
    expect(streamed.deltas).toEqual(["It", " is", " still", " me", " —", " 你好", " 👋."])
    expect(streamed.result.stopReason).toBe("end")
    // Mistral counts of its own accord; the scripted server only when asked.
    if (provider !== "mistral") expect(streamed.result.usage).toEqual(usage)
    expect(await model.call({ ...hello, schema: facts })).toEqual({
      text: '{"facts":["a"],"count":1}',
      value: { facts: ["a"], count: 1 },
      usage,
      stopReason: "end",
    })
    expect((await model.call(hello)).stopReason).toBe("length")
  })

  it.each(providers)("%s: what goes over the wire", async (provider) => {
    const server = await started(["a", "b", "c"])
    const model = modelOf(provider, server)
    await model.call(hello)
    await model.call({ ...hello, model: "m2", temperature: 0.1, maxTokens: 9 })
    const [first, second] = server.requests
    const openai = provider === "openai"
    const limit = openai ? "max_completion_tokens" : "max_tokens"
    expect(first?.headers.authorization).toBe(`Bearer ${key}`)
    expect(first?.body["model"]).toBe("m1")
    expect(first?.body[limit]).toBe(4096)
    expect(second?.body["model"]).toBe("m2")
    expect(second?.body[limit]).toBe(9)
    if (provider === "anthropic") {
      expect(first?.body).toMatchObject({ system: "Be brief.", messages: hello.messages })
      expect(first?.body).not.toHaveProperty("temperature")
      expect(second?.body).not.toHaveProperty("temperature")
    } else {
      expect(first?.body["messages"]).toEqual([{ role: "system", content: "Be brief." }, ...hello.messages])
      expect(first?.body["temperature"]).toBe(0.7)
      expect(second?.body["temperature"]).toBe(0.1)
    }
  })

  it("a setting that a provider does not take is reported, not dropped in silence", async () => {
    const server = await started(["a", "b"])
    const model = modelOf("anthropic", server)
    expect((await model.call({ ...hello, temperature: 0.1 })).ignored).toEqual(["temperature"])
    expect(await model.call(hello)).not.toHaveProperty("ignored")
  })

  it("a model that refuses other temperatures than its own gets one only when asked", async () => {
    const server = await started(["a", "b", "c"])
    const model = modelOf("openai", server, "gpt-5-mini")
    await model.call(hello)
    await model.call({ ...hello, temperature: 1 })
    await model.call({ ...hello, model: "gpt-4.1" })
    expect(server.requests.map(({ body }) => body["temperature"])).toEqual([undefined, 1, 0.7])
  })

  it("a stream's deltas are its text, however it is cut and sent", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...providers),
        fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }), { maxLength: 8 }),
        fc.boolean(),
        async (provider, chunks, bytewise) => {
          await using server = await scriptedServer([{ chunks, bytewise }])
          const { deltas, result } = await seen(modelOf(provider, server), hello)
          expect(deltas).toEqual(chunks)
          expect(result.text).toBe(chunks.join(""))
        },
      ),
      times(40),
    ))
})

describe("JSON by schema", () => {
  const ask = async (
    provider: string,
    schema: JsonSchema,
    answer: string,
    json?: "object",
  ): Promise<[ModelResult, Readonly<Record<string, unknown>>]> => {
    const server = await started([answer])
    const baseUrl = provider === "anthropic" ? server.anthropicUrl : server.openaiUrl
    const model = openModel({ provider, model: "m1", baseUrl, apiKey: key, ...(json === undefined ? {} : { json }) })
    const result = await model.call({ ...hello, schema })
    return [result, server.requests[0]?.body ?? {}]
  }
  const closed = { ...facts, additionalProperties: false }
  const open: JsonSchema = { type: "object", additionalProperties: { type: "number" } }
  const list: JsonSchema = { type: "array", items: { $ref: "#/$defs/n" }, $defs: { n: { type: "integer" } } }

  it("openai: strict where the schema allows, else by schema", async () => {
    const [, strict] = await ask("openai", facts, "{}")
    expect(strict["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", schema: closed, strict: true },
    })
    const [, loose] = await ask("openai", open, "{}")
    expect(loose["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", schema: open, strict: false },
    })
  })

  it("anthropic: structured output where the schema allows, else in words", async () => {
    const [, body] = await ask("anthropic", facts, "{}")
    expect(body["output_config"]).toEqual({ format: { type: "json_schema", schema: closed } })
    const [result, words] = await ask("anthropic", open, '```json\n{"a": 1}\n```')
    expect(words).not.toHaveProperty("output_config")
    expect(words["system"]).toContain(JSON.stringify(open))
    expect(result.value).toEqual({ a: 1 })
  })

  it.each(providers)("%s: a list is asked for inside an object, and taken out of it", async (provider) => {
    const [result, body] = await ask(provider, list, '{"value":[1,2]}')
    expect(result.value).toEqual([1, 2])
    expect(JSON.stringify(body)).toContain('"required":["value"]')
  })

  it("a server without schemas gets the wish for an object, and the schema in words", async () => {
    const [result, body] = await ask("ollama", facts, '{"facts":[],"count":0}', "object")
    expect(body["response_format"]).toEqual({ type: "json_object" })
    expect(JSON.stringify(body["messages"])).toContain("It must fit this JSON Schema")
    expect(result.value).toEqual({ facts: [], count: 0 })
  })

  it.each(providers)("%s: an answer that is no JSON is InvalidOutput with the text", async (provider) => {
    const server = await started(["Sorry, no.", { text: '{"facts": ["a"', stopReason: "length" }])
    const model = modelOf(provider, server)
    await expect(model.call({ ...hello, schema: facts })).rejects.toMatchObject({
      fault: { _tag: "InvalidOutput", value: "Sorry, no.", retry: "yes" },
    })
    await expect(model.call({ ...hello, schema: facts })).rejects.toMatchObject({
      fault: { _tag: "InvalidOutput", message: expect.stringContaining("cut off at max_tokens") },
    })
  })

  it.each(providers)("%s: a refusal is a fault where a value was wanted, a stop reason else", async (provider) => {
    const server = await started([
      { text: "I will not.", stopReason: "refused" },
      { text: "I will not.", stopReason: "refused" },
    ])
    const model = modelOf(provider, server)
    expect(await model.call(hello)).toMatchObject({ text: "I will not.", stopReason: "refused" })
    await expect(model.call({ ...hello, schema: facts })).rejects.toMatchObject({
      fault: { _tag: "ModelFailed", provider, model: "m1", retry: "no" },
    })
  })
})
