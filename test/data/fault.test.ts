import { describe, expect, it } from "vitest"
import {
  AbortedError,
  FaultError,
  FlowError,
  faultTags,
  messageOf,
  retryable,
  verdictOf,
} from "../../src/data/fault.js"

describe("errors that reject a run", () => {
  it("say where and what, and keep the fault and its cause", () => {
    const cause = new Error("cause")
    const fault = { _tag: "Unavailable", path: "1/draft", message: "down", cause, retry: "yes" } as const
    const error = new FlowError(fault)
    expect([error.message, error.fault, error.cause, error.name]).toEqual(["1/draft: down", fault, cause, "FlowError"])
    expect(new FlowError({ ...fault, path: "" }).message).toBe("down")
  })

  it.each<[unknown, string]>([
    ["stop", "aborted: stop"],
    [new Error("ctrl-c"), "aborted: ctrl-c"],
    [undefined, "aborted: undefined"],
    [Object.create(null), "aborted: something that has no text"],
  ])("an abort says its reason %#", (reason, message) => {
    const error = new AbortedError(reason)
    expect(error.message).toBe(message)
    expect(error.reason).toBe(reason)
  })

  it("a fault without a place keeps its cause", () => {
    const error = new FaultError({ _tag: "RateLimited", message: "slow", cause: 429, retry: { after: 5 } })
    expect([error.message, error.cause, error.fault.retry]).toEqual(["slow", 429, { after: 5 }])
  })
})

it("retryable marks what is thrown, frozen or not, and gives it back", () => {
  const frozen = Object.freeze({ why: 1 })
  expect(retryable(frozen)).toBe(frozen)
  expect(verdictOf(frozen)).toBe("yes")
  expect(verdictOf(retryable(new Error("x"), { after: 0 }))).toEqual({ after: 0 })
  expect([verdictOf(new Error("y")), verdictOf("text"), verdictOf(null), verdictOf(undefined)]).toEqual([
    "no",
    "no",
    "no",
    "no",
  ])
})

it.each<[unknown, string]>([
  [new Error("said"), "said"],
  [new TypeError(""), "TypeError"],
  [undefined, "undefined"],
  [null, "null"],
  [Symbol("s"), "Symbol(s)"],
  [Object.assign(new Error("x"), { message: 5 }), "5"],
  [Object.create(null), "something that has no text"],
])("the message of what was thrown %#", (thrown, message) => expect(messageOf(thrown)).toBe(message))

it("what is no error cannot be marked as worth another try, and is told how to be", () => {
  expect(() => retryable("busy" as never)).toThrow('retryable takes an error: write retryable(new Error("busy"))')
})

it("no tag is listed twice", () => expect(new Set(faultTags).size).toBe(faultTags.length))

it.each<[unknown, string]>([
  [{ message: "over quota", code: 429 }, "over quota"],
  [{ status: 401, token: "secret" }, "an object with status, token"],
  [{}, "an object without fields"],
  [["a", "b"], "a,b"],
])("a plain object that was thrown says what it can, and no value that may be a secret %#", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})
