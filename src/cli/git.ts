import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { messageOf } from "../data/fault.js"
import { limits, unreadable } from "../serde/limits.js"
import { Refused } from "./exit.js"

/** A file as git knows it: `main:flows/a.yaml`, or `HEAD~1:./a.yaml` from a folder of the work tree. */
export interface Committed {
  readonly revision: string
  /** As git takes it: from the top of the repository, unless it begins with `./` or `../`. */
  readonly path: string
  /** Where git is run. */
  readonly folder: string
}

/** `REVISION:PATH`, as git takes it; a colon in braces (`main@{10:00}:a.yaml`) does not count. */
export function committed(text: string, folder: string): Committed | undefined {
  const found = /^((?:[^:{]|\{[^}]*\}?)*):([^]+)$/.exec(text)
  const [, revision, path] = found ?? []
  return revision === undefined || path === undefined ? undefined : { revision, path, folder }
}

/** A file beside another in the same revision. */
export const besideIt = (of: Committed, name: string): Committed => ({
  ...of,
  path: of.path.replace(/[^/]*$/, () => name),
})

interface Ended {
  readonly bytes: Uint8Array
  /** Undefined where git did what it was asked for; else what it complained of. */
  readonly complaint?: string
}

/**
 * Runs git, without a shell, to read what is committed. Nothing of the repository is run by it: no hook, filter, pager or
 * monitor, and nothing is fetched.
 */
function git(folder: string, args: readonly string[]): Promise<Ended> {
  const safe = ["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
  const env = { ...process.env, ...quiet }
  return new Promise((resolve, reject) => {
    if (!existsSync(folder)) reject(new Refused("there is no such folder", undefined, folder))
    const options = { cwd: folder, env, encoding: "buffer", maxBuffer: limits.text + 1, windowsHide: true } as const
    execFile("git", [...safe, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ bytes: stdout })
      else if (error.code === "ENOENT") reject(new Refused("git was not found", "install git, or name two files"))
      else if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") reject(new Refused(tooLong))
      else resolve({ bytes: stdout, complaint: stderr.toString("utf8").trim() || messageOf(error) })
    })
  })
}

const tooLong = `what git gives is longer than ${limits.text / 2 ** 20} MiB, the most that a document may have`

/** Plain messages, no questions, and nothing from elsewhere. */
const quiet: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
}

const spec = ({ revision, path }: Committed): string => `${revision}:${path}`

/** The text of a committed file, or undefined where the revision has no such file. */
export async function committedText(of: Committed): Promise<string | undefined> {
  const { revision, folder } = of
  if (revision.startsWith("-")) throw new Refused(`${revision} is no revision: it begins with a dash`)
  const { bytes, complaint } = await git(folder, ["cat-file", "blob", spec(of)])
  if (complaint === undefined) {
    const why = unreadable(bytes)
    if (why !== undefined) throw new Refused(why, undefined, spec(of))
    return new TextDecoder().decode(bytes)
  }
  const inside = await git(folder, ["rev-parse", "--git-dir"])
  if (inside.complaint !== undefined) {
    const hint = inside.complaint.includes("dubious ownership") ? firstLine(inside.complaint) : "name two files instead"
    throw new Refused(`${folder} is in no git repository that can be read`, hint)
  }
  const known = revision === "" || (await git(folder, ["rev-parse", "--verify", "--quiet", `${revision}^{tree}`]))
  if (known !== true && known.complaint !== undefined) {
    throw new Refused(
      `git knows no revision ${revision}`,
      "git branch --all lists branches; a shallow clone has few: git fetch --unshallow (on GitHub, fetch-depth: 0)",
    )
  }
  return undefined
}

/** The text of a committed file that must be there. */
export async function committedDocument(of: Committed): Promise<string> {
  const text = await committedText(of)
  if (text !== undefined) return text
  const { path, revision } = of
  const from = /^\.\.?\//.test(path) ? "" : ", from the top of the repository"
  const where = revision === "" ? "the index" : revision
  throw new Refused(
    `${where} has no file ${path}${from}`,
    `git ls-tree -r --name-only ${revision === "" ? "HEAD" : revision} lists what it has${from === "" ? "" : `; ${spec({ ...of, path: `./${path}` })} counts from here`}`,
  )
}

const firstLine = (text: string): string => (text.split("\n")[0] ?? "").replace(/^fatal: /, "")
