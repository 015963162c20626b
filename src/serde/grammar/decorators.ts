import type { Json, JsonObject } from "../../data/json.js"
import type { FaultTag } from "../../data/fault.js"
import * as make from "../../flow/make.js"
import type { Code, Node } from "../../flow/node.js"
import type { Tree } from "../tree.js"
import { quoted } from "../yaml-slips.js"
import { template } from "./code.js"
import { type Field, type Key, optional, record } from "./field.js"
import { flowField } from "./flows.js"
import { divertBody, guardBody, limitBody, retryBody } from "./policies.js"
import type { Reader } from "./reader.js"
import { duration, faultTag, identifierField, listOf, text } from "./scalars.js"

/** A key that wraps the step it stands on. */
export interface Decorator {
  readonly key: string
  readonly about: string
  /** What may stand under the key, for the reference. */
  readonly example: Json
  readonly schema: JsonObject
  wrap(of: Node, tree: Tree, cx: Reader): Node | undefined
}

function decorator<D, E>(
  key: string,
  about: string,
  field: Field<D, E>,
  example: Json,
  wrap: (of: Node, value: D, tree: Tree, cx: Reader) => Node | undefined,
): Decorator {
  return {
    key,
    about,
    example,
    schema: field.schema,
    wrap(of, tree, cx) {
      const value = field.decode(tree, cx)
      return value === undefined ? undefined : wrap(of, value, tree, cx)
    },
  }
}

const asValue = (tree: Tree): string | undefined => {
  if (tree.kind === "list" || tree.kind === "mapping" || tree.value === null) return undefined
  const value = typeof tree.value === "string" ? quoted(tree.value) : String(tree.value)
  return `write \`recover: { value: ${value.length > 60 || value.includes("\n") ? "…" : value} }\``
}

const recovery = record(
  "recover",
  {
    on: optional(listOf(faultTag, "faults"), "the faults it recovers from; by default all but Defect"),
    do: optional(flowField, "a flow that gets the step's input; `fault` is in scope"),
    value: optional(template, "a value; `fault` is in scope; a function gets the fault"),
    withFault: optional(flowField, "a flow that gets the fault"),
  },
  asValue,
)

interface Handler {
  readonly node: Node
  readonly gets: "fault" | "input"
}

const computed = (code: Code): Handler => ({ node: make.pure(code), gets: code._tag === "Fn" ? "fault" : "input" })

const side = (how: "tap" | "notify", about: string): Decorator =>
  decorator(how, about, flowField, { agent: "archive" }, (of, to, tree, cx) =>
    cx.make(tree, () => make.divert(of, to, how)),
  )

/** The decorators, from the innermost out. Later ones are one row each. */
export const decorators: readonly Decorator[] = [
  decorator(
    "timeout",
    "aborts the step at a deadline, with the fault `TimedOut`",
    duration,
    "30s",
    (of, ms, tree, cx) => cx.make(tree, () => make.within(of, ms)),
  ),
  decorator(
    "retry",
    "tries the step again, whole, on a fault that another try may mend",
    retryBody,
    {
      times: 2,
      backoff: "exponential",
      base: "500ms",
      max: "10s",
      jitter: true,
      on: ["AgentFailed", "TimedOut"],
    },
    (of, policy, tree, cx) => cx.make(tree, () => make.retry(of, policy)),
  ),
  decorator(
    "limit",
    "what all asks of the step share; beyond it the fault `BudgetExceeded`, before the call",
    limitBody,
    {
      concurrency: 4,
      calls: 20,
      tokens: 50_000,
      usd: 0.5,
    },
    (of, limits, tree, cx) => cx.make(tree, () => make.limit(of, limits)),
  ),
  decorator(
    "recover",
    "what to do about a fault: one of `do`, `value`, `with_fault`",
    recovery,
    { on: ["TimedOut"], value: "no answer: ${fault.message}" },
    (of, body, tree, cx) => {
      const { on, value, withFault } = body
      const handlers: Handler[] = [
        ...(body.do === undefined ? [] : [{ node: body.do, gets: "input" } as const]),
        ...(value === undefined ? [] : [computed(value)]),
        ...(withFault === undefined ? [] : [{ node: withFault, gets: "fault" } as const]),
      ]
      const [handler, ...others] = handlers
      if (handler === undefined || others.length > 0) {
        return cx.report.at(tree, {
          code: "recover_handler",
          message: `recover has ${handler === undefined ? "no handler" : "more than one handler"}`,
          expected: "one of `do`, `value`, `with_fault`",
        })
      }
      return cx.make(tree, () => make.recover(of, handler.node, handler.gets, on))
    },
  ),
  decorator(
    "guard",
    "passes the output if it holds, else the fault `Rejected`",
    guardBody,
    "size(value) > 0",
    (of, check, tree, cx) => cx.make(tree, () => make.guard(of, check)),
  ),
  side("tap", "hands the output to a flow as well, waits for it, and fails with it"),
  side("notify", "hands the output to a flow as well, and goes on; its failure is an event"),
  decorator(
    "divert_to",
    "hands some outputs to a flow as well, and goes on",
    divertBody,
    {
      do: { agent: "archive" },
      when: "size(value) > 200",
    },
    (of, { do: to, when }, tree, cx) => cx.make(tree, () => make.divert(of, to, "divertTo", when)),
  ),
]

/** What recovers from what, as the encoder writes it. */
export interface Recovery {
  readonly on?: readonly FaultTag[] | undefined
  readonly do?: Json | undefined
  readonly value?: Json | undefined
  readonly withFault?: Json | undefined
}

export const recoverBody: Field<unknown, Recovery> = recovery

/** The keys that go on any step and wrap nothing. */
export type StepFields = {
  readonly id: Key<string, string, true>
  readonly note: Key<string, string, true>
  readonly with: Key<Code, Json, true>
  readonly as: Key<string, string, true>
}

export const stepFields: StepFields = {
  id: optional(text, "the step's name in paths", { example: "draft" }),
  note: optional(text, "a remark for readers", { example: "the first of two drafts" }),
  with: optional(template, "the step's input, computed once, before all else", { example: { question: "${input}" } }),
  as: optional(identifierField, "a name for the step's output, in every later step of the sequence", {
    example: "draft",
  }),
}
