import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const flow = (timeout: string, agent = "editor"): string => `troupe: 1
agents: { ${agent}: { provider: local, model: any } }
flow: { agent: ${agent}, timeout: ${timeout} }
`
const moved = (from: string, to: string): string => `the timeout of the flow (editor) went from ${from} to ${to}\n`

describe("troupe diff, against a revision of git", () => {
  const here = folder()
  const repository = join(here.path, "repository")
  const flows = join(repository, "flows")
  const file = join(flows, "flow.yaml")
  const git = (...args: string[]): void => {
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    execFileSync("git", [...who, ...args], { cwd: repository, stdio: "pipe" })
  }
  const commit = (timeout: string): void => {
    writeFileSync(file, flow(timeout))
    git("add", ".")
    git("commit", "--quiet", "--message", timeout)
  }

  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    mkdirSync(flows, { recursive: true })
    git("init", "--quiet", "--initial-branch", "main")
    commit("10s")
    commit("20s")
    git("branch", "older", "HEAD~1")
    writeFileSync(file, flow("30s"))
  })
  afterAll(here.remove)
  const diff = (...args: string[]) => troupe(["diff", ...args], { cwd: flows })

  it.each([
    ["one file, since the last commit", ["flow.yaml"], "20s"],
    ["one file, since a revision", ["flow.yaml", "--from", "HEAD~1"], "10s"],
    ["one file, since a branch, from elsewhere", [join("..", "flows", "flow.yaml"), "--from", "older"], "10s"],
    ["a path from the top of the repository", ["main:flows/flow.yaml", "flow.yaml"], "20s"],
    ["a path from here", ["older:./flow.yaml", "flow.yaml"], "10s"],
    ["the index", [":flows/flow.yaml", "flow.yaml"], "20s"],
    ["a revision with a brace", ["main@{0}:./flow.yaml", "flow.yaml"], "20s"],
  ])("reads %s", async (_, args, from) => {
    const { code, stdout, stderr } = await diff(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain(moved(from, "30s"))
  })

  it("compares two revisions, and exits with 1 on a difference where that is asked for", async () => {
    const { code, stdout } = await diff("older:./flow.yaml", "main:./flow.yaml", "--exit-code")
    expect(code).toBe(1)
    expect(stdout).toContain(moved("10s", "20s"))
    expect(await diff("main:./flow.yaml", "HEAD:./flow.yaml", "--exit-code")).toMatchObject({ code: 0 })
  })

  it("takes a file with a colon in its name for that file", async () => {
    writeFileSync(join(flows, "main:flow.yaml"), flow("25s"))
    expect((await diff("main:flow.yaml", "flow.yaml")).stdout).toContain(moved("25s", "30s"))
  })

  it("knows the names of that time: the manifest of the revision", async () => {
    const manifest = (name: string): string => JSON.stringify({ troupe: 1, agents: { [name]: {} }, functions: [] })
    const named = (name: string): string => `troupe: 1\nflow: { agent: ${name} }\n`
    const [hosted, beside] = [join(repository, "hosted.yaml"), join(repository, "troupe.manifest.json")]
    writeFileSync(hosted, named("before"))
    writeFileSync(beside, manifest("before"))
    git("add", ".")
    git("commit", "--quiet", "--message", "hosted")
    writeFileSync(hosted, named("after"))
    writeFileSync(beside, manifest("after"))
    const { code, stdout, stderr } = await troupe(["diff", "hosted.yaml"], { cwd: repository })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toContain("agent before replaced by after\n")
  })

  it("places a mistake in the file of the revision", async () => {
    const bad = join(flows, "bad.yaml")
    writeFileSync(bad, "troupe: 1\nflow: { agent: nobody }\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "bad")
    const { code, stderr } = await diff("HEAD:./bad.yaml", "flow.yaml")
    expect(code).toBe(2)
    expect(stderr).toMatch(/^HEAD:\.\/bad\.yaml:2:16: error: /)
  })

  it.each([
    [["nowhere:./flow.yaml", "flow.yaml"], "git knows no revision nowhere"],
    [["flow.yaml", "--from", "HEAD~100"], "git knows no revision HEAD~100"],
    [["flow.yaml", "--from=--output=x"], "--output=x is no revision"],
    [["main:flow.txt", "flow.yaml"], "main has no file flow.txt, from the top of the repository"],
    [["main:./flow.txt", "flow.yaml"], "main has no file ./flow.txt"],
    [["main:./flow.yaml"], "is compared with what?"],
    [["flow.yaml", "flow.yaml", "--from", "main"], "--from goes with one file"],
    [["missing.yaml", "flow.yaml"], "there is no such file"],
  ])("says what is missing: %j", async (args, words) => {
    const { code, stdout, stderr } = await diff(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it("says where there is no repository, and no git", async () => {
    const lone = join(here.path, "lone.yaml")
    writeFileSync(lone, flow("1s"))
    const outside = await troupe(["diff", lone], { env: { GIT_CEILING_DIRECTORIES: here.path } })
    expect(outside.code).toBe(2)
    expect(outside.stderr).toContain("is in no git repository")
    const without = await troupe(["diff", "flow.yaml"], { cwd: flows, env: { PATH: here.path } })
    expect(without.code).toBe(2)
    expect(without.stderr).toContain("git was not found")
  })

  it("runs nothing that the repository names: no filter, monitor, hook, pager or transport", async () => {
    const trap = join(repository, "trap.sh")
    const sprung = join(here.path, "sprung")
    writeFileSync(trap, `#!/bin/sh\ntouch '${sprung}'\ncat\n`)
    chmodSync(trap, 0o755)
    for (const key of ["core.fsmonitor", "core.pager", "filter.trap.smudge", "diff.trap.textconv", "core.sshCommand"]) {
      git("config", key, trap)
    }
    writeFileSync(join(repository, ".gitattributes"), "*.yaml filter=trap diff=trap\n")
    expect((await diff("flow.yaml", "--from", "older")).stdout).toContain(moved("10s", "30s"))
    expect((await diff("flow.yaml", "--from", "0123456789012345678901234567890123456789")).code).toBe(2)
    expect(existsSync(sprung)).toBe(false)
  })
})
