import { existsSync } from "node:fs"
import { mkdir, readFile, stat, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { isLeft } from "../../data/either.js"
import { nearest } from "../../data/nearest.js"
import type { Document } from "../../flow/document.js"
import { fromManifest } from "../../serde/manifest.js"
import { parse } from "../../serde/parse.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { galleryFile, galleryNames, headerOf } from "../gallery.js"
import { complete } from "../host.js"
import { reason } from "../read-file.js"
import { starterFiles, starterManifest } from "../starter.js"
import { terminal } from "../terminal.js"

export interface InitOptions {
  readonly template?: string
  readonly list?: boolean
}

/** A flow of the gallery that a new project can start from. */
interface Template {
  readonly name: string
  readonly text: string
  readonly document: Document
}

/** `troupe init`: a project that runs at once, in a folder that has none of its files. */
export async function init(folder: string, options: InitOptions): Promise<ExitCode> {
  const screen = terminal()
  const templates = await allTemplates()
  if (options.list === true) {
    const width = Math.max(...templates.map(({ name }) => name.length))
    for (const { name, text } of templates) screen.out(`${name.padEnd(width)}  ${headerOf(text).when}\n`)
    return exitCodes.done
  }
  const { name, text, document } = chosen(templates, options.template ?? "hello")
  await makeFolder(folder)
  const files = await starterFiles({ folder, template: name, text, document })
  const there = Object.keys(files).filter((file) => existsSync(join(folder, file)))
  if (there.length > 0) {
    throw new Refused(
      `${folder} has already ${there.join(", ")}: nothing was written`,
      "name a new folder: troupe init my-flows",
    )
  }
  for (const [file, content] of Object.entries(files)) await writeNew(join(folder, file), content)
  screen.err(`written: ${Object.keys(files).join(", ")}\n\nnext:\n`)
  screen.out(
    [
      `${resolve(folder) === process.cwd() ? "" : `cd ${quoted(folder)} && `}npm install`,
      headerOf(text).command,
      `npx troupe doctor flows/${name}.yaml`,
      "",
    ].join("\n"),
  )
  return exitCodes.done
}

/** The flows of the gallery that need no code but that of a new project. */
async function allTemplates(): Promise<readonly Template[]> {
  const known = complete(fromManifest(await starterManifest()))
  const found = (await galleryNames()).map(async (name) => {
    const text = await readFile(galleryFile(name), "utf8")
    const parsed = parse(text, known, { file: galleryFile(name) })
    return isLeft(parsed) ? [] : [{ name, text, document: parsed.right }]
  })
  return (await Promise.all(found)).flat()
}

function chosen(templates: readonly Template[], wanted: string): Template {
  const found = templates.find(({ name }) => name === wanted)
  if (found !== undefined) return found
  if (existsSync(galleryFile(wanted)) && /^[\w-]+$/.test(wanted)) {
    throw new Refused(`${wanted} needs code of its own, and is no template`, `read it in ${galleryFile(wanted)}`)
  }
  const near = nearest(
    wanted,
    templates.map(({ name }) => name),
  )
  const meant = near === undefined ? "" : `did you mean ${near}? `
  throw new Refused(`--template ${wanted}: there is no such flow`, `${meant}troupe init --list shows them all`)
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    if (!(await stat(folder)).isDirectory()) throw new Refused("it is no folder", undefined, folder)
  } catch (error) {
    if (error instanceof Refused) throw error
    if (existsSync(folder)) throw new Refused("it is a file: expected a folder", "troupe init my-flows", folder)
    throw new Refused(`the folder cannot be made: ${reason(error)}`, "troupe init my-flows", folder)
  }
}

/** Writes a file that nobody has written in the meantime. */
async function writeNew(file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content, { flag: "wx" })
  } catch (error) {
    throw new Refused(`it cannot be written: ${reason(error)}`, undefined, file)
  }
}

/** A path as a shell takes it. */
const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)
