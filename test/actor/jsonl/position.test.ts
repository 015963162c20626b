import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bears, markOf, noMark, type Position, PositionFile } from "../../../src/actor/jsonl/position.js"
import { openGeneration } from "../../../src/actor/jsonl/generations.js"
import { folder } from "../../cli/process.js"

const at = (offset: number): Position => ({
  file: "18446744073709551615",
  offset,
  mark: markOf(Buffer.from(`${offset}`)),
})

describe("the file of a position", () => {
  it("gives what was written last; nothing before that", () => {
    const { path, remove } = folder()
    const file = new PositionFile(join(path, "bob.offset"))
    expect(file.read()).toBeUndefined()
    for (const offset of [0, 1, Number.MAX_SAFE_INTEGER, 5]) {
      file.write(at(offset))
      expect(file.read()).toBeUndefined() // it knows: it wrote that itself
      const other = new PositionFile(join(path, "bob.offset"))
      expect(other.read()).toEqual(at(offset))
      other.close()
    }
    file.close()
    remove()
  })

  it("gives the one before, where the last was written in part", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(159), fc.string({ maxLength: 3 }), (writes, kept, noise) => {
        const { path, remove } = folder()
        const name = join(path, "bob.offset")
        const file = new PositionFile(name)
        for (let n = 1; n < writes; n++) file.write(at(n))
        const before = readFileSync(name)
        file.write(at(writes))
        file.close()
        const after = readFileSync(name)
        const turn = (writes - 1) % 2
        const torn = Buffer.concat([after.subarray(turn * 160, turn * 160 + kept), Buffer.from(noise)]).subarray(0, 160)
        const whole = Buffer.alloc(Math.max(before.length, turn * 160 + torn.length), 0)
        before.copy(whole)
        torn.copy(whole, turn * 160)
        writeFileSync(name, whole)
        const again = new PositionFile(name)
        const found = again.read()
        again.close()
        // Padding may be lost without harm: then it is the last one after all.
        const expected = [at(writes), writes > 1 ? at(writes - 1) : undefined]
        expect(expected).toContainEqual(found)
        remove()
      }),
    ))

  it("is two lines of JSON for whoever looks", () => {
    const { path, remove } = folder()
    const file = new PositionFile(join(path, "bob.offset"))
    for (const n of [7, 8, 9]) file.write(at(n))
    file.close()
    const lines = readFileSync(join(path, "bob.offset"), "utf8").trimEnd().split("\n")
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { turn: 3, offset: 9 },
      { turn: 2, offset: 8 },
    ])
    remove()
  })
})

describe("the mark of a position", () => {
  it("stands where its line ends, and nowhere else", () => {
    const { path, remove } = folder()
    const name = join(path, "bob.jsonl")
    const lines = ["one", "two".repeat(200), "three"]
    writeFileSync(name, lines.map((line) => `${line}\n`).join(""))
    const opened = openGeneration(name)
    if (opened === undefined) throw new Error("the file is there")
    const ends = [4, 605, 611]
    const found = lines.map((line) => ends.filter((end) => bears(opened.fd, end, markOf(Buffer.from(line)))))
    expect(found).toEqual([[4], [605], [611]])
    expect([bears(opened.fd, 0, noMark), bears(opened.fd, 9_999, markOf(Buffer.from("one")))]).toEqual([true, false])
    remove()
  })
})
