import { describe, expect, it } from "vitest"
import { Cancel } from "../../src/data/cancel.js"
import { AbortedError, FaultError } from "../../src/data/fault.js"
import { scriptedModel } from "../../src/testing/scripted-model.js"

const hi = { messages: [{ role: "user", content: "Hi" }] } as const

describe("scriptedModel", () => {
  it("answers in order and remembers what it was asked", async () => {
    const limited = new FaultError({ _tag: "RateLimited", message: "later", retry: { after: 5 } })
    const model = scriptedModel(["one two", { value: { ok: true } }, { text: "cut", stopReason: "length" }, limited])
    const deltas: string[] = []
    expect(await model.call({ ...hi, onDelta: (text) => deltas.push(text) })).toMatchObject({ text: "one two" })
    expect(deltas).toEqual(["one", " two"])
    expect(await model.call({ ...hi, schema: true })).toMatchObject({ text: '{"ok":true}', value: { ok: true } })
    expect(await model.call(hi)).toMatchObject({ text: "cut", stopReason: "length" })
    await expect(model.call(hi)).rejects.toBe(limited)
    await expect(model.call(hi)).rejects.toMatchObject({
      fault: { _tag: "ModelFailed", message: "the scripted model has no answer for call 5" },
    })
    expect(model.calls).toHaveLength(5)
    expect(model.calls[1]).toEqual({ ...hi, schema: true })
  })

  it("answers from a function, which may wait", async () => {
    const model = scriptedModel(async (request, index) => `${index}: ${request.messages[0]?.content ?? ""}`)
    expect((await model.call(hi)).text).toBe("0: Hi")
    expect((await model.call(hi)).text).toBe("1: Hi")
  })

  it("reads a text as JSON where a schema was asked for", async () => {
    const model = scriptedModel(["[1]", "no"])
    expect((await model.call({ ...hi, schema: true })).value).toEqual([1])
    await expect(model.call({ ...hi, schema: true })).rejects.toMatchObject({
      fault: { _tag: "InvalidOutput", value: "no" },
    })
  })

  it("stops when it is cancelled, even while its function waits", async () => {
    const cancel = new Cancel()
    const model = scriptedModel(() => {
      cancel.cancel("enough")
      return "late"
    })
    const deltas: string[] = []
    await expect(model.call({ ...hi, cancel, onDelta: (text) => deltas.push(text) })).rejects.toBeInstanceOf(
      AbortedError,
    )
    expect(deltas).toEqual([])
  })
})
