import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, inject, it } from "vitest"
import { readSources, source } from "../scripts/architecture/source.js"
import { withAssertions } from "../scripts/documentation/assertions.js"
import { type Block, inPlace } from "../scripts/documentation/blocks.js"
import { docstringsOf, examplesOf } from "../scripts/documentation/docstrings.js"
import { type Compiled, compile, type Ended, run, runAll } from "../scripts/documentation/programs.js"
import { publicNames } from "../scripts/documentation/public-names.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const sources = readSources(root, ["src"])
const examples = sources.flatMap(examplesOf)
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"))
const entries = Object.values<string | { readonly types: string }>(manifest.exports).flatMap((entry) =>
  typeof entry === "string" ? [] : entry.types.replace("./dist/", "src/").replace(".d.ts", ".ts"),
)

const nameOf = ({ file, line }: Block): string => `${file.replace(/\W+/g, "-")}-${line}.ts`

describe("the examples of the docstrings", () => {
  let programs: Compiled
  let ended: readonly Ended[]

  beforeAll(async () => {
    expect(inject("buildError")).toBe("")
    const texts = examples.map((block) => [nameOf(block), withAssertions(inPlace(block))] as const)
    programs = await compile(root, "docstrings", Object.fromEntries(texts))
    ended = await runAll(
      texts.map(([name]) => programs.file(name)),
      { cwd: root },
    )
  }, 120_000)

  it("are TypeScript", () => {
    const others = examples.filter(({ language }) => language !== "ts")
    expect(others.map(({ file, line, language }) => `${file}:${line}: "${language}"`)).toEqual([])
  })

  for (const [i, block] of examples.entries()) {
    it(`${block.file}:${block.line}: compiles, runs and gives what it says`, () => {
      expect(programs.errors(nameOf(block))).toEqual([])
      expect(ended[i]?.status, ended[i]?.output).toBe(0)
    })
  }
})

describe("the public names", () => {
  it("come from entries that package.json names", () =>
    expect(entries).toEqual(expect.arrayContaining(["src/index.ts"])))

  it.each(entries)("of %s have a docstring", (entry) => {
    const bare = publicNames(sources, entry).filter(({ docstring }) => docstring === undefined)
    expect(bare.map(({ file, line, name }) => `${file}:${line}: ${name} has no docstring`)).toEqual([])
  })
})

describe("the reader of public names", () => {
  const files = [
    source(
      "src/index.ts",
      'export { a, type B as C } from "./one.js"\nexport type * from "./two.js"\nexport { inner }\nconst inner = 1',
    ),
    source("src/one.ts", 'import type { B } from "./two.js"\n/** A. */\nexport const a = 1\nexport type { B }'),
    source(
      "src/two.ts",
      "/** B. */\n\nexport type B = 1\n/**\n * D.\n */\nexport function d(): 1\nexport function d() {}",
    ),
  ]

  it("follows names to where they are declared, and takes the docstring right above", () => {
    expect(
      publicNames(files, "src/index.ts").map(({ name, file, line, docstring }) => [name, file, line, docstring]),
    ).toEqual([
      ["a", "src/one.ts", 3, "A."],
      ["C", "src/two.ts", 3, undefined],
      ["B", "src/two.ts", 3, undefined],
      ["d", "src/two.ts", 7, "D."],
      ["inner", "src/index.ts", 4, undefined],
    ])
  })

  it("refuses a name from nowhere", () => {
    expect(() => publicNames([source("src/index.ts", "export { a }")], "src/index.ts")).toThrow("a is declared nowhere")
    expect(() => publicNames(files.slice(0, 2), "src/index.ts")).toThrow(
      "src/two.ts is exported from, but is not among",
    )
  })
})

describe("the runner of examples", () => {
  it("finds them by their line, without the stars", () => {
    const file = source(
      "src/a.ts",
      "const x = 1\n/**\n * Words.\n *\n * ```ts\n * f(`${x}`)\n *   .g()\n * ```\n */\nconst a = 1",
    )
    expect(examplesOf(file)).toEqual([{ file: "src/a.ts", line: 5, language: "ts", text: "f(`${x}`)\n  .g()\n" }])
    expect(docstringsOf(source("src/a.ts", "/* no */\n// no\n/** Yes. */"))).toMatchObject([{ line: 3, lastLine: 3 }])
  })

  it.each([
    ["f() // 3", "$equal(f(), 3)"],
    [
      'await f() // { a: ["x", -1, null], "b": undefined }',
      '$equal(await f(), { a: ["x", -1, null], "b": undefined })',
    ],
    ["f()\n  .g() // true", "$equal(f()\n  .g(), true)"],
  ])("checks what a remark says in a literal: %s", (program, check) => expect(withAssertions(program)).toContain(check))

  it.each([
    "f() // a word",
    "f() // right(document)",
    "f()\n// 3",
    "const a = f() // 3",
    "f() // { [a]: 1 }",
    "f() // `${a}`",
    "f() // 1, 2 and 3",
  ])("leaves other remarks alone: %s", (program) => expect(withAssertions(program).endsWith(program)).toBe(true))

  it("leaves a program that does not parse to the compiler", () => expect(withAssertions("f( // 3")).toBe("f( // 3"))

  it("fails where the remark is wrong, at its line", async () => {
    const text = (told: string): string => withAssertions(`\nconst a: number = 1\nMath.max(a, 2) // ${told}\n`)
    const made = await compile(root, "docstrings-runner", {
      "right.ts": text("2"),
      "wrong.ts": text("3"),
      "typed.ts": withAssertions("\nconst b: string = 1\n"),
    })
    expect(made.errors("typed.ts").join()).toContain("typed.ts(2,7): error TS2322")
    const ended = (name: string) => run(process.execPath, ["--enable-source-maps", made.file(name)], { cwd: root })
    expect(await ended("right.ts")).toMatchObject({ status: 0 })
    const { status, output } = await ended("wrong.ts")
    expect([status, output]).toEqual([1, expect.stringContaining("wrong.ts:3:")])
  }, 60_000)
})
