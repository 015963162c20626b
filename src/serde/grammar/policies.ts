import type { Json } from "../../data/json.js"
import type { RetryOptions } from "../../flow/make.js"
import type { Fn, Guard, Limits, Node } from "../../flow/node.js"
import type { Expr } from "../../flow/expr.js"
import { entry, type Tree } from "../tree.js"
import { expression } from "./code.js"
import { ofKind } from "./definitions.js"
import { type Field, type Key, optional, record, type RecordField, required } from "./field.js"
import { flowField } from "./flows.js"
import { boolean, count, duration, faultTag, integer, listOf, number, oneOf } from "./scalars.js"

// What stands under the decorators that say how a step may run, and what becomes of its output.

const asTimes = (tree: Tree): string | undefined =>
  tree.kind === "scalar" && typeof tree.value === "number" ? `write \`retry: { times: ${tree.value} }\`` : undefined

/** How a failed step is tried again. */
export const retryBody: Field<RetryOptions> = record(
  "retry",
  {
    times: optional(count(0), "tries after the first one", { standard: 3 }),
    backoff: optional(oneOf(["constant", "exponential"]), "how the wait grows", {
      standard: "exponential",
    }),
    base: optional(duration, "the wait before the first repeat", { standard: "500ms" }),
    max: optional(duration, "the longest wait", { standard: "60s" }),
    jitter: optional(boolean, "whether each wait is a random part of itself, from a half to the whole", {
      standard: true,
    }),
    on: optional(listOf(faultTag, "faults"), "the faults to try again, whatever they say of it themselves"),
  },
  asTimes,
)

const limits: Field<Limits> = record("limit", {
  concurrency: optional(integer(1), "asks at one time; those beyond wait in order; no limit by default"),
  calls: optional(integer(0), "asks in all; no limit by default"),
  tokens: optional(integer(0), "tokens of models, in and out together; no limit by default"),
  usd: optional(number(0, Number.MAX_VALUE), "US dollars; no limit by default"),
})

/** What all asks of a step share. */
export const limitBody: Field<Limits> = {
  ...limits,
  decode(tree, cx) {
    const said = limits.decode(tree, cx)
    const misspelt = said !== undefined && Object.keys(said).length === 0
    return misspelt && tree.kind === "mapping" && tree.entries.length > 0 ? undefined : said
  },
}

type CheckFields = { readonly check: Key<Node, Json, false> }

const check: RecordField<CheckFields> = record("guard", {
  check: required(flowField, "a flow that answers true or false"),
})

/** An expression, a named function, or a flow that answers a boolean. */
export const guardBody: Field<Guard["check"], Json> = {
  schema: { anyOf: [ofKind("expression"), ofKind("function"), check.schema] },
  decode(tree, cx) {
    if (tree.kind === "mapping" && (entry(tree, "fn") === undefined || entry(tree, "check") !== undefined)) {
      const by = check.decode(tree, cx)?.check
      return by === undefined ? undefined : { by }
    }
    const code = expression.decode(tree, cx)
    return code === undefined ? undefined : { code }
  },
  encode: (written) => written,
}

/** Where some outputs go as well. */
export const divertBody: Field<
  { readonly do: Node; readonly when?: Fn | Expr },
  { readonly do: Json; readonly when?: Json | undefined }
> = record("divert_to", {
  do: required(flowField, "what gets the output"),
  when: optional(expression, "which outputs it gets; all by default"),
})
