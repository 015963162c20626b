import type { AnyAgentRef } from "../data/agent-ref.js"
import type { JsonSchema } from "../data/schema.js"
import { flow as flowOf, nodeOf } from "../flow/build.js"
import { close } from "../flow/closed.js"
import type { Document, ProviderSettings } from "../flow/document.js"
import type { Count } from "../flow/node.js"
import type { AnyFlow } from "../flow/types.js"

export interface DocumentOptions {
  readonly name?: string
  readonly description?: string
  readonly flow: AnyFlow
  readonly input?: JsonSchema
  readonly output?: JsonSchema
  readonly params?: Readonly<Record<string, JsonSchema>>
  readonly agents?: Readonly<Record<string, AnyAgentRef>>
  readonly providers?: Readonly<Record<string, ProviderSettings>>
}

/**
 * A document of a flow that was built in TypeScript, to print, run or serve it.
 *
 * @example
 * ```ts
 * print(document({ name: "hello", flow: pure("hello") }))
 * ```
 */
export function document(options: DocumentOptions): Document {
  const { name, description, input, params = {}, agents = {}, providers = {}, output } = options
  close(nodeOf(options.flow))
  return {
    _tag: "Document",
    name,
    description,
    flow: flowOf(nodeOf(options.flow)),
    input,
    ...(output === undefined ? {} : { output }),
    params,
    agents,
    providers,
    flows: {},
    warnings: [],
    at: () => undefined,
  }
}

/**
 * A parameter of the document in the place of a number: `loop(body, { max: param("tries") })`. Its schema, in the
 * document's `params`, needs a `minimum` and a `maximum`.
 */
export function param(name: string): Count {
  return { _tag: "Param", name }
}
