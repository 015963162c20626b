import { createServer } from "node:http"
import { describe, expect, it } from "vitest"
import { openModel } from "../../../src/agents/models/index.js"

const key = "own_0123456789_abcdefghij_0123456789"

/** A server that gives one answer to everything, and the message of the fault that it makes. */
async function said(provider: string, status: number, type: string, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, { "content-type": type }).end(body))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const model = openModel({ provider, model: "m1", baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: key })
    const thrown: unknown = await model.call({ messages: [{ role: "user", content: "Hi" }] }).catch((e: unknown) => e)
    return thrown instanceof Error ? thrown.message : ""
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe.each(["openai", "anthropic"])("%s: servers that mean no good", (provider) => {
  it("no part of a key is told, wherever the message is cut", async () => {
    for (let before = 250; before <= 310; before += 6) {
      const error = { type: "invalid_request_error", message: `${"x ".repeat(before / 2)}${key}` }
      const message = await said(provider, 400, "application/json", JSON.stringify({ type: "error", error }))
      expect(message).toMatch(/^\w+ m1: 400 from 127\.0\.0\.1/)
      expect(message).not.toContain("own_0")
    }
  })

  it("an answer that is none is told as the server's", async () => {
    const bodies = ["data: null\n\n", "data: {nope\n\n", 'event: message_start\ndata: {"type":"message_start"}\n\n']
    for (const body of bodies) {
      expect(await said(provider, 200, "text/event-stream", body)).toMatch(
        /gave what is no answer of its kind: |the connection to 127\.0\.0\.1:\d+ broke/,
      )
    }
  })
})
