import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const shell = promisify(execFile)

/** The commands that `--help` tells, and the options of one of them. */
async function told(command: readonly string[]): Promise<{ readonly commands: string[]; readonly flags: string[] }> {
  const { stdout } = await troupe([...command, "--help"])
  const [, below = ""] = stdout.split(/^Commands:$/m)
  return {
    commands: [...below.matchAll(/^ {2}(\w[\w-]*)/gm)].flatMap(([, name]) => name ?? []),
    flags: [...stdout.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)].flatMap(([, short, long]) =>
      [short, long].filter((flag) => flag !== undefined),
    ),
  }
}

describe("troupe completion", () => {
  const here = folder()
  const scripts: Record<string, string> = {}
  beforeAll(async () => {
    expect(inject("buildError")).toBe("")
    for (const name of ["bash", "zsh", "fish"]) {
      const { code, stdout, stderr } = await troupe(["completion", name])
      expect([code, stderr]).toEqual([0, ""])
      scripts[name] = stdout
      writeFileSync(join(here.path, name), stdout)
    }
    mkdirSync(join(here.path, "work", "flows"), { recursive: true })
    for (const file of ["brief.yaml", "brief.json", "notes.txt", "flows/deep.yaml", "my flow.yml"]) {
      writeFileSync(join(here.path, "work", file), "")
    }
  })
  afterAll(here.remove)

  it("knows every command and every option that --help tells", async () => {
    const { commands, flags } = await told([])
    expect(commands.length).toBeGreaterThan(8)
    const known = [...flags]
    for (const command of commands.filter((name) => name !== "help")) known.push(...(await told([command])).flags)
    expect(known.length).toBeGreaterThan(40)
    const word = (text: string) => new RegExp(`(?<![\\w-])${text}(?![\\w-])`)
    for (const text of [...commands, ...known]) {
      expect(scripts["bash"], text).toMatch(word(text))
      expect(scripts["zsh"], text).toMatch(word(text))
      const fish = text.startsWith("--") ? `-l ${text.slice(2)}` : text.startsWith("-") ? `-s ${text.slice(1)}` : text
      expect(scripts["fish"], text).toMatch(word(fish))
    }
  })

  /** What a real bash offers at the end of a line. */
  async function offered(...words: readonly string[]): Promise<string[]> {
    const program = `set -u
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
_troupe
printf '%s\\n' \${COMPREPLY[@]+"\${COMPREPLY[@]}"}`
    const args = ["--noprofile", "--norc", "-c", program, "bash", join(here.path, "bash"), ...words]
    const { stdout, stderr } = await shell("bash", args, { cwd: join(here.path, "work") })
    expect(stderr).toBe("")
    return stdout.split("\n").filter((line) => line !== "")
  }

  it("offers commands, options, documents and folders in a real bash", async () => {
    expect(await offered("troupe", "che")).toEqual(["check"])
    expect(await offered("troupe", "")).toEqual(expect.arrayContaining(["run", "doctor", "completion", "help"]))
    expect(await offered("troupe", "--v")).toEqual(["--version"])
    expect(await offered("troupe", "cost", "--max-")).toEqual([
      "--max-calls",
      "--max-requests",
      "--max-tokens",
      "--max-usd",
    ])
    expect((await offered("troupe", "run", "")).sort()).toEqual(["brief.json", "brief.yaml", "flows", "my flow.yml"])
    expect(await offered("troupe", "run", "--quiet", "flows/")).toEqual(["flows/deep.yaml"])
    expect(await offered("troupe", "run", "brief.yaml", "--import", "no")).toEqual(["notes.txt"])
    expect(await offered("troupe", "run", "brief.yaml", "--set", "")).toEqual([])
    expect(await offered("troupe", "completion", "z")).toEqual(["zsh"])
    expect(await offered("troupe", "init", "f")).toEqual(["flows"])
    expect(await offered("troupe", "nonsense", "--x")).toEqual([])
  })

  it("is loaded by a real bash as its help says", async () => {
    const { stdout } = await shell("bash", [
      "--noprofile",
      "--norc",
      "-c",
      'source "$1"; complete -p troupe',
      "bash",
      join(here.path, "bash"),
    ])
    expect(stdout).toMatch(/-F _troupe troupe$/m)
  })

  it("refuses another shell", async () => {
    const { code, stderr } = await troupe(["completion", "csh"])
    expect([code, stderr]).toEqual([2, expect.stringContaining("bash, zsh, fish")])
  })
})
