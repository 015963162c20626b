import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"]
for (const [i, name] of "bcdefghi".split("").entries()) {
  const before = "abcdefgh"[i]
  bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`)
}

interface Case {
  readonly what: string
  readonly text: string | Uint8Array
  /** The first line of the message, after the file. */
  readonly says: RegExp
  readonly frame?: RegExp
  readonly hint: RegExp
}

const cases: readonly Case[] = [
  {
    what: "an unknown agent",
    text: "troupe: 1\nagents: { lead: { provider: local } }\nflow:\n  steps:\n    - agent: leed\n",
    says: /^:5:14: error: .*`leed`/,
    frame: /5 \| {5}- agent: leed\n {2}\| {14}\^{4}/,
    hint: /did you mean `lead`/,
  },
  {
    what: "a misspelt key",
    text: "troupe: 1\nagents: { lead: { provider: local } }\nflow:\n  agnt: lead\n",
    says: /^:4:3: error: .*`agnt`/,
    frame: /4 \| {3}agnt: lead\n {2}\| {3}\^{4}/,
    hint: /did you mean `agent`/,
  },
  {
    what: "a wrong type",
    text: "troupe: 1\nagents: { lead: { provider: local } }\nflow:\n  agent: lead\n  timeout: 30\n",
    says: /^:5:12: error: .*number 30.*expected a duration/,
    frame: /5 \| {3}timeout: 30\n {2}\| {12}\^\^/,
    hint: /write 30s/,
  },
  {
    what: "tabs",
    text: "troupe: 1\nflow:\n\tagent: a\n",
    says: /^:3:1: error: .*tab/,
    frame: /3 \|/,
    hint: /spaces/,
  },
  { what: "an empty file", text: "", says: /^:1:1: error: .*empty/, hint: /troupe: 1/ },
  { what: "a binary file", text: Uint8Array.of(0, 159, 146, 150, 0), says: /^: error: .*binary/, hint: /YAML or JSON/ },
  { what: "text that is no UTF-8", text: Uint8Array.of(0x66, 0xff, 0x66), says: /^: error: .*UTF-8/, hint: /YAML/ },
  { what: "a file of 10 MB", text: "a".repeat(10_485_760), says: /^: error: .*10\.0 MiB: expected 8/, hint: /flows/ },
  {
    what: "20,000 nested brackets",
    text: `troupe: 1\nflow: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`,
    says: /^:2:262: error: .*deeper than 256/,
    frame: /\^/,
    hint: /steps/,
  },
  {
    what: "20,000 nested brackets that never close",
    text: `troupe: 1\nflow: ${"[".repeat(20_000)}`,
    says: /^:2:\d+: error: .*256/,
    frame: /\^/,
    hint: /steps/,
  },
  {
    what: "an alias bomb",
    text: `troupe: 1\n${bomb.join("\n")}\n`,
    says: /^:\d+:\d+: error: .*10,000 nodes/,
    frame: /\^/,
    hint: /split/,
  },
  {
    what: "__proto__",
    text: "troupe: 1\n__proto__: { polluted: true }\nflow:\n  map: 1\n",
    says: /^:2:1: error: `__proto__` is no key/,
    frame: /\^{9}/,
    hint: /another name/,
  },
  {
    what: "a tag whose value is no JSON",
    text: "troupe: 1\nflow: !!omap [ map: 1 ]\n",
    says: /^:2:14: error: the tag !!omap/,
    frame: /\^/,
    hint: /leave it out/,
  },
  {
    what: "a default provider that is none",
    text: "troupe: 1\ndefault_provider: nobody\nagents: { a: {} }\nflow: { agent: a }\n",
    says: /^:2:19: error: no provider is called `nobody`/,
    frame: /\^{6}/,
    hint: /expected: one of openai/,
  },
  {
    what: "four million brackets",
    text: `${"[".repeat(4_000_000)}${"]".repeat(4_000_000)}`,
    says: /^:1:257: error: .*deeper than 256/,
    frame: /\^/,
    hint: /steps/,
  },
  {
    what: "an expression that YAML reads as a tag",
    text: "troupe: 1\nflow:\n  loop:\n    do: { map: 1 }\n    until: !value.ok\n",
    says: /^:5:12: error: .*tag/,
    frame: /\^/,
    hint: /quote this expression/,
  },
]

describe("bad input", () => {
  const here = folder()
  beforeAll(() => expect(inject("buildError")).toBe(""))
  afterAll(here.remove)

  for (const command of ["check", "run", "cost"]) {
    for (const [index, { what, text, says, frame, hint }] of cases.entries()) {
      it(`${command}: ${what} gets one clear message and exit code 2`, async () => {
        const file = `${command}-${index}.yaml`
        writeFileSync(join(here.path, file), text)
        const { code, stdout, stderr } = await troupe([command, file], { cwd: here.path })
        expect(stderr.startsWith(file), stderr).toBe(true)
        expect(stderr.slice(file.length)).toMatch(says)
        if (frame !== undefined) expect(stderr).toMatch(frame)
        expect(stderr).toMatch(hint)
        expect(stderr.match(/error: /g)).toHaveLength(1)
        expect(stderr).not.toMatch(/\n {4}at /)
        expect(stdout).toBe("")
        expect(code).toBe(2)
      })
    }
  }

  it("a missing file and a directory get the path, and exit code 2", async () => {
    mkdirSync(join(here.path, "folder.yaml"))
    for (const [file, says] of [
      ["missing.yaml", "missing.yaml: error: there is no such file"],
      ["folder.yaml", "folder.yaml: error: it is a directory"],
    ] as const) {
      const { code, stdout, stderr } = await troupe(["run", file], { cwd: here.path })
      expect(stderr).toContain(says)
      expect(stderr).toMatch(/hint: /)
      expect([code, stdout]).toEqual([2, ""])
    }
  })

  it("a folder that is not there is told as what is missing", async () => {
    writeFileSync(join(here.path, "drawn.yaml"), "troupe: 1\nflow: { map: 1 }\n")
    const { code, stderr } = await troupe(["render", "drawn.yaml", "-o", "nowhere/x.mmd"], { cwd: here.path })
    expect([code, stderr]).toEqual([
      2,
      "error: nowhere/x.mmd cannot be written: there is no folder nowhere\n  hint: make the folder first\n",
    ])
  })

  it("all faults of a document are told at once, in order of place", async () => {
    writeFileSync(
      join(here.path, "many.yaml"),
      "troupe: 1\nparms: {}\nflow:\n  steps:\n    - agent: nobody\n    - map: 1\n      timout: 3s\n",
    )
    const { stderr } = await troupe(["check", "many.yaml"], { cwd: here.path })
    expect(stderr.match(/many\.yaml:\d+:\d+/g)).toEqual(["many.yaml:2:1", "many.yaml:5:14", "many.yaml:7:7"])
    expect(stderr).toMatch(/3 errors/)
  })

  it("what the message says already is not said again", async () => {
    const text =
      "troupe: 1\nflow:\n  steps:\n    - map: ${valeu}\n    - map: ${zzz}\n    - { map: 1, timeout: no }\n    - fn: none\n"
    writeFileSync(join(here.path, "twice.yaml"), text)
    const { stderr } = await troupe(["check", "twice.yaml"], { cwd: here.path })
    expect(stderr.match(/a duration such as/g)).toHaveLength(1)
    expect(stderr.match(/value, input, params/g)).toHaveLength(2)
    expect(stderr).toMatch(/hint: did you mean `value`/)
    expect(stderr).toMatch(/hint: known: moa\.references/)
  })

  it("a name that the host's code may register is told how check learns it", async () => {
    const host = folder()
    writeFileSync(join(host.path, "troupe.config.js"), "throw new Error('check must not run this')\n")
    writeFileSync(join(host.path, "flow.yaml"), "troupe: 1\nflow: { agent: lead }\n")
    const { code, stderr } = await troupe(["check", "flow.yaml"], { cwd: host.path })
    expect(stderr).toMatch(/hint: If troupe\.config\.js registers it, write that down: troupe manifest flow\.yaml\n/)
    expect(code).toBe(2)
    const calls = "troupe: 1\nflows: { sub: { map: 1 } }\nflow: { flow: sbu }\n"
    writeFileSync(join(host.path, "calls.yaml"), calls)
    const told = "hint: did you mean `sub`? If troupe.config.js registers it: --import troupe.config.js\n"
    expect((await troupe(["check", "calls.yaml"], { cwd: host.path })).stderr).toContain(told)
    host.remove()
  })

  it("check --json gives the same diagnostics to programs", async () => {
    writeFileSync(join(here.path, "json.yaml"), "troupe: 1\nflow:\n  agnt: a\n")
    const { code, stdout } = await troupe(["check", "json.yaml", "missing.yaml", "--json"], { cwd: here.path })
    const { ok, diagnostics } = JSON.parse(stdout)
    expect([code, ok]).toEqual([2, false])
    expect(diagnostics).toMatchObject([
      { severity: "error", code: "unknown_key", file: "json.yaml", line: 3, column: 3 },
      { severity: "error", code: "unreadable", file: "missing.yaml" },
    ])
  })

  it("wrong arguments are exit code 2, with a hint and without a stack", async () => {
    for (const args of [["rnu"], ["run"], ["run", "x.yaml", "--wat"], ["check", "--jsn", "x.yaml"]]) {
      const { code, stderr } = await troupe(args)
      expect(code, `${args.join(" ")}: ${stderr}`).toBe(2)
      expect(stderr).toMatch(/error: /)
      expect(stderr).not.toMatch(/\n {4}at /)
    }
  })
})
