import { MessageChannel, receiveMessageOnPort } from "node:worker_threads"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { AbortedError, FaultError, retryable, verdictOf } from "../../src/data/fault.js"
import { actor } from "../../src/actor/actor.js"
import { MailboxFull } from "../../src/actor/refusal.js"
import { ActorSystem } from "../../src/actor/system.js"
import { packAnswer, packMessage, packThrown, type Parcel, unpack } from "../../src/actor/worker-parcel.js"

const nowhere = (path: string): never => {
  throw new Error(`nobody at ${path}`)
}

/** What comes out on the other side of a channel. */
function across(parcel: Parcel<unknown>, refAt: Parameters<typeof unpack>[1] = nowhere): unknown {
  const { port1, port2 } = new MessageChannel()
  port1.postMessage(parcel)
  const received: { readonly message: Parcel<unknown> } | undefined = receiveMessageOnPort(port2)
  port1.close()
  return received === undefined ? undefined : unpack(received.message, refAt)
}

const refused = (value: unknown): unknown => {
  try {
    return packMessage(value)
  } catch (error) {
    return error instanceof FaultError && error.fault._tag === "InvalidInput" ? error.fault.issues : error
  }
}

const data = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true })

describe("a value that crosses threads", () => {
  it("is what structuredClone makes of it", () =>
    fc.assert(
      fc.property(data, (value) => {
        expect(across(packMessage(value))).toEqual(structuredClone(value))
      }),
    ))

  it("is the same with an error in it, and the error is one", () =>
    fc.assert(
      fc.property(data, fc.string(), (value, message) => {
        const error = new RangeError(message)
        const back = across(packAnswer({ value, list: [error, error], map: new Map([[error, 1]]) }))
        expect(back).toEqual({ value: structuredClone(value), list: [error, error], map: new Map([[error, 1]]) })
        const { list } = back as { readonly list: readonly unknown[] }
        expect(list[0]).toBe(list[1])
        expect(list[0]).toBeInstanceOf(RangeError)
      }),
    ))

  it("keeps its rings and what is in it twice, also beside a ref", async () => {
    await using app = new ActorSystem("app")
    const ref = app.spawn(
      actor(() => {}),
      "a",
    )
    const ring: Record<string, unknown> = { ref, list: [ref] }
    ring["self"] = ring
    const back = across(packMessage(ring), (path) => {
      expect(path).toBe("/app/a")
      return ref
    }) as typeof ring
    expect([back["self"] === back, back["ref"] === ref, back["list"]]).toEqual([true, true, [ref]])
  })

  it("may be 100,000 deep where the channel allows it, and is looked at without recursion", () => {
    let deep: unknown = () => {}
    for (let n = 0; n < 100_000; n++) deep = [deep]
    expect(refused(deep)).toMatchObject([{ message: "is a function" }])
  })

  class Point {
    x = 1
  }

  it.each([
    ["a function", { a: [() => 1] }, ".a[0]", "is a function"],
    ["a symbol", [Symbol("s")], "[0]", "is a symbol"],
    ["an instance", { p: new Point() }, ".p", "is an instance of Point"],
    ["a promise", Promise.resolve(), "", "is a promise"],
    ["in a map", new Map([["k", new WeakSet()]]), ".values[0]", "is an instance of WeakSet"],
    ["a key of a map", new Map([[() => 1, 1]]), ".keys[0]", "is a function"],
    ["in a set", { s: new Set([1, () => 1]) }, ".s.values[1]", "is a function"],
    ["a proxy", { "a b": new Proxy({}, {}) }, '["a b"]', "is a proxy"],
    ["a URL", { at: new URL("http://a") }, ".at", "is an instance of URL"],
    ["the first of several", { a: [1, { b: () => 1 }], c: Symbol("s") }, ".a[1].b", "is a function"],
  ])("is refused with its place: %s", (_, value, at, message) => {
    expect(refused(value)).toEqual([{ at, message }])
  })
})

describe("an error that crosses threads", () => {
  it("is of the same class where that is known, with stack, cause and fields", () => {
    const cause = new TypeError("deeper", { cause: { n: 1 } })
    const error = Object.assign(new Error("on top", { cause }), { code: "E", data: { a: [1] } })
    error.name = "Odd"
    const back = across(packThrown(error))
    expect(back).toBeInstanceOf(Error)
    expect(back).toMatchObject({ name: "Odd", message: "on top", stack: error.stack, code: "E", data: { a: [1] } })
    expect((back as Error).cause).toBeInstanceOf(TypeError)
    expect((back as Error).cause).toMatchObject({ message: "deeper", cause: { n: 1 } })
  })

  it("is a fault, by its data", () => {
    const fault = { _tag: "RateLimited" as const, message: "later", retry: { after: 5 }, cause: new Error("429") }
    const back = across(packThrown(new FaultError(fault)))
    expect(back).toBeInstanceOf(FaultError)
    expect(back).toMatchObject({ fault: { ...fault, cause: { message: "429" } }, cause: { message: "429" } })
  })

  it("is one of ours, or of several", () => {
    const full = across(packThrown(new MailboxFull("/app/a")))
    expect(full).toBeInstanceOf(MailboxFull)
    expect(full).toMatchObject({ message: "the mailbox of /app/a is full", path: "/app/a" })
    const aborted = across(packThrown(new AbortedError({ why: "late" })))
    expect(aborted).toBeInstanceOf(AbortedError)
    expect(aborted).toMatchObject({ reason: { why: "late" } })
    const several = across(packThrown(new AggregateError([new Error("a"), "b"], "two")))
    expect(several).toBeInstanceOf(AggregateError)
    expect(several).toMatchObject({ message: "two", errors: [{ message: "a" }, "b"] })
  })

  it("says whether to retry", () => {
    expect(verdictOf(across(packThrown(retryable(new Error("x")))))).toBe("yes")
    expect(verdictOf(across(packThrown(retryable(new Error("x"), { after: 9 }))))).toEqual({ after: 9 })
    expect(verdictOf(across(packThrown(new Error("x"))))).toBe("no")
  })

  it("loses what cannot be sent, and nothing else", () => {
    const error = Object.assign(new Error("x", { cause: () => 1 }), { f: () => 1, n: 1 })
    const back = across(packThrown(error)) as Error & { readonly n: number; readonly f?: unknown }
    expect([back.message, back.n, back.f]).toEqual(["x", 1, undefined])
    expect(back.cause).toBeInstanceOf(Error)
    expect(across(packThrown(() => 1))).toMatchObject({ message: "() => 1" })
  })

  it("may be its own cause", () => {
    const error = new Error("ring")
    error.cause = error
    expect(across(packThrown(error))).toMatchObject({ message: "ring", cause: { message: "ring" } })
  })
})
