import { flow as flowOf } from "../flow/build.js"
import type { Document } from "../flow/document.js"
import { walk } from "../flow/fold.js"
import { check, type CheckResult } from "../flow/interpret/check.js"
import * as make from "../flow/make.js"
import type { Node } from "../flow/node.js"

/** What the check needs of a document; without `params` nothing is known of any. */
interface Checked extends Pick<Document, "flow" | "flows">, Partial<Pick<Document, "input" | "output">> {
  readonly params: Document["params"] | undefined
}

/**
 * What the types of a document's flows say, and what they leave open. A named flow is checked where it is called; one that
 * nobody calls by itself, on an input of which nothing is known.
 */
export function checkDocument({ flow, flows, input, output, params }: Checked): CheckResult {
  const known = params === undefined ? {} : { params }
  const main = check(flow, {
    ...known,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  })
  const named = new Map(Object.entries(flows).map(([name, { node }]) => [name, node]))
  const alone = uncalled(flow.node, named).map((one) => check(flowOf(one), known))
  return {
    errors: [main, ...alone].flatMap(({ errors }) => errors),
    unchecked: [main, ...alone].flatMap(({ unchecked }) => unchecked),
  }
}

/** The named flows that no flow of a document calls, each as a call of it: a path within begins with `@name`. */
export function uncalled(main: Node, flows: ReadonlyMap<string, Node>): readonly Node[] {
  const called = new Set<string>()
  for (const node of [main, ...flows.values()]) {
    walk(node, (seen) => {
      if (seen._tag === "Call") called.add(seen.name)
    })
  }
  return [...flows].flatMap(([name, of]) => (called.has(name) ? [] : [make.call(name, of)]))
}
