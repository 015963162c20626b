import type { JsonObject } from "../data/json.js"
import { nodeOf } from "../flow/build.js"
import { close } from "../flow/closed.js"
import { fold } from "../flow/fold.js"
import type { Node } from "../flow/node.js"
import type { AnyFlow } from "../flow/types.js"
import { alike, unlink } from "../flow/unlink.js"
import type { Unwritable } from "./write-code.js"
import { FlowWriter } from "./write-flow.js"

export type { Unwritable } from "./write-code.js"

/** Thrown by `encode`: the flow holds what no document can say. `paths` says where. */
export class EncodeError extends Error {
  override readonly name = "EncodeError"
  readonly problems: readonly Unwritable[]
  constructor(problems: readonly Unwritable[]) {
    const lines = problems.slice(0, 20).map(({ path, message }) => `${path === "" ? "the root" : path}: ${message}`)
    const more = problems.length > lines.length ? [`… and ${problems.length - lines.length} more`] : []
    super(["the flow cannot be written as a document:", ...lines, ...more].join("\n  "))
    this.problems = problems
  }
  /** Where in the flow, each path once. */
  get paths(): readonly string[] {
    return [...new Set(this.problems.map(({ path }) => path))]
  }
}

/**
 * A flow as JSON, which `decode` reads back to an equal flow. A call is written as the name that it calls: the registry
 * that reads it must have a flow of that name. `print` writes the called flows as well.
 *
 * Throws `EncodeError`, which lists every function without a name, every constant that is not JSON and every part that
 * nests too deep; and `InvalidFlow` for a flow with free names.
 *
 * @example
 * ```ts
 * import { named, pure } from "troupe"
 * import { encode } from "troupe/serde"
 * const flow = pure("a").map(named("shout", (text: string) => text.toUpperCase()))
 * encode(flow) // { steps: [{ map: "a" }, { fn: "shout" }] }
 * ```
 */
export function encode(flow: AnyFlow): JsonObject {
  return encodeAll(nodeOf(flow)).step
}

/** A flow as it is written, and the flows that it calls, by name. */
export interface Encoded {
  readonly step: JsonObject
  readonly flows: Readonly<Record<string, JsonObject>>
}

/** Writes a flow, the flows that stand beside it, and all that any of them calls. */
export function encodeAll(node: Node, named: Readonly<Record<string, AnyFlow>> = {}): Encoded {
  close(node)
  for (const flow of Object.values(named)) close(nodeOf(flow))
  const clashes: Unwritable[] = []
  const called = new Map<string, Node>()
  const clash = (name: string, path: string): void => {
    clashes.push({ path, message: `two different flows are called \`${name}\`: rename one` })
  }
  const outline = (node: Node): Node => {
    const found = unlink(node, called)
    for (const { name, path } of found.clashes) clash(name, path)
    return found.node
  }
  for (const [name, flow] of Object.entries(named)) {
    const of = outline(nodeOf(flow))
    const other = called.get(name)
    if (other === undefined) called.set(name, of)
    else if (!alike(other, of)) clash(name, "")
  }
  const root = outline(node)
  if (clashes.length > 0) throw new EncodeError(clashes)
  const order = [...new Set([...Object.keys(named), ...called.keys()])]
  const problems: Unwritable[] = []
  const written = (node: Node): JsonObject => {
    const writer = new FlowWriter()
    const json = writer.whole(fold(node, writer.algebra))
    problems.push(...writer.code.problems)
    return json
  }
  const step = written(root)
  const flows = order.map((name) => [name, written(called.get(name) ?? root)] as const)
  if (called.has("__proto__")) problems.push({ path: "", message: "`__proto__` is no name of a flow: choose another" })
  if (problems.length > 0) throw new EncodeError(problems)
  return { step, flows: Object.fromEntries(flows) }
}
