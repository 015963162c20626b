import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { ambient } from "../scripts/architecture/ambient.js"
import { compareCasts, countCasts } from "../scripts/architecture/casts.js"
import { emptyNames, tooLong } from "../scripts/architecture/files.js"
import { cycles, loadedBy } from "../scripts/architecture/graph.js"
import { layerOf, layers, wrongDirections } from "../scripts/architecture/layers.js"
import { listFiles, readSources, source } from "../scripts/architecture/source.js"
import { disguisedSwitches, foldFile, nodeTags, tagSwitches, thenables } from "../scripts/architecture/tags.js"

const root = new URL("..", import.meta.url).pathname
const read = (file: string) => readFileSync(`${root}${file}`, "utf8")
const sources = readSources(root, ["src"])
const folders = ["src", "test", "scripts", "examples", "bench"].filter((folder) => existsSync(`${root}${folder}`))

/** Packages that cost too much to load before they are needed. */
const heavy = ["openai", "@anthropic-ai/sdk", "zod", "ajv", "ajv-formats", "yaml", "@marcbachmann/cel-js", "re2js"]

describe("imports", () => {
  it("go down the table of layers only", () => expect(wrongDirections(sources)).toEqual([]))
  it("make no ring of files", () => expect(cycles(sources)).toEqual([]))

  it("leave the heavy packages out of the start of the command line", () => {
    const entry = "src/cli/main.ts"
    expect(sources.map((one) => one.file)).toContain(entry)
    const loaded = loadedBy(sources, entry)
    expect(heavy.flatMap((name) => loaded.get(name) ?? [])).toEqual([])
  })

  it("are described in CONTRIBUTING.md, layer by layer", () => {
    const text = read("CONTRIBUTING.md")
    const missing = [...new Set(sources.map((one) => layerOf(one.file)))].filter(
      (name) => !text.includes(`src/${name}`),
    )
    expect(missing).toEqual([])
    expect(Object.keys(layers)).toEqual(expect.arrayContaining([...new Set(sources.map((one) => layerOf(one.file)))]))
  })

  it.each([
    ["src/flow/a.ts", 'import { x } from "../actor/index.js"', "flow may not import actor"],
    ["src/actor/a.ts", 'export * from "../flow/index.js"', "actor may not import flow"],
    ["src/data/a.ts", 'import type { X } from "../flow/node.js"', "data may not import flow"],
    ["src/moa/a.ts", 'const x = await import("../agents/index.js")', "moa may not import agents"],
    ["src/flow/a.ts", 'let x: import("../agents/index.js").X', "flow may not import agents"],
    ["src/expr/a.ts", 'import { Expr } from "../flow/expr.js"', "write `import type`"],
    ["src/expr/a.ts", 'import type { Node } from "../flow/node.js"', "expr may not import flow"],
    ["src/serde/a.ts", 'import { parse } from "@marcbachmann/cel-js"', "serde may not import the package"],
    ["src/flow/a.ts", 'import { parse } from "@marcbachmann/cel-js"', "flow may not import the package"],
    ["src/data/a.ts", 'import { Ajv } from "ajv"', "ajv is heavy"],
    ["src/data/a.ts", 'const { Ajv } = require("ajv/dist/2020.js")', "ajv is heavy"],
    ["src/agents/a.ts", 'import OpenAI from "openai"', "openai is heavy"],
    ["src/engines/redis/a.ts", 'import { x } from "../restate/a.js"', "engines may not import engines"],
    ["src/novel/a.ts", "export {}", "src/novel is no layer"],
  ])("are refused: %s: %s", (file, text, message) => {
    expect(wrongDirections([source(file, text)]).join()).toContain(message)
  })

  it.each([
    ["src/expr/a.ts", 'import type { Expr } from "../flow/expr.js"'],
    ["src/laws/a.ts", 'import type { Registry } from "../serde/registry.js"'],
    ["src/data/a.ts", 'function f() { return require("ajv/dist/2020.js") }'],
    ["src/agents/a.ts", 'import type OpenAI from "openai"; const f = () => import("openai")'],
    ["src/engines/redis/a.ts", 'import { x } from "./b.js"'],
    ["src/cli/a.ts", 'import { readFile } from "node:fs/promises"'],
  ])("are let through: %s: %s", (file, text) => expect(wrongDirections([source(file, text)])).toEqual([]))

  it("in a ring are found, types and lazy ones included", () => {
    const ring = [
      source("src/data/a.ts", 'import type { B } from "./b.js"'),
      source("src/data/b.ts", 'export { c } from "./c.js"'),
      source("src/data/c.ts", 'const f = () => import("./a.js")'),
      source("src/data/d.ts", 'import { c } from "./c.js"'),
    ]
    expect(cycles(ring)).toEqual(["src/data/a.ts -> src/data/b.ts -> src/data/c.ts -> src/data/a.ts"])
    expect(cycles(ring.slice(1))).toEqual([])
  })

  it("are followed from the entry as far as they are loaded at once", () => {
    const files = [
      source("src/cli/main.ts", 'import { a } from "./a.js"; import type { Y } from "yaml"; import("./late.js")'),
      source("src/cli/a.ts", 'import { type Z } from "zod"'),
      source("src/cli/late.ts", 'import OpenAI from "openai"'),
    ]
    expect([...loadedBy(files, "src/cli/main.ts")]).toEqual([["zod", "src/cli/main.ts -> src/cli/a.ts -> zod"]])
  })
})

