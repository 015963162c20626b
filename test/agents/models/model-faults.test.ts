import { createServer } from "node:net"
import { inspect } from "node:util"
import { afterEach, describe, expect, it } from "vitest"
import { openModel, type Model, type ModelRequest } from "../../../src/agents/models/index.js"
import { Cancel } from "../../../src/data/cancel.js"
import type { Clock } from "../../../src/data/clock.js"
import { AbortedError, FaultError, type Placeless } from "../../../src/data/fault.js"
import { type ScriptedReply, type ScriptedServer, scriptedServer } from "../../../src/testing/model-server.js"

const providers = ["openai", "anthropic", "ollama"] as const
const key = "sk-secret-0123456789"
const hi: ModelRequest = { messages: [{ role: "user", content: "Hi" }] }
const instant = Date.UTC(2030, 0, 1)

/** Time that stands still; `pass` fires what is due. */
class StillClock implements Clock {
  readonly timers = new Set<{ readonly ms: number; readonly fire: () => void }>()
  now(): number {
    return instant
  }
  elapsed(): number {
    return 0
  }
  yield(resume: () => void): void {
    setImmediate(resume)
  }
  after(ms: number, fire: () => void): () => void {
    const timer = { ms, fire }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }
  pass(ms: number): void {
    for (const timer of this.timers) {
      if (timer.ms > ms) continue
      this.timers.delete(timer)
      timer.fire()
    }
  }
}

const open: ScriptedServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function modelFor(
  provider: string,
  script: readonly (string | ScriptedReply)[],
): Promise<{ model: Model; server: ScriptedServer; clock: StillClock }> {
  const server = await scriptedServer(script)
  open.push(server)
  const clock = new StillClock()
  const baseUrl = provider === "anthropic" ? server.anthropicUrl : server.openaiUrl
  return { model: openModel({ provider, model: "m1", baseUrl, apiKey: key }, { clock }), server, clock }
}

async function faultOf(call: Promise<unknown>): Promise<Placeless> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof FaultError)) throw new Error(`no FaultError but ${inspect(thrown)}`)
  expect(inspect(thrown, { depth: 9, showHidden: true }), "no key in what is shown").not.toContain(key)
  return thrown.fault
}

const error = { type: "invalid_request_error", message: `not with ${key}` }
const table: ReadonlyArray<readonly [string, ScriptedReply, Placeless["_tag"], Placeless["retry"]]> = [
  ["400", { status: 400, error }, "ModelFailed", "no"],
  ["401", { status: 401, error }, "ModelFailed", "no"],
  ["403", { status: 403, error }, "ModelFailed", "no"],
  ["404", { status: 404, error }, "ModelFailed", "no"],
  ["422", { status: 422, error }, "ModelFailed", "no"],
  ["408", { status: 408, error }, "ModelFailed", "yes"],
  ["429", { status: 429, error }, "RateLimited", "yes"],
  ["429 in seconds", { status: 429, headers: { "retry-after": "3" } }, "RateLimited", { after: 3_000 }],
  [
    "429 by date",
    { status: 429, headers: { "retry-after": new Date(instant + 90_000).toUTCString() } },
    "RateLimited",
    { after: 90_000 },
  ],
  [
    "429 of the past",
    { status: 429, headers: { "retry-after": new Date(0).toUTCString() } },
    "RateLimited",
    { after: 0 },
  ],
  ["429 of nonsense", { status: 429, headers: { "retry-after": "soon" } }, "RateLimited", "yes"],
  ["429, quota", { status: 429, error: { type: "insufficient_quota", message: "pay" } }, "RateLimited", "no"],
  ["500", { status: 500, error }, "ModelFailed", "yes"],
  ["503 in seconds", { status: 503, headers: { "retry-after": "2" } }, "ModelFailed", { after: 2_000 }],
  ["529", { status: 529, error: { type: "overloaded_error", message: "busy" } }, "ModelFailed", "yes"],
  ["dropped", { text: "a b c d", drop: 2 }, "ModelFailed", "yes"],
]

const streamed: typeof table = [
  ["ended too early", { text: "a b c d", cut: 2 }, "ModelFailed", "yes"],
  [
    "broken off, overloaded",
    { text: "a b", error: { type: "overloaded_error", message: "busy" } },
    "ModelFailed",
    "yes",
  ],
  ["broken off, limited", { text: "a b", error: { type: "rate_limit_error", message: "slow" } }, "RateLimited", "yes"],
  ["broken off, refused", { text: "a b", error }, "ModelFailed", "no"],
]

