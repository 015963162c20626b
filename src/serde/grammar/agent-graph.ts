import * as make from "../../flow/make.js"
import type { Node } from "../../flow/node.js"
import { entry, type Tree } from "../tree.js"
import { type Dependent, dependentOf, soundDependencies } from "./graph.js"
import type { Reader } from "./reader.js"

// The flow of a document that has none: the graph that the dependencies of its agents say.

interface WrittenAgent {
  readonly id: string
  readonly tree: Tree
}

/** The agents as they are written: in a mapping, or in a list with `id`. */
function writtenAgents(tree: Tree | undefined): readonly WrittenAgent[] {
  if (tree === undefined || tree.kind === "scalar") return []
  if (tree.kind === "mapping") return tree.entries.map(({ key, value }) => ({ id: key, tree: value }))
  return tree.items.flatMap((item) => {
    const id = item.kind === "mapping" ? entry(item, "id")?.value : undefined
    return id?.kind === "scalar" ? [{ id: String(id.value), tree: item }] : []
  })
}

const depends = ({ tree }: WrittenAgent): boolean => tree.kind === "mapping" && entry(tree, "depends_on") !== undefined

/** Whether some agent says what it depends on. */
export const hasDependencies = (agents: Tree | undefined): boolean => writtenAgents(agents).some(depends)

/** Dependencies say what the flow is: beside a flow they are refused. */
export function refuseDependencies(agents: Tree | undefined, cx: Reader): void {
  const first = writtenAgents(agents).find(depends)
  const said = first?.tree.kind === "mapping" ? entry(first.tree, "depends_on") : undefined
  if (said === undefined) return
  cx.report.key(said, {
    code: "depends_on",
    message: "`depends_on` says what the flow is, and the document has a `flow`",
    hint: "leave out one of the two; a `graph` in the flow has `depends_on` too",
  })
}

/** The graph of all agents; one without dependencies gets the input, another `{ input, results }`. */
export function agentGraph(agents: Tree, cx: Reader): Node | undefined {
  const written = writtenAgents(agents)
  const members: readonly Dependent[] = written.map(({ id, tree }) => dependentOf(id, tree))
  const sound = soundDependencies(members, cx)
  const nodes = written.flatMap(({ id, tree }, i) => {
    const ref = cx.agent(id, tree)
    if (ref === undefined) return []
    const of = cx.make(tree, () => make.agent(ref))
    return of === undefined ? [] : [{ id, of, dependsOn: (members[i]?.on ?? []).map(({ value }) => String(value)) }]
  })
  if (!sound || nodes.length < written.length) return undefined
  return cx.make(agents, () => make.graph(nodes))
}