describe("the node tag", () => {
  const tags = nodeTags(source("src/flow/node.ts", read("src/flow/node.ts")))

  it("has the members of Node", () => expect(tags).toEqual(expect.arrayContaining(["Pure", "Agent", "Seq", "Within"])))

  it("is switched over once, in fold, with no default to hide in", () => {
    expect(tagSwitches(sources, tags)).toEqual([{ file: foldFile, line: expect.any(Number), hasDefault: false }])
  })

  it("is told apart by fold alone", () => expect(disguisedSwitches(sources, tags)).toEqual([]))

  it("in a switch is found wherever it is, and its default too", () => {
    const planted = source("src/flow/cost.ts", 'switch (n._tag) {\n case "Pure": break\n default: }')
    expect(tagSwitches([planted], tags)).toEqual([{ file: "src/flow/cost.ts", line: 1, hasDefault: true }])
    expect(tagSwitches([source("src/flow/a.ts", 'switch (f._tag) { case "TimedOut": break }')], tags)).toEqual([])
  })

  it("in a chain of comparisons is found", () => {
    const planted = source("src/flow/a.ts", 'if (n._tag === "Pure") f(); else if ("Seq" !== n?._tag) g()')
    expect(disguisedSwitches([planted], tags).join()).toContain("Pure (line 1), Seq (line 1)")
    expect(disguisedSwitches([source("src/flow/a.ts", 'if (n._tag === "Seq") f()')], tags)).toEqual([])
  })
})

describe("methods", () => {
  it("are never called then", () => expect(thenables(sources)).toEqual([]))

  it.each([
    "class A { then() {} }",
    "class A { then = () => 1 }",
    "interface A { then(f: () => void): void }",
    "abstract class A { abstract then(): void }",
    "const a = { then: () => 1 }",
    "const a = { then() {} }",
  ])("called then are found: %s", (text) => expect(thenables([source("src/flow/a.ts", text)])).toHaveLength(1))

  it("are not mistaken for keywords of JSON Schema", () => {
    expect(thenables([source("src/serde/a.ts", "const a = { if: {}, then: { type: 1 } }; p.then(f)")])).toEqual([])
  })
})

describe("time and randomness", () => {
  it("come from the clock", () => expect(ambient(sources)).toEqual([]))

  it.each([
    "Date.now()",
    "new Date()",
    "Date()",
    "Math.random()",
    "performance.now()",
    "setTimeout(f, 1)",
    "globalThis.setInterval(f, 1)",
    "const wait = setImmediate",
    "const a = { setTimeout }",
    "AbortSignal.timeout(5)",
    "crypto.randomUUID()",
    'import { randomUUID } from "node:crypto"',
    'import { setTimeout } from "node:timers/promises"',
    "process.hrtime.bigint()",
  ])("are found: %s", (text) => {
    expect(ambient([source("src/agents/a.ts", text)])).not.toEqual([])
    expect(ambient([source("src/actor/clock.ts", text)])).toEqual([])
  })

  it.each([
    "new Date(ms)",
    "clock.now()",
    "x.setTimeout()",
    "let t: ReturnType<typeof setTimeout>",
    "const a = { performance: 1 }",
  ])("are not suspected: %s", (text) => expect(ambient([source("src/agents/a.ts", text)])).toEqual([]))
})

describe("casts", () => {
  it("are as few as the baseline says", () => {
    expect(compareCasts(countCasts(sources), JSON.parse(read("test/casts.json")))).toEqual([])
  })

  it("are counted: as, angle brackets, any, !, and silenced compilers; not as const", () => {
    const text = "const a = b as C, d = <E>f, g: any = h!, i = [1] as const\n// @ts-ignore\nj satisfies K"
    expect(countCasts([source("src/a.ts", text), source("src/b.ts", "1")])).toEqual({ "src/a.ts": 5 })
  })

  it("may not rise, and the baseline follows when they fall", () => {
    expect(compareCasts({ a: 2 }, { a: 1 }).join()).toContain("2 casts, 1 allowed. Do without")
    expect(compareCasts({ a: 1 }, {}).join()).toContain("1 casts, 0 allowed. Do without")
    expect(compareCasts({}, { a: 1 }).join()).toContain("node scripts/casts.js")
    expect(compareCasts({ a: 1 }, { a: 1 })).toEqual([])
  })
})

describe("files", () => {
  const files = listFiles(root, folders)

  it("are named for what they do", () => expect(emptyNames(files)).toEqual([]))

  it("are short enough to read in one sitting", () => {
    const texts = files.filter((file) => /\.(ts|js)$/.test(file)).map((file) => ({ file, text: read(file) }))
    expect(tooLong(texts)).toEqual([])
  })

  it.each([
    "src/flow/utils.ts",
    "src/common/a.ts",
    "src/flow-helpers.ts",
    "test/shared.test.ts",
    "src/actorManager.ts",
  ])("with an empty name are found: %s", (file) => expect(emptyNames([file])).toHaveLength(1))

  it("that are too long are found", () => {
    expect(tooLong([{ file: "a.ts", text: "x\n".repeat(301) }]).join()).toContain("301 lines, 300 at most")
    expect(tooLong([{ file: "a.ts", text: "x\n".repeat(300) }])).toEqual([])
  })
})
