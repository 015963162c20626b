import type * as Fs from "node:fs"
import { closeSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import * as fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { byMaking, byWriting, type Generation } from "../../../src/actor/jsonl/generation-order.js"
import { generations } from "../../../src/actor/jsonl/generations.js"
import { folder } from "../../cli/process.js"

/** What happens between the look at the names in the folder and the opening of the files. */
const meanwhile: Array<() => void> = []

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof Fs>()
  const readdirSync = (path: string): string[] => {
    const names = fs.readdirSync(path)
    meanwhile.shift()?.()
    return names
  }
  return { ...fs, readdirSync }
})

const at = (end: string, made: number, written: number): Generation => ({
  fd: 0,
  file: end,
  made: BigInt(made),
  written: BigInt(written),
  path: `/root/bob.jsonl${end}`,
  current: end === "",
})

const ends = (files: readonly Generation[]): readonly string[] => files.map(({ file }) => file)

/** The given order, whatever order the folder lists them in. */
function inAnyOrder(
  files: readonly Generation[],
  sorted: (files: readonly Generation[]) => readonly Generation[],
): void {
  fc.assert(
    fc.property(fc.shuffledSubarray([...files], { minLength: files.length }), (shuffled) => {
      expect(ends(sorted(shuffled))).toEqual(ends(files))
    }),
  )
}

describe("files that were put away are in the order", () => {
  it("in which they were last written to, the one in their place last", () =>
    inAnyOrder([at(".9", 3, 5), at("-20260131", 2, 6), at(".1", 4, 7), at("", 1, 2)], byWriting))

  it("in which they were made, if all came at once, whatever was written late", () =>
    inAnyOrder([at(".2", 1, 9), at(".3", 2, 3), at(".1", 4, 5), at("", 1, 1)], (all) => byMaking(all, all)))

  it("in which they were written, where one seems to be made afterwards", () =>
    inAnyOrder([at(".2", 8, 3), at(".3", 2, 4), at(".1", 1, 5)], (all) => byMaking(all, all)))

  it.each([byWriting, (all: readonly Generation[]) => byMaking(all, all)])(
    "of their numbers, where times are the same: down, unless those whose times differ go up",
    (sorted) => {
      inAnyOrder([at(".10", 1, 1), at(".2", 1, 1), at(".1", 1, 1), at("", 1, 1)], sorted)
      inAnyOrder([at(".3", 0, 0), at(".2", 1, 1), at(".1", 1, 1), at("", 1, 1)], sorted)
      inAnyOrder([at(".1", 0, 0), at(".2", 1, 1), at(".10", 1, 1), at("", 1, 1)], sorted)
      inAnyOrder([at("-20260130", 1, 1), at("-20260131", 1, 1), at("", 1, 1)], sorted)
    },
  )
})

describe("files that are renamed while they are looked for", () => {
  const contents = (root: string): readonly string[] => {
    const all = generations(root, "bob", undefined)
    const found = all.map(({ fd }) => readFileSync(fd, "utf8"))
    for (const { fd } of all) closeSync(fd)
    return found
  }

  it.each([
    ["once", 1],
    ["twice", 2],
  ])("%s are all found, each once", (_how, times) => {
    const { path: root, remove } = folder()
    const file = (end: string): string => join(root, `bob.jsonl${end}`)
    for (const end of [".2", ".1", ""]) writeFileSync(file(end), basename(file(end)))
    for (let turn = 1; turn <= times; turn++) {
      meanwhile.push(() => {
        for (let n = turn + 1; n > 0; n--) renameSync(file(`.${n}`), file(`.${n + 1}`))
        renameSync(file(""), file(".1"))
        writeFileSync(file(""), `new ${turn}`)
      })
    }
    const old = ["bob.jsonl.2", "bob.jsonl.1", "bob.jsonl"]
    expect(contents(root)).toEqual([...old, "new 1", "new 2"].slice(0, old.length + times))
    remove()
  })

  it("without end are found, each once", () => {
    const { path: root, remove } = folder()
    const file = join(root, "bob.jsonl")
    writeFileSync(file, "0")
    for (let turn = 1; turn <= 20; turn++) {
      meanwhile.push(() => {
        renameSync(file, `${file}.${turn}`)
        writeFileSync(file, `${turn}`)
      })
    }
    const found = contents(root)
    expect(found.length).toBeGreaterThan(1)
    expect(new Set(found).size).toBe(found.length)
    meanwhile.length = 0
    remove()
  })
})
