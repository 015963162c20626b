import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { beforeAll, describe, expect, inject, it } from "vitest"
import { galleryFile, galleryNames, headerOf } from "../../src/cli/gallery.js"
import { root } from "../cli/process.js"

const shell = promisify(execFile)
const names = await galleryNames()
const main = join(root, "dist", "cli", "main.js")

describe("the command of each flow of the gallery", () => {
  beforeAll(() => expect(inject("buildError")).toBe(""))

  it.each(names)("runs %s without a key", async (name) => {
    const { command } = headerOf(readFileSync(galleryFile(name), "utf8"))
    const local = command.includes("--models local") ? command : `${command} --models local`
    const run = local.replace("npx troupe", '"$NODE" "$TROUPE"')
    const env = { PATH: process.env["PATH"] ?? "", NODE: process.execPath, TROUPE: main }
    const { stdout } = await shell("bash", ["-e", "-o", "pipefail", "-c", run], { cwd: root, env })
    expect(stdout.trim()).not.toBe("")
  })
})
