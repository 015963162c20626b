import { describe, expect, it } from "vitest"
import type { Clock } from "../../src/data/clock.js"
import { scriptedServer } from "../../src/testing/model-server.js"

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

describe("scriptedServer", () => {
  it("speaks OpenAI's events", async () => {
    await using server = await scriptedServer([{ chunks: ["a", "b"] }])
    const answer = await post(`${server.openaiUrl}/chat/completions`, { model: "m", stream: true })
    const lines = (await answer.text()).split("\n\n").filter((line) => line !== "")
    expect(answer.headers.get("content-type")).toBe("text/event-stream")
    expect(lines.at(-1)).toBe("data: [DONE]")
    const events = lines.slice(0, -1).map((line) => JSON.parse(line.replace("data: ", "")) as unknown)
    expect(events).toMatchObject([
      { choices: [{ delta: { role: "assistant" } }] },
      { choices: [{ delta: { content: "a" } }] },
      { choices: [{ delta: { content: "b" } }] },
      { choices: [{ finish_reason: "stop" }] },
    ])
  })

  it("speaks Anthropic's events", async () => {
    await using server = await scriptedServer([{ chunks: ["a"] }])
    const text = await (await post(`${server.anthropicUrl}/v1/messages`, { model: "m", stream: true })).text()
    expect(text.match(/^event: .*$/gm)).toEqual(
      [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
      ].map((name) => `event: ${name}`),
    )
  })

  it("records requests, answers by function, and says when the script is over", async () => {
    await using server = await scriptedServer((request, index) => `${index}: ${String(request.body["model"])}`)
    const url = `${server.openaiUrl}/chat/completions`
    const later = server.request(1)
    expect(await (await post(url, { model: "m" })).json()).toMatchObject({
      choices: [{ message: { content: "0: m" } }],
    })
    await post(url, { model: "n" })
    expect((await later).body).toEqual({ model: "n" })
    expect(server.requests.map(({ api }) => api)).toEqual(["openai", "openai"])
    expect(await server.requests[0]?.abandoned).toBe(false)
    await using empty = await scriptedServer([])
    expect((await post(`${empty.openaiUrl}/chat/completions`, {})).status).toBe(500)
    expect((await post(`${empty.openaiUrl}/elsewhere`, {})).status).toBe(404)
  })

  it("waits on the clock that it is given", async () => {
    const timers: Array<readonly [number, () => void]> = []
    const clock: Clock = {
      now: () => 0,
      elapsed: () => 0,
      yield: (resume) => resume(),
      after: (ms, fire) => {
        timers.push([ms, fire])
        return () => {}
      },
    }
    await using server = await scriptedServer([{ text: "a", delay: 5_000 }], { clock })
    const answer = post(`${server.openaiUrl}/chat/completions`, {})
    await server.request(0)
    expect(timers.map(([ms]) => ms)).toEqual([5_000])
    timers[0]?.[1]()
    expect((await answer).status).toBe(200)
  })
})
