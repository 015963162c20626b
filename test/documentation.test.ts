import { existsSync, readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { type Block, blocksOf, commandsOf, inPlace, languages, markdownFiles } from "../scripts/documentation/blocks.js"
import { type Copy, copyOf } from "../scripts/documentation/copy.js"
import { type Compiled, compile, run } from "../scripts/documentation/programs.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), "utf8")
const blocks = markdownFiles(root).flatMap((file) => blocksOf(file, read(file)))

const nameOf = ({ file, line, language }: Block): string => `${file.replace(/\W+/g, "-")}-${line}.${language}`
const written = (language: string): Array<[string, Block]> =>
  blocks.filter((block) => block.language === language).map((block) => [`${block.file}:${block.line}`, block])

describe("the blocks of README.md and docs", () => {
  let copy: Copy
  let programs: Compiled

  beforeAll(async () => {
    expect(inject("buildError")).toBe("")
    copy = copyOf(root)
    programs = await compile(
      root,
      "documentation",
      Object.fromEntries(written("ts").map(([, block]) => [nameOf(block), inPlace(block)])),
    )
  }, 120_000)
  afterAll(() => copy.remove())

  it("are in languages that are checked, or known to need no check", () => {
    const unknown = blocks.filter((block) => !languages.includes(block.language))
    expect(unknown.map(({ file, line, language }) => `${file}:${line}: "${language}"`)).toEqual([])
  })

  it("name npm scripts that exist", () => {
    const scripts = Object.keys(JSON.parse(read("package.json")).scripts)
    const named = written("sh").flatMap(([, { text }]) =>
      [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name]) => name),
    )
    expect(scripts).toEqual(expect.arrayContaining(named))
  })

  it("link to what is published with them", () => {
    const linked = [...read("README.md").matchAll(/\]\((?!\w+:)([\w.-]+)/g)].map(([, name]) => name ?? "")
    const published: readonly string[] = JSON.parse(read("package.json")).files
    expect(linked.length).toBeGreaterThan(5)
    expect(linked.filter((name) => !published.includes(name) || !existsSync(join(root, name)))).toEqual([])
  })

  for (const [place, block] of written("ts")) {
    it(`${place}: the program compiles and runs`, async () => {
      expect(programs.errors(nameOf(block))).toEqual([])
      const { status, stdout, output } = await run(process.execPath, [programs.file(nameOf(block))], {
        cwd: copy.folder,
        env: copy.env,
      })
      expect(status, output).toBe(0)
      if (block.prints !== undefined) expect(stdout).toBe(block.prints)
    }, 60_000)
  }

  for (const [place, block] of written("yaml")) {
    it(`${place}: the document passes troupe check`, async () => {
      // Beside the repository's own flows, so that the names which they register are known.
      const file = join(copy.folder, existsSync(join(copy.folder, "flows")) ? "flows" : ".", nameOf(block))
      await writeFile(file, inPlace(block))
      const command = join(copy.folder, "node_modules", ".bin", "troupe")
      const { status, output } = await run(command, ["check", file], { cwd: copy.folder, env: copy.env })
      expect(status, output).toBe(0)
    })
  }

  // Finding a command costs `npx` as long as running it; that it does find ours, the README's blocks show.
  const direct = (place: string): string =>
    place.startsWith("README") ? "" : 'npx() { "node_modules/.bin/$1" "${@:2}"; }\n'

  for (const [place, block] of written("sh")) {
    it(`${place}: the commands succeed`, async () => {
      const { status, stdout, output } = await run("bash", ["-e", "-c", direct(place) + commandsOf(block)], {
        cwd: copy.folder,
        env: copy.env,
      })
      expect(status, output).toBe(0)
      if (block.prints !== undefined) expect(stdout).toBe(block.prints)
    }, 60_000)
  }

  for (const [place, block] of written("json")) {
    it(`${place}: the text is JSON`, () => expect(() => JSON.parse(block.text)).not.toThrow())
  }
})

describe("the runner of blocks", () => {
  it("finds blocks by line, whatever their fence and indent", () => {
    const markdown = "a\n```ts\nx\n```\n\n  ~~~~sh\n  b\n    c\n  ~~~\n  ~~~~\n```\n```"
    expect(blocksOf("a.md", markdown)).toEqual([
      { file: "a.md", line: 2, language: "ts", text: "x\n" },
      { file: "a.md", line: 6, language: "sh", text: "b\n  c\n~~~\n" },
      { file: "a.md", line: 11, language: "", text: "\n" },
    ])
    expect(() => blocksOf("a.md", "```ts\nx")).toThrow("a.md:1: this block is never closed")
  })

  it("ties a block of output to the block that prints it", () => {
    const [program, output] = blocksOf("a.md", "```ts\nx\n```\nIt prints\n```text output\n1\n```")
    expect([program?.prints, output?.language, output?.prints]).toEqual(["1\n", "text", undefined])
    expect(blocksOf("a.md", "```ts\nx\n```\n```text\n1\n```")[0]?.prints).toBeUndefined()
  })

  it("leaves out the set-up commands and nothing else", () => {
    const [block] = blocksOf("a.md", "```sh\nnpm ci && npm run demo\nnpm cit\nnpm cit --verbose\n```")
    expect(block === undefined ? "" : commandsOf(block)).toBe("npm cit --verbose")
  })

  it("reports wrong types at their line in the Markdown, and runs what compiles", async () => {
    const [bad, expected, good] = blocksOf(
      "a.md",
      "text\n```ts\nconst n: number = 'one'\nexport { n }\n```\n" +
        "```ts\n// @ts-expect-error not a number\nexport const n: number = 'one'\n```\n" +
        "```ts\nconsole.log([1, 2].at(-1))\nexport {}\n```",
    )
    if (bad === undefined || expected === undefined || good === undefined) throw new Error("three blocks expected")
    const made = await compile(root, "documentation-runner", {
      "bad.ts": inPlace(bad),
      "expected.ts": inPlace(expected),
      "good.ts": inPlace(good),
    })
    expect(made.errors("bad.ts").join()).toContain("bad.ts(3,7): error TS2322")
    expect(made.errors("expected.ts")).toEqual([])
    expect(made.errors("good.ts")).toEqual([])
    expect(await run(process.execPath, [made.file("good.ts")], { cwd: root })).toMatchObject({
      status: 0,
      stdout: "2\n",
    })
  })

  it("sees a failing command, in the middle of a block too", async () => {
    expect(await run("bash", ["-e", "-c", "false\ntrue"], { cwd: root })).toMatchObject({ status: 1 })
  })

  it("gives commands a repository of their own", async () => {
    const copy = copyOf(root)
    try {
      const commands = "test -x node_modules/.bin/troupe\necho x > README.md"
      const { status, output } = await run("bash", ["-e", "-c", commands], { cwd: copy.folder, env: copy.env })
      expect(status, output).toBe(0)
      expect(existsSync(join(copy.folder, "package.json"))).toBe(true)
      expect(existsSync(join(copy.folder, ".git"))).toBe(false)
      expect(readFileSync(join(copy.folder, "README.md"), "utf8")).toBe("x\n")
    } finally {
      copy.remove()
    }
  })
})
