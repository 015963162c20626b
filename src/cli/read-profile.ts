import { parseDocument } from "yaml"
import { messageOf } from "../data/fault.js"
import { isRecord } from "../data/json.js"
import { type InvalidProfile, type Profiles, readProfiles } from "../flow/interpret/simulate/profile.js"
import { limits } from "../serde/limits.js"
import { Refused } from "./exit.js"
import { bytesOf, reason } from "./read-file.js"

/** How the agents of a simulation behave, as far as it is JSON: `simulate` says what of it cannot be. */
type Given = Readonly<Record<string, unknown>>

/** `--profile FILE`, JSON or YAML, with what `--latency` says in its place. Throws `InvalidProfile`. */
export async function readProfile(file: string | undefined, latencies: readonly string[]): Promise<Profiles> {
  const given = file === undefined ? {} : await read(file)
  const agents: Record<string, unknown> = { ...(isRecord(given["agents"]) ? given["agents"] : {}) }
  let others = given["default"]
  for (const text of latencies) {
    const at = text.indexOf("=")
    const name = text.slice(0, Math.max(0, at))
    const latency = text.slice(at + 1).trim()
    if (latency === "" || at === 0) {
      throw new Refused(
        `--latency ${text}: expected [agent=]distribution`,
        'such as --latency "editor=lognormal(2s, 6s)"',
      )
    }
    const before = at < 0 ? others : agents[name]
    const after = { ...(isRecord(before) ? before : {}), latency }
    if (at < 0) others = after
    else agents[name] = after
  }
  return readProfiles({
    ...given,
    ...("agents" in given && !isRecord(given["agents"]) ? {} : { agents }),
    ...(others === undefined ? {} : { default: others }),
  })
}

async function read(file: string): Promise<Given> {
  const text = await textOf(file)
  const document = parseDocument(text, { version: "1.2", merge: false })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) throw new Refused(problem.message.split("\n")[0] ?? problem.message, undefined, file)
  let given: unknown
  try {
    given = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new Refused(messageOf(error), undefined, file)
  }
  if (!isRecord(given)) throw new Refused("expected { agents, default }: how each agent behaves", undefined, file)
  return given
}

async function textOf(file: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await bytesOf(file, limits.text))
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused(reason(error), "name a file of profiles, JSON or YAML", file)
  }
}

/** What the user reads where a simulation was told what cannot be. */
export function refusedProfile(error: InvalidProfile, file: string | undefined): Refused {
  const lines = error.issues.map(({ at, message }) => {
    if (at === "/runs" || at === "/seed") return `--${at.slice(1)} ${message}`
    return at === "" ? message : `the profile at ${at}: ${message}`
  })
  return new Refused(lines.join("\n       "), undefined, file)
}
