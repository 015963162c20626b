import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { join } from "node:path"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { folder } from "../../cli/process.js"
import { times } from "../../setup/times.js"
import { add, jsonLines, lineFor, reader } from "./reading.js"

const bob = (n: number | string): string => lineFor("bob", { n }, { id: `${n}` })
const now = (root: string): string => join(root, "bob.jsonl")

/** Ways in which another file takes the place of the one that is written to. */
const ways = {
  "is renamed": (root: string, n: number) => renameSync(now(root), `${now(root)}.${n}`),
  "is renamed by the day": (root: string, n: number) => renameSync(now(root), `${now(root)}-2026013${n}`),
  "is renamed to what nobody would guess": (root: string, n: number) => renameSync(now(root), join(root, `old${n}`)),
  "is moved elsewhere": (root: string, n: number) => renameSync(now(root), `${root}-moved-${n}`),
  "is removed": (root: string) => rmSync(now(root)),
  "is replaced": (root: string) => {
    writeFileSync(join(root, "new"), "")
    renameSync(join(root, "new"), now(root))
  },
  "is copied and cut": (root: string, n: number) => {
    copyFileSync(now(root), `${now(root)}.${n}`)
    truncateSync(now(root))
  },
}

describe("while its reader runs, nothing is lost when the file", () => {
  it.each(Object.entries(ways))("%s", async (_how, turn) => {
    const { path, remove } = folder()
    const root = join(path, "messages")
    const { app, poll, numbers } = reader(root)
    add(root, bob(1), bob(2))
    await poll()
    add(root, bob(3), bob(4).slice(0, 30))
    await poll()
    add(root, bob(4).slice(30), bob(5))
    turn(root, 1)
    add(root, bob(6), bob(7).slice(0, 40))
    await poll()
    add(root, bob(7).slice(40))
    await poll()
    turn(root, 2)
    await poll()
    add(root, bob(8))
    await poll()
    expect(numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(readdirSync(root).filter((name) => name.includes("quarantine"))).toEqual([])
    await app.shutdown()
    remove()
  })

  it("is cut and written anew, but for what was not read", async () => {
    const { path: root, remove } = folder()
    const { app, poll, numbers } = reader(root)
    add(root, bob("one"), bob("two"), bob("three").slice(0, 20))
    await poll()
    writeFileSync(now(root), bob("four"))
    await poll()
    writeFileSync(now(root), bob("five") + bob("six") + bob("seven") + bob("eight"))
    await poll()
    expect(numbers()).toEqual(["one", "two", "four", "five", "six", "seven", "eight"])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([
      { why: "the file was cut before it had its newline", line: bob("three").slice(0, 20) },
    ])
    await app.shutdown()
    remove()
  })
})

describe("a writer that has a file open while another takes its place", () => {
  it("is read for a while: what it writes there comes before what it writes later", async () => {
    const { path: root, remove } = folder()
    const { app, clock, poll, numbers } = reader(root)
    add(root, bob(1))
    await poll()
    const old = openSync(now(root), "a")
    renameSync(now(root), `${now(root)}.1`)
    add(root, bob(2))
    await poll()
    writeSync(old, bob(3))
    add(root, bob(4))
    await poll()
    expect(numbers()).toEqual([1, 2, 3, 4])
    await clock.advance(8_000)
    writeSync(old, bob(5).slice(0, 20))
    await poll()
    closeSync(old)
    await poll()
    expect(numbers()).toEqual([1, 2, 3, 4])
    expect(jsonLines(root, "bob.quarantine.jsonl")).toMatchObject([
      { why: "its file was put away before it had its newline", line: bob(5).slice(0, 20) },
    ])
    await app.shutdown()
    const again = reader(root)
    await again.app.whenQuiescent()
    expect(again.numbers()).toEqual([])
    await again.app.shutdown()
    remove()
  })
})

describe("a line that is written late into a file that was put away", () => {
  /** As the system does for whoever writes at a later time. */
  const late = (file: string, fd: number, line: string): void => {
    writeSync(fd, line)
    const later = Date.now() / 1_000 + 60
    utimesSync(file, later, later)
  }

  it("does not put the file after the one that came next, where something of it was read", async () => {
    const { path: root, remove } = folder()
    const { app, poll, numbers } = reader(root)
    add(root, bob(1))
    await poll()
    const first = openSync(now(root), "a")
    renameSync(now(root), `${now(root)}.1`)
    add(root, bob(3))
    const second = openSync(now(root), "a")
    renameSync(now(root), `${now(root)}.2`)
    add(root, bob(4))
    late(`${now(root)}.1`, first, bob(2))
    await poll()
    expect(numbers()).toEqual([1, 2, 3, 4])
    late(`${now(root)}.2`, second, bob(6))
    late(`${now(root)}.1`, first, bob(5))
    await poll()
    expect(numbers()).toEqual([1, 2, 3, 4, 5, 6])
    for (const fd of [first, second]) closeSync(fd)
    await app.shutdown()
    remove()
  })

  it("does not put the file after the one that came next, where nothing was read of both", async () => {
    const { path: root, remove } = folder()
    const { app, poll, numbers } = reader(root)
    add(root, bob(1))
    await poll()
    renameSync(now(root), `${now(root)}.1`)
    add(root, bob(2))
    const old = openSync(now(root), "a")
    renameSync(now(root), `${now(root)}.2`)
    nextTick(root, `${now(root)}.2`)
    add(root, bob(4))
    renameSync(now(root), `${now(root)}.3`)
    add(root, bob(5))
    late(`${now(root)}.2`, old, bob(3))
    await poll()
    expect(numbers()).toEqual([1, 2, 3, 4, 5])
    closeSync(old)
    await app.shutdown()
    remove()
  })

  /** Waits until a file that is made is later than another by the clock of the file system. */
  function nextTick(root: string, file: string): void {
    const { birthtimeNs } = statSync(file, { bigint: true })
    const probe = join(root, "probe")
    do {
      rmSync(probe, { force: true })
      writeFileSync(probe, "")
    } while (statSync(probe, { bigint: true }).birthtimeNs <= birthtimeNs)
  }
})

describe("while its reader does not run, nothing is lost when the file", () => {
  const here = Object.entries(ways).filter(
    ([how]) => !["is moved elsewhere", "is removed", "is replaced"].includes(how),
  )

  it.each(here)("%s", async (_how, turn) => {
    const { path: root, remove } = folder()
    const one = reader(root)
    add(root, bob(1), bob(2))
    await one.poll()
    await one.app.shutdown()
    add(root, bob(3))
    turn(root, 1)
    add(root, bob(4), bob(5))
    const two = reader(root)
    await two.app.whenQuiescent()
    await two.app.shutdown()
    add(root, bob(6))
    const three = reader(root)
    await three.app.whenQuiescent()
    await three.app.shutdown()
    expect([one.numbers(), two.numbers(), three.numbers()]).toEqual([[1, 2], [3, 4, 5], [6]])
    remove()
  })

  it("is renamed twice, by the order in which the files were written", async () => {
    const { path: root, remove } = folder()
    const one = reader(root)
    add(root, bob(1))
    await one.poll()
    await one.app.shutdown()
    add(root, bob(2))
    renameSync(now(root), `${now(root)}.1`)
    add(root, bob(3))
    renameSync(`${now(root)}.1`, `${now(root)}.2`)
    renameSync(now(root), `${now(root)}.1`)
    add(root, bob(4))
    const two = reader(root)
    await two.app.whenQuiescent()
    expect(two.numbers()).toEqual([2, 3, 4])
    await two.app.shutdown()
    remove()
  })

  it("is removed, and another is written, be it under the same number", async () => {
    const { path: root, remove } = folder()
    const one = reader(root)
    add(root, bob("one"), bob("two"))
    await one.poll()
    await one.app.shutdown()
    rmSync(now(root))
    add(root, bob("tri"), bob("fou"), bob("fiv"))
    const two = reader(root)
    await two.app.whenQuiescent()
    expect(two.numbers()).toEqual(["tri", "fou", "fiv"])
    await two.app.shutdown()
    remove()
  })
})

describe("any order of lines, halves of lines, turns, polls and starts", () => {
  it("loses nothing, keeps the order and delivers once where each end is an orderly one", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("line", "half", "poll", "start", "turn", "copy"), { maxLength: 30 }),
        async (steps) => {
          const { path: root, remove } = folder()
          let open = reader(root)
          const seen: unknown[] = []
          let sent = 0
          let rest = ""
          let turns = 0
          const end = async (): Promise<void> => {
            await open.poll()
            await open.app.shutdown()
            seen.push(...open.numbers())
          }
          for (const step of steps) {
            if (step === "poll") await open.poll()
            else if (step === "start") {
              await end()
              open = reader(root)
            } else if (step === "half" && rest === "") {
              const line = bob(++sent)
              add(root, line.slice(0, 25))
              rest = line.slice(25)
            } else if (step === "line" || step === "half") {
              add(root, rest === "" ? bob(++sent) : rest)
              rest = ""
            } else if (rest === "" && sent > 0 && readdirSync(root).includes("bob.jsonl")) {
              ways[step === "turn" ? "is renamed" : "is copied and cut"](root, ++turns)
              // Files that were put away within one tick of the file system's clock are told apart by nothing sure.
              utimesSync(`${now(root)}.${turns}`, turns, turns)
            }
          }
          if (rest !== "") add(root, rest)
          await end()
          expect(seen).toEqual(Array.from({ length: sent }, (_, i) => i + 1))
          remove()
        },
      ),
      times(60),
    ))
})