describe.each(providers)("%s: faults", (provider) => {
  it.each(table)("%s, plain", async (_, reply, tag, retry) => {
    const { model, server } = await modelFor(provider, [reply])
    const fault = await faultOf(model.call(hi))
    expect(fault).toMatchObject({ _tag: tag, retry })
    expect(fault.message).toContain(`${provider} m1`)
    expect(fault.message).toContain("127.0.0.1")
    expect(server.requests).toHaveLength(1)
  })

  it.each([...table, ...streamed])("%s, streamed", async (_, reply, tag, retry) => {
    const { model, server } = await modelFor(provider, [reply])
    const fault = await faultOf(model.call({ ...hi, onDelta: () => {} }))
    expect(fault).toMatchObject({ _tag: tag, retry })
    expect(server.requests).toHaveLength(1)
  })

  it("says which key or model to look at", async () => {
    const { model } = await modelFor(provider, [{ status: 401 }, { status: 404 }])
    expect((await faultOf(model.call(hi))).message).toMatch(provider === "ollama" ? /key/ : /_API_KEY/)
    expect((await faultOf(model.call(hi))).message).toContain('does it know the model "m1"?')
  })

  it("nobody there: Unavailable, with the host and a hint", async () => {
    const port = await freePort()
    const model = openModel({ provider, model: "m1", baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: key })
    const fault = await faultOf(model.call(hi))
    expect(fault).toMatchObject({ _tag: "Unavailable", retry: "yes" })
    expect(fault.message).toContain(`127.0.0.1:${port} (ECONNREFUSED)`)
    if (provider === "ollama") expect(fault.message).toContain("is `ollama serve` running?")
  })

  it("times out on the clock, and closes the connection", async () => {
    const { model, server, clock } = await modelFor(provider, [{ hang: 0 }])
    const usual = provider === "anthropic" ? 120_000 : provider === "openai" ? 60_000 : 300_000
    const ended = faultOf(model.call(hi))
    const request = await server.request(0)
    clock.pass(usual - 1)
    expect(clock.timers.size).toBe(1)
    clock.pass(usual)
    expect(await ended).toMatchObject({ _tag: "TimedOut", after: usual, retry: "yes" })
    expect(await request.abandoned).toBe(true)
  })

  it("a call that ends leaves no timer", async () => {
    const { model, clock } = await modelFor(provider, ["a", { status: 500 }])
    await model.call({ ...hi, timeout: 5 })
    await faultOf(model.call(hi))
    expect(clock.timers.size).toBe(0)
  })
})

describe.each(providers)("%s: abort", (provider) => {
  it.each([
    ["before an answer", { text: "a b c", hang: 0 }, undefined],
    ["in the middle of a stream", { text: "a b c", hang: 2 }, 2],
  ] as const)("%s: rejects at once and closes the connection", async (_, reply, after) => {
    const { model, server, clock } = await modelFor(provider, [reply])
    const cancel = new Cancel()
    const deltas: string[] = []
    let enough = (): void => {}
    const begun = new Promise<void>((resolve) => {
      enough = resolve
    })
    const onDelta = (text: string): void => {
      if (deltas.push(text) === after) enough()
    }
    const ended = model
      .call({ ...hi, cancel, ...(after === undefined ? {} : { onDelta }) })
      .catch((thrown: unknown) => thrown)
    const request = await server.request(0)
    if (after !== undefined) await begun
    cancel.cancel("enough")
    const thrown = await ended
    expect(thrown).toBeInstanceOf(AbortedError)
    expect(thrown).toMatchObject({ reason: "enough" })
    expect(await request.abandoned).toBe(true)
    expect(deltas.join("")).toBe(after === undefined ? "" : "a b")
    expect(clock.timers.size).toBe(0)
  })

  it("by a listener that throws: the call ends with what it threw", async () => {
    const { model, server } = await modelFor(provider, [{ text: "a b c", hang: 2 }])
    const bug = new TypeError("a bug of the caller's")
    const onDelta = (): void => {
      throw bug
    }
    await expect(model.call({ ...hi, onDelta })).rejects.toBe(bug)
    expect(await server.requests[0]?.abandoned).toBe(true)
  })

  it("before the call: nothing is sent", async () => {
    const { model, server } = await modelFor(provider, ["a"])
    const cancel = new Cancel()
    cancel.cancel("no")
    await expect(model.call({ ...hi, cancel })).rejects.toBeInstanceOf(AbortedError)
    expect(server.requests).toHaveLength(0)
  })

  it("after the call: nothing happens", async () => {
    const { model, server } = await modelFor(provider, ["a"])
    const cancel = new Cancel()
    expect((await model.call({ ...hi, cancel })).text).toBe("a")
    cancel.cancel("late")
    expect(await server.requests[0]?.abandoned).toBe(false)
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
}
