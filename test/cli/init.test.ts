import { execFile } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { galleryNames } from "../../src/cli/gallery.js"
import { folder, root, troupe } from "./process.js"

const shell = promisify(execFile)

describe("troupe init", () => {
  const here = folder()
  beforeAll(() => expect(inject("buildError")).toBe(""))
  afterAll(here.remove)

  /** What `npm install` does, without a registry. */
  function install(project: string): void {
    const modules = join(project, "node_modules")
    mkdirSync(join(modules, ".bin"), { recursive: true })
    symlinkSync(root, join(modules, "troupe"), "dir")
    symlinkSync(join(root, "node_modules", "zod"), join(modules, "zod"), "dir")
    symlinkSync(join("..", "troupe", "dist", "cli", "main.js"), join(modules, ".bin", "troupe"))
  }

  it("makes a project that is checked and runs at once, and says what to do next", async () => {
    const project = join(here.path, "my flows")
    const made = await troupe(["init", "my flows"], { cwd: here.path })
    expect(made.code, made.stderr).toBe(0)
    const next = made.stdout.trim().split("\n")
    expect(next).toHaveLength(3)
    expect(next[0]).toBe("cd 'my flows' && npm install")
    const about = JSON.parse(readFileSync(join(project, "package.json"), "utf8"))
    expect(about).toMatchObject({ name: "my-flows", type: "module" })
    expect(Object.keys(about.dependencies)).toEqual(["openai", "troupe", "zod"])
    expect(about.dependencies.troupe).toMatch(/^file:\.\.\//)
    expect(readFileSync(join(project, "README.md"), "utf8").trim().split("\n").length).toBeLessThanOrEqual(10)

    install(project)
    const checked = await troupe(["check", "flows/hello.yaml"], { cwd: project })
    expect(checked).toMatchObject({ code: 0, stderr: "flows/hello.yaml: ok\n" })
    expect(await troupe(["manifest", "flows/hello.yaml", "--check"], { cwd: project })).toMatchObject({ code: 0 })
    const PATH = `${join(project, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}`
    const ran = await shell("bash", ["-c", (next[1] ?? "").replace("npx ", "")], { cwd: project, env: { PATH } })
    expect(ran.stdout).toBe("Why is the sky blue? Blue light scatters most. (9 words)\n")
  })

  it("takes the package from where it was installed: the file or the version that the project there names", async () => {
    const owner = join(here.path, "owner")
    const modules = join(owner, "node_modules")
    mkdirSync(join(modules, "troupe"), { recursive: true })
    for (const part of ["dist", "flows", "package.json"]) {
      cpSync(join(root, part), join(modules, "troupe", part), { recursive: true })
    }
    for (const name of ["ajv", "ajv-formats", "fp-ts", "re2js", "zod"]) {
      symlinkSync(join(root, "node_modules", name), join(modules, name), "dir")
    }
    const source = async (name: string, dependencies: object | undefined) => {
      rmSync(join(owner, "package.json"), { force: true })
      if (dependencies !== undefined) writeFileSync(join(owner, "package.json"), JSON.stringify(dependencies))
      await shell(process.execPath, [join(modules, "troupe", "dist", "cli", "main.js"), "init", name], {
        cwd: here.path,
      })
      return JSON.parse(readFileSync(join(here.path, name, "package.json"), "utf8")).dependencies.troupe
    }
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    expect(await source("a", { dependencies: { troupe: "file:../troupe-0.1.0.tgz" } })).toBe("file:../troupe-0.1.0.tgz")
    expect(await source("b", { devDependencies: { troupe: "~0.1.0" } })).toBe("~0.1.0")
    expect(await source("c", undefined)).toBe(`^${version}`)
  })

  it("writes nothing where one of its files is, and names it", async () => {
    const project = join(here.path, "taken")
    mkdirSync(join(project, "flows"), { recursive: true })
    writeFileSync(join(project, "README.md"), "mine")
    writeFileSync(join(project, "flows", "hello.yaml"), "mine")
    const { code, stdout, stderr } = await troupe(["init"], { cwd: project })
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(". has already README.md, flows/hello.yaml: nothing was written")
    expect(existsSync(join(project, "package.json"))).toBe(false)
    expect(readFileSync(join(project, "README.md"), "utf8")).toBe("mine")
  })

  it("refuses a folder that is a file, and one that cannot be made", async () => {
    writeFileSync(join(here.path, "file"), "")
    for (const where of ["file", join("file", "below")]) {
      const { code, stderr } = await troupe(["init", where], { cwd: here.path })
      expect([code, stderr.startsWith(`${where}: error: `)]).toEqual([2, true])
      expect(stderr).not.toContain("our mistake")
    }
  })

  it("lists the flows to start from, each with when to use it", async () => {
    const { code, stdout } = await troupe(["init", "--list"], { cwd: here.path })
    const lines = stdout.trim().split("\n")
    expect([code, lines.map((line) => line.split(" ")[0])]).toEqual([
      0,
      (await galleryNames()).filter((name) => name !== "summarize"), // its agents are code
    ])
    expect(stdout).toMatch(/^triage +requests of several kinds/m)
  })

  it("starts from any of them", async () => {
    const { stdout } = await troupe(["init", "--list"])
    for (const name of stdout.match(/^\S+/gm) ?? []) {
      const project = join(here.path, "from", name)
      const { code, stderr } = await troupe(["init", project, "--template", name])
      expect(code, stderr).toBe(0)
      expect(await troupe(["check", `flows/${name}.yaml`], { cwd: project })).toMatchObject({ code: 0 })
    }
  })

  it.each([
    ["summarise", "there is no such flow", "troupe init --list"],
    ["triag", "there is no such flow", "did you mean triage?"],
    ["summarize", "summarize needs code of its own", "summarize.yaml"],
    ["../package", "there is no such flow", "--list"],
  ])("refuses --template %s", async (name, message, hint) => {
    const { code, stderr } = await troupe(["init", "never", "--template", name], { cwd: here.path })
    expect([code, existsSync(join(here.path, "never"))]).toEqual([2, false])
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
  })
})
