import type { FlowAlgebra } from "./fold.js"
import { fold } from "./fold.js"
import type { AtLeast, Node } from "./node.js"

/** The agent that a part of a flow is about: its only one. `undefined`: it asks none, `null`: there are several. */
type Main = string | null | undefined

const one = (mains: readonly Main[]): Main => {
  const [first, ...others] = mains.filter((main) => main !== undefined)
  return others.length === 0 ? first : null
}
const parallel = (_: unknown, mains: readonly Main[]): Main =>
  mains.every((main) => main === undefined) ? undefined : null

const mainAgent: FlowAlgebra<Main> = {
  Pure: () => undefined,
  Agent: (node) => node.ref.name,
  Fail: () => undefined,
  Seq: (_, kids) => one(kids),
  Let: (_, { of, body }) => one([of, body]),
  All: parallel,
  AtLeast: parallel,
  Race: parallel,
  Branch: (node, { arms, otherwise }) => parallel(node, [...arms, otherwise]),
  Recover: (_, { of }) => of,
  Loop: (_, body) => body,
  Within: (_, of) => of,
  FlatMap: (_, { of, among }) => one([of, among === undefined ? null : parallel(_, among)]),
  Traverse: (_, body) => body,
  Retry: (_, of) => of,
  Limit: (_, of) => of,
  Divert: (_, { of }) => of,
  Guard: (_, { of }) => of,
  Graph: parallel,
  Call: (_, of) => of,
  Suspend: () => undefined,
  Sleep: () => undefined,
}

const mainAgents = new WeakMap<Node, { readonly result: Main }>()

/** The agent that a part is called by as a member of a quorum: its only one. */
export const mainAgentOf = (node: Node): Main => fold(node, mainAgent, mainAgents)

/**
 * What the members of a quorum are called in its result: key, else id, else the agent's name, else index. An agent's name
 * that is taken already goes on with `#2`, `#3`.
 */
export function memberNames(node: Pick<AtLeast, "of" | "keys">): readonly string[] {
  const given = node.of.map((member, i) => node.keys?.[i] ?? member.id)
  const taken = new Set(given)
  const seen = new Map<string, number>()
  return node.of.map((member, i) => {
    const name = given[i]
    if (name !== undefined) return name
    const agent = mainAgentOf(member)
    if (agent === undefined || agent === null) return String(i)
    let nth = (seen.get(agent) ?? 0) + 1
    while (taken.has(nth === 1 ? agent : `${agent}#${nth}`)) nth++
    seen.set(agent, nth)
    return nth === 1 ? agent : `${agent}#${nth}`
  })
}
