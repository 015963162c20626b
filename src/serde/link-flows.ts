import { nodeOf } from "../flow/build.js"
import { link, type LinkProblem } from "../flow/link.js"
import * as make from "../flow/make.js"
import type { Node } from "../flow/node.js"
import { alike } from "../flow/unlink.js"
import type { Places } from "./grammar/reader.js"
import { limits } from "./limits.js"
import type { Registry } from "./registry.js"
import type { Report } from "./report.js"
import { entry, type Tree } from "./tree.js"

/** What was read, with calls that hold nothing yet; `undefined` is what could not be read. */
interface ReadFlows {
  readonly flow: Node | undefined
  readonly flows: ReadonlyMap<string, Node | undefined>
  readonly places: Places
}

/** A flow and the named flows of its document, their calls linked. */
export interface LinkedFlows {
  readonly node: Node
  readonly flows: ReadonlyMap<string, Node>
}

const nothing = make.seq([])

/**
 * Puts into every call the flow of that name: of the document, else of the registry. What cannot be linked is told where
 * the call is written.
 */
export function linkFlows({ flow = nothing, flows, places }: ReadFlows, names: Registry, report: Report): LinkedFlows {
  // A flow that is wrong is there all the same: a call of it is no call of nothing.
  const own = new Map([...flows].map(([name, node]) => [name, node ?? nothing]))
  const registered = new Map([...names.flows].map(([name, of]) => [name, nodeOf(of)]))
  const made = link(flow, own, registered, { nodes: limits.jsonNodes, depth: limits.depth })
  for (const problem of made.problems) tell(problem, places, report)
  for (const one of [flow, ...own.values()]) places.follow(one, made.became)
  if (made.problems.length > 0) return { node: flow, flows: own } // written out, calls may be without end
  for (const [name, node] of made.flows) {
    const other = registered.get(name)
    const tree = places.get(node)
    if (other === undefined || tree === undefined || alike(node, other)) continue
    const message = `\`${name}\` is a flow of the document and another one of the registry`
    report.at(tree, { code: "ambiguous_flow", message, hint: "rename the one in `flows`" })
  }
  return made
}

function tell({ code, message, hint, call, path }: LinkProblem, places: Places, report: Report): void {
  const step = places.get(call)
  if (step === undefined) report.nowhere(path, { code, message, hint })
  else report.at(nameIn(step), { code, message, hint })
}

/** The name that a step calls. */
const nameIn = (step: Tree): Tree => (step.kind === "mapping" ? (entry(step, "flow")?.value ?? step) : step)
