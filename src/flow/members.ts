import type { FlowAlgebra } from "./fold.js"
import { fold } from "./fold.js"
import type { AtLeast, Node } from "./node.js"

const one = (names: readonly (string | undefined)[]): string | undefined => {
  const known = names.filter((name) => name !== undefined)
  return known.length === 1 ? known[0] : undefined
}

/** The agent that a part of a flow is about: its only one. */
const mainAgent: FlowAlgebra<string | undefined> = {
  Pure: () => undefined,
  Agent: (node) => node.ref.name,
  Fail: () => undefined,
  Seq: (_, kids) => one(kids),
  Let: (_, { of, body }) => one([of, body]),
  All: () => undefined,
  AtLeast: () => undefined,
  Race: () => undefined,
  Branch: () => undefined,
  Recover: (_, { of }) => of,
  Loop: (_, body) => body,
  Within: (_, of) => of,
}

const mainAgents = new WeakMap<Node, { readonly result: string | undefined }>()

/** What the members of a quorum are called in its result: key, else id, else the agent's name with `#2`, `#3`, else index. */
export function memberNames(node: AtLeast): readonly string[] {
  const seen = new Map<string, number>()
  return node.of.map((member, i) => {
    const given = node.keys?.[i] ?? member.id
    if (given !== undefined) return given
    const agent = fold(member, mainAgent, mainAgents)
    if (agent === undefined) return String(i)
    const nth = (seen.get(agent) ?? 0) + 1
    seen.set(agent, nth)
    return nth === 1 ? agent : `${agent}#${nth}`
  })
}
