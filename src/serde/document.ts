import type { AnyAgentRef } from "../data/agent-ref.js"
import type { JsonSchema } from "../data/schema.js"
import { flow as flowOf, nodeOf } from "../flow/build.js"
import { close } from "../flow/closed.js"
import type { Document, ProviderSettings } from "../flow/document.js"
import { linked } from "../flow/link.js"
import type { Count } from "../flow/node.js"
import type { AnyFlow } from "../flow/types.js"

/** What a document says: its flow, and around it names, schemas, parameters, agents and providers. */
export interface DocumentOptions {
  readonly name?: string
  readonly description?: string
  readonly flow: AnyFlow
  readonly input?: JsonSchema
  readonly output?: JsonSchema
  readonly params?: Readonly<Record<string, JsonSchema>>
  readonly agents?: Readonly<Record<string, AnyAgentRef>>
  readonly providers?: Readonly<Record<string, ProviderSettings>>
  /** Flows that the flow, and they themselves, may call by name. */
  readonly flows?: Readonly<Record<string, AnyFlow>>
}

/**
 * A document of a flow that was built in TypeScript, to print, run or serve it.
 *
 * @example
 * ```ts
 * import { pure } from "troupe"
 * import { document, print } from "troupe/serde"
 * print(document({ name: "hello", flow: pure("hello") })) // "troupe: 1\nname: hello\nflow:\n  map: hello\n"
 * ```
 */
export function document(options: DocumentOptions): Document {
  const { name, description, input, params = {}, agents = {}, providers = {}, output } = options
  const named = new Map(Object.entries(options.flows ?? {}).map(([called, of]) => [called, nodeOf(of)]))
  const { node, flows } = linked(nodeOf(options.flow), named)
  for (const one of [node, ...flows.values()]) close(one)
  return {
    _tag: "Document",
    name,
    description,
    flow: flowOf(node),
    input,
    ...(output === undefined ? {} : { output }),
    params,
    agents,
    providers,
    flows: Object.fromEntries([...flows].map(([called, of]) => [called, flowOf(of)])),
    warnings: [],
    at: () => undefined,
  }
}

/**
 * A parameter of the document in the place of a number: `loop(body, { max: param("tries") })`. Its schema, in the
 * document's `params`, needs a `minimum` and a `maximum`.
 *
 * @example
 * ```ts
 * import { AgentSystem, continueWith, done, lift, loop } from "troupe"
 * import { document, param } from "troupe/serde"
 * const turn = lift((n: number) => (n > 100 ? done(n) : continueWith(n * 2)))
 * const flow = loop(turn, { max: param("tries"), exhausted: "last" })
 * const params = { tries: { type: "integer", minimum: 1, maximum: 9, default: 2 } }
 * await using system = new AgentSystem()
 * await system.run(document({ flow, params }), 3) // 12
 * await system.run(document({ flow, params }), 3, { params: { tries: 1 } }) // 6
 * ```
 */
export function param(name: string): Count {
  return { _tag: "Param", name }
}
