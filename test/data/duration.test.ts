import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatDuration, maxDuration, parseDuration } from "../../src/data/duration.js"

describe("durations", () => {
  it.each([
    ["250ms", 250],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["0ms", 0],
    ["0.0004s", 0.4],
    ["2.25ms", 2.25],
    ["1.005s", 1_005],
    ["0.1m", 6_000],
    ["2147483647ms", maxDuration],
  ])("%s", (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each([
    "30",
    "",
    "s",
    "-1s",
    "1 s",
    "1S",
    "1e3s",
    ".5s",
    "1.s",
    "1w",
    "25d",
    "2147483648ms",
    "1s2s",
    "1constructor",
    "9999999999999999s",
  ])("%j is none", (text) => expect(parseDuration(text)).toBeUndefined())

  it("read back to the same number", () =>
    fc.assert(
      fc.property(fc.nat(maxDuration), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    ))

  it("parts of a millisecond too, however small", () =>
    fc.assert(
      fc.property(fc.double({ min: 1e-60, max: maxDuration, noNaN: true }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    ))

  it.each([
    [0, "0ms"],
    [999, "999ms"],
    [0.5, "0.5ms"],
    [1 / 3, "0.3333333333333333ms"],
    [1_000, "1s"],
    [90_000, "90s"],
    [1_500, "1.5s"],
    [5_200, "5.2s"],
    [61_250, "61.25s"],
    [1_234, "1234ms"],
    [12_345, "12345ms"],
    [1_500.5, "1500.5ms"],
    [3_600_000, "1h"],
  ])("%d is written %s", (ms, text) => expect(formatDuration(ms)).toBe(text))
})
