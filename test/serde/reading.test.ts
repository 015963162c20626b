import * as fc from "fast-check"
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parse as yaml } from "yaml"
import { frame } from "../../src/serde/frame.js"
import { parse, registry } from "../../src/serde/index.js"
import { offsetInside } from "../../src/serde/inside.js"
import { readText } from "../../src/serde/reading.js"
import { Source } from "../../src/serde/source.js"
import { plain, type Tree } from "../../src/serde/tree.js"
import { times } from "../setup/times.js"

const treeOf = (text: string): Tree => {
  const read = readText(text)
  if ("problem" in read) throw new Error(read.problem.message)
  return read.tree
}

describe("reading", () => {
  it("gives what JSON says, with every value where it was written", () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const json = JSON.stringify({ value }, null, indent)
        if (json.includes("__proto__")) return
        const tree = treeOf(json)
        expect(plain(tree)).toEqual(JSON.parse(json))
        const stack = [tree]
        for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
          const written = json.slice(top.range?.start, top.range?.end)
          if (top.kind === "scalar") expect(JSON.parse(written)).toEqual(top.value)
          else expect(written).toBe(top.kind === "list" ? "[" : "{")
          if (top.kind === "list") stack.push(...top.items)
          if (top.kind === "mapping") stack.push(...top.entries.map((one) => one.value))
        }
      }),
    ))

  it("gives what YAML says", () => {
    const text = "a: &x [1, 0x1F, yes, ~, 'q', \"w\", 2001-01-01]\nb: *x\nc: |\n  l\nd:\n1: 2\n"
    expect(plain(treeOf(text))).toEqual(yaml(text))
  })

  it("minds no byte order mark and no kind of line end", () => {
    for (const end of ["\n", "\r\n"]) {
      const bad = parse(["\uFEFFtroupe: 1", "flow:", "  map: ${1 +}", ""].join(end), registry({}))
      expect(bad._tag === "Left" && bad.left).toMatchObject([{ line: 3, column: 13 }])
    }
  })

  it("ends soon, with messages that have places, whatever was broken", () => {
    const whole = readFileSync(new URL("../../flows/research-brief.yaml", import.meta.url), "utf8")
    const bits = fc.constantFrom(
      "",
      "\t",
      ": ",
      "- ",
      "[",
      "{",
      "}",
      '"',
      "'",
      "&a ",
      "*a",
      "!x ",
      "|",
      ">",
      "${",
      "\n",
      "\r",
      "#",
      "?",
      "\0",
      "💥",
      "<<",
      "%",
      "@",
    )
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(40), bits, (at, cut, bit) => {
        const parsed = parse(whole.slice(0, at) + bit + whole.slice(at + cut), registry({}), { file: "f.yaml" })
        if (parsed._tag === "Right") return
        expect(parsed.left.length).toBeGreaterThan(0)
        for (const one of parsed.left)
          expect(one).toMatchObject({ file: "f.yaml", line: expect.any(Number), frame: expect.any(String) })
      }),
      times(400),
    )
  })
})

describe("a place inside a text", () => {
  const scalars: readonly (readonly [written: string, value: string])[] = [
    ["plain text", "plain text"],
    ["plain\n  folded\n\n  twice", "plain folded\ntwice"],
    ["'it''s'", "it's"],
    ['"a\\u00e9\\n\\"b\\x41"', 'aé\n"bA'],
    ['"a \\\n   b"', "a b"],
    ["|\n  one\n    two\n\n  three", "one\n  two\n\nthree"],
    ["|2\n    one\n  two", "  one\ntwo"],
    [">\n  one\n  two", "one two"],
  ]

  it.each(scalars)("is where its character was written: %j", (written, value) => {
    const text = `a: ${written}\n`
    const tree = treeOf(text)
    const found = tree.kind === "mapping" ? tree.entries[0]?.value : undefined
    if (found?.kind !== "scalar" || found.range === undefined || typeof found.value !== "string")
      throw new Error("no scalar")
    expect(found.value.trimEnd()).toBe(value)
    for (const [i, character] of value.split("").entries()) {
      if (!/[a-zA-Z]/.test(character)) continue
      const offset = offsetInside(text, found.range, found.value, i)
      const isEscaped = text[offset] === "\\" && /^\\(u00e9|x41)/.test(text.slice(offset))
      expect(isEscaped ? character : text[offset]).toBe(character)
    }
  })
})

describe("a frame", () => {
  it("has the line, the line before and a caret", () => {
    expect(frame(new Source("a\nbcd\n"), { line: 2, column: 2 }, 2)).toBe("1 | a\n2 | bcd\n  |  ^^")
  })

  it("shows tabs and wide characters as wide as they are", () => {
    expect(frame(new Source("\tx"), { line: 1, column: 2 })).toBe("1 |   x\n  |   ^")
    expect(frame(new Source("猫x"), { line: 1, column: 2 })).toBe("1 | 猫x\n  |   ^")
  })

  it("of a line as long as the document shows the place, and never a key that stands far before it", () => {
    const filler = "x".repeat(5000)
    const long = new Source(`before\r\n${filler} agnet: 1 ${filler}`)
    expect(frame(long, { line: 2, column: 5002 }, 5)?.split("\n")).toEqual([
      "1 |",
      `2 | …${"x".repeat(49)} agnet: 1 ${"x".repeat(41)}…`,
      `  | ${" ".repeat(51)}^^^^^`,
    ])
    const keyed = new Source(`{ api_key: ${"k".repeat(5000)}, agnet: 1 }`)
    expect(frame(keyed, { line: 1, column: 5014 }, 5)).not.toContain("k")
  })

  it("cuts long lines around the place", () => {
    const drawn = frame(new Source(`${"a".repeat(500)}b${"c".repeat(500)}`), { line: 1, column: 501 }) ?? ""
    const [line = "", carets = ""] = drawn.split("\n")
    expect(line.length).toBeLessThan(120)
    expect(line[carets.indexOf("^")]).toBe("b")
  })
})
