import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Line, Lines } from "../../../src/actor/jsonl/lines.js"

const text = fc.array(
  fc.string({ unit: "grapheme", maxLength: 12 }).map((line) => line.replaceAll("\n", "")),
  { maxLength: 8 },
)

/** Cuts bytes at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...at, bytes.length].map((to, i) => bytes.subarray(at[i - 1] ?? 0, to))
}

describe("lines", () => {
  it("are the same however their bytes come, and end where they end in the file", () =>
    fc.assert(
      fc.property(text, fc.string({ unit: "grapheme" }), fc.array(fc.nat(), { maxLength: 6 }), (whole, torn, cuts) => {
        const rest = torn.replaceAll("\n", "")
        const bytes = Buffer.from(whole.map((line) => `${line}\n`).join("") + rest)
        const lines = new Lines(1_000)
        const found: Line[] = pieces(bytes, cuts).flatMap((piece) => [...lines.push(piece)])
        expect(found.map((line) => line.bytes.toString())).toEqual(whole.filter((line) => line !== ""))
        for (const { bytes: line, length, end } of found) {
          expect(bytes.subarray(end - line.length - 1, end)).toEqual(Buffer.concat([line, Buffer.from("\n")]))
          expect(length).toBe(line.length)
        }
        expect([lines.position, lines.rest()?.bytes.toString() ?? "", lines.rest()]).toEqual([
          bytes.length,
          rest,
          undefined,
        ])
      }),
    ))

  it("that are too long are told of, with their beginning, and do not pile up", () => {
    const lines = new Lines(10_000, 7)
    const found: Line[] = []
    for (let i = 0; i < 1_000; i++) found.push(...lines.push(Buffer.alloc(1_000, "x")))
    found.push(...lines.push(Buffer.from("\nshort\n")))
    expect(found.map(({ bytes, ...rest }) => ({ ...rest, kept: bytes.length <= 10_000 }))).toEqual([
      { length: 1_000_000, end: 1_000_008, tooLong: true, kept: true },
      { length: 5, end: 1_000_014, tooLong: false, kept: true },
    ])
  })
})
