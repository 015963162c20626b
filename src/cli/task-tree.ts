import { staticPath } from "../data/path.js"
import { explain } from "../flow/interpret/explain.js"
import type { AnyFlow } from "../flow/types.js"
import type { Row } from "./task-board.js"

/** A line of the tree: a task, or a branch with all tasks in it. */
export interface Twig {
  readonly depth: number
  readonly path: string
  readonly name: string
  readonly state: Row["state"]
  readonly started: number
  readonly ended: number | undefined
  readonly tokens: number
  readonly usd: number | undefined
  readonly note: string
  /** How many tasks stand below it. */
  readonly tasks: number
}

/** What the branches of a flow are called, by their paths: `at least 1 of 2`. */
export function branchNames(flow: AnyFlow): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const lines = explain(flow).split("\n")
  const indent = (line: string | undefined): number => line?.search(/\S/) ?? 0
  for (const [i, line] of lines.entries()) {
    const [, text, path] = /^ *(.*?)(?: {2}\[(.*)\])?$/.exec(line) ?? []
    if (text === undefined || indent(lines[i + 1]) <= indent(line)) continue
    if (!names.has(path ?? "")) names.set(path ?? "", text)
  }
  return names
}

/** A place with tasks: what joins its path to that of the place above, and what is below it. */
interface Place {
  readonly path: string
  readonly rows: Row[]
  readonly below: Map<string, Place>
}

/** `0/1#2/draft[3]` is `0`, `/1`, `#2`, `/draft`, `[3]`. */
const joints = (path: string): readonly string[] => path.match(/\/?[^/[#!~@:]+|[[#!~@:][^/[#!~@:]*|\//g) ?? []

const counters: Readonly<Record<string, string>> = { "#": "turn", "!": "try", "~": "copy", "[": "no." }

function nameOf(path: string, last: string, names: ReadonlyMap<string, string>): string {
  const counted = /^([#!~[])(\d+)\]?$/.exec(last)
  const counter = counters[counted?.[1] ?? ""]
  if (counter !== undefined) return `${counter} ${Number(counted?.[2]) + 1}`
  return names.get(staticPath(path)) ?? (path === "" ? "the flow" : "steps")
}

/** Tasks as the tree that their paths make, a line each; a branch only where it has two parts or more. */
export function treeOf(rows: readonly Row[], names: ReadonlyMap<string, string>): readonly Twig[] {
  const root: Place = { path: "", rows: [], below: new Map() }
  for (const row of rows) {
    let at = root
    for (const joint of joints(row.path)) {
      let next = at.below.get(joint)
      if (next === undefined) at.below.set(joint, (next = { path: at.path + joint, rows: [], below: new Map() }))
      at = next
    }
    at.rows.push(row)
  }
  const twigs: Twig[] = []
  for (const [joint, place] of root.below) grow(place, joint, 0, names, twigs)
  return [...root.rows.map((row) => leaf(row, 0)), ...twigs]
}

const leaf = (row: Row, depth: number): Twig => ({ ...row, depth, name: row.agent, tasks: 0 })

/** Adds the lines of a place and of all below it; gives what they come to. */
function grow(
  place: Place,
  last: string,
  depth: number,
  names: ReadonlyMap<string, string>,
  out: Twig[],
): readonly Row[] {
  const own = place.rows.length > 0
  const isBranch = !own && place.below.size > 1
  const at = out.length
  for (const row of place.rows) out.push(leaf(row, depth))
  const rows = [...place.rows]
  const deeper = own || isBranch ? depth + 1 : depth
  for (const [joint, next] of place.below) rows.push(...grow(next, joint, deeper, names, out))
  if (isBranch) out.splice(at, 0, branch(place.path, nameOf(place.path, last, names), rows, depth))
  return rows
}

function branch(path: string, name: string, rows: readonly Row[], depth: number): Twig {
  const states = new Set(rows.map(({ state }) => state))
  const running = states.has("running")
  const priced = rows.flatMap(({ usd }) => usd ?? [])
  return {
    depth,
    path,
    name,
    state: running ? "running" : states.has("done") ? "done" : states.has("failed") ? "failed" : "aborted",
    started: rows.reduce((least, { started }) => Math.min(least, started), Number.POSITIVE_INFINITY),
    ended: running ? undefined : rows.reduce((most, { ended = 0 }) => Math.max(most, ended), 0),
    tokens: rows.reduce((sum, { tokens }) => sum + tokens, 0),
    usd: priced.length === 0 ? undefined : priced.reduce((sum, usd) => sum + usd, 0),
    note: "",
    tasks: rows.length,
  }
}

/**
 * So much of a tree as `room` lines hold: first the branches that have ended are closed, then what has ended is left out
 * from the top, and last what is at work beyond the first lines.
 */
export function pruned(twigs: readonly Twig[], room: number): readonly Twig[] {
  if (twigs.length <= room) return twigs
  let closed = Number.POSITIVE_INFINITY
  const open = twigs.filter(({ depth, state, tasks }) => {
    if (depth > closed) return false
    closed = state !== "running" && tasks > 0 ? depth : Number.POSITIVE_INFINITY
    return true
  })
  let over = open.length - room
  if (over <= 0) return open
  const kept = open.filter(({ state }) => state === "running" || over-- <= 0)
  return kept.slice(0, Math.max(0, room))
}
