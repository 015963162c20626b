import { existsSync } from "node:fs"
import { basename, dirname, resolve } from "node:path"
import { Refused } from "./exit.js"
import { type Committed, besideIt, committed, committedDocument, committedText } from "./git.js"
import { complete, hostRegistry, manifestFile, registryOf } from "./host.js"
import { type Loaded, loadStatic, parsed } from "./load.js"

/** A document to compare: a file as it is, or as a revision has it. */
type Version = { readonly file: string } | { readonly file: string; readonly committed: Committed }

/**
 * What `diff` compares. Two names are what they say, a file or `REVISION:PATH`, as git takes it; one file is compared with
 * what a revision has of it.
 */
export function versions(
  before: string,
  after: string | undefined,
  from: string | undefined,
): readonly [Version, Version] {
  if (after === undefined) {
    const of = version(before)
    if ("committed" in of) throw new Refused(`${before} is compared with what?`, `name a file after it: flow.yaml`)
    const revision = from ?? "HEAD"
    const there = { revision, path: `./${basename(before)}`, folder: dirname(resolve(before)) }
    return [{ file: `${revision}:${before}`, committed: there }, of]
  }
  if (from !== undefined) {
    throw new Refused("--from goes with one file", `to compare two: troupe diff ${from}:${before} ${after}`)
  }
  return [version(before), version(after)]
}

/** What there is a file of that name is that file, whatever colons are in it. */
function version(text: string): Version {
  if (existsSync(text)) return { file: text }
  const found = committed(text, process.cwd())
  return found === undefined ? { file: text } : { file: text, committed: found }
}

/** Reads and checks one version without running anybody's code, unless `--import` names some. */
export async function loadVersion(version: Version, named: string | undefined): Promise<Loaded> {
  if (!("committed" in version)) return loadStatic(version.file, named)
  const { file, committed: of } = version
  const text = await committedDocument(of)
  if (named !== undefined) return parsed(file, text, complete(await hostRegistry(named)))
  // The names and schemas of that time: those of today may be of other code.
  const manifest = besideIt(of, basename(manifestFile(of.path)))
  const names = registryOf(await committedText(manifest), `${of.revision}:${manifest.path}`, file)
  return parsed(file, text, complete(names))
}
