import { Document as Yaml, isMap, isPair, isScalar, isSeq, visit } from "yaml"
import type { Json, JsonObject } from "../data/json.js"
import { nodeOf } from "../flow/build.js"
import type { Document } from "../flow/document.js"
import type { AnyFlow } from "../flow/types.js"
import { encodeAll } from "./encode.js"
import { writeAgent, writeProvider } from "./grammar/agents.js"
import { writeHead } from "./grammar/document.js"
import { limits } from "./limits.js"
import { styled } from "./yaml-style.js"

/**
 * A document, or a flow as a document of its own, as canonical YAML. `parse` reads it back to an equal one.
 *
 * Beyond the nodes that YAML may have it is printed as JSON, which is YAML too. Throws what `encode` throws.
 *
 * @example
 * ```ts
 * import { pure } from "troupe"
 * import { print } from "troupe/serde"
 * print(pure("hello").timeout(1_500)) // "troupe: 1\nflow:\n  map: hello\n  timeout: 1.5s\n"
 * ```
 */
export function print(from: Document | AnyFlow): string {
  const json = documentJson(from)
  return nodesOf(json) > limits.yamlNodes / 2 ? `${JSON.stringify(json)}\n` : yamlText(json)
}

/** A document as JSON; a flow as a document that says nothing else. */
function documentJson(from: Document | AnyFlow): JsonObject {
  if (!isDocument(from)) return { ...writeHead({}), ...flowsJson(from, {}) }
  const agents = entriesOf(from.agents, writeAgent)
  const providers = entriesOf(from.providers, writeProvider)
  return {
    ...writeHead({ ...from, params: Object.keys(from.params).length === 0 ? undefined : from.params }),
    ...(providers === undefined ? {} : { providers }),
    ...(agents === undefined ? {} : { agents }),
    ...flowsJson(from.flow, from.flows),
  }
}

/** The flow and all that it calls. A limit of the whole flow stands before it. */
function flowsJson(flow: AnyFlow, named: Readonly<Record<string, AnyFlow>>): JsonObject {
  const { step, flows } = encodeAll(nodeOf(flow), named)
  const { limit, ...rest } = step
  const whole = limit !== undefined && outsideLimit.every((key) => !Object.hasOwn(step, key))
  return {
    ...(whole ? { limit } : {}),
    ...(Object.keys(flows).length === 0 ? {} : { flows }),
    flow: whole ? (Object.keys(rest).length === 0 ? { steps: [] } : rest) : step,
  }
}

/** Keys that go around a limit: with one of these, it is not one of the whole flow. */
const outsideLimit = ["recover", "guard", "tap", "notify", "divert_to", "with", "as"]

const isDocument = (from: Document | AnyFlow): from is Document => "_tag" in from && from._tag === "Document"

function entriesOf<T>(
  record: Readonly<Record<string, T>>,
  write: (value: T) => JsonObject | undefined,
): JsonObject | undefined {
  const written = Object.entries(record).flatMap(([name, value]) => {
    const json = write(value)
    return json === undefined ? [] : [[name, json] as const]
  })
  return written.length === 0 ? undefined : Object.fromEntries(written)
}

function nodesOf(json: Json): number {
  if (typeof json !== "object" || json === null) return 1
  return Object.values(json).reduce((sum: number, part: Json) => sum + nodesOf(part), 1)
}

/** Short mappings and lists of plain values stand on one line, as people write them. */
const oneLine = 72

/** JSON as YAML, with what is short on one line. */
export function yamlText(json: JsonObject): string {
  const document = new Yaml(json, { aliasDuplicateObjects: false, version: "1.2" })
  visit(document, {
    Collection(key, node, path) {
      if (key === null || path.length <= 1) return undefined
      const holder = path.at(-1)
      const name = isPair(holder) && isScalar(holder.key) ? String(holder.key.value) : ""
      const steps = path.at(-2)
      if (isMap(node) && isPair(steps) && isScalar(steps.key) && steps.key.value === "steps") return undefined
      const leaf = (isMap(node) || isSeq(node)) && JSON.stringify(node.toJSON()).length <= oneLine
      if (leaf && !blocks.has(name) && !hasLines(node.toJSON())) node.flow = true
      return node.flow ? visit.SKIP : undefined
    },
  })
  return styled(document)
}

/** What holds steps is never put on one line. */
const blocks: ReadonlySet<string> = new Set(["steps", "agents", "providers", "flow", "flows", "params"])

function hasLines(json: unknown): boolean {
  if (typeof json === "string") return json.includes("\n")
  return typeof json === "object" && json !== null && Object.values(json).some(hasLines)
}
