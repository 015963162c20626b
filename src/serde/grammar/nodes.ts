import type { Json, JsonObject } from "../../data/json.js"
import * as make from "../../flow/make.js"
import type { Branch, Count, Override } from "../../flow/node.js"
import { bare, keyOf } from "../expressions.js"
import type { Tree } from "../tree.js"
import { isModelAgent } from "../../flow/document.js"
import { expression, functionField, template } from "./code.js"
import { type Decoded, decodeFields, encodeFields, type Field, optional, record, required, snake } from "./field.js"
import { cases, flowField, flowList, type Members } from "./flows.js"
import { form, type NodeForm } from "./form.js"
import { type OutsideBodies, outsideBodies, outsideForms } from "./outside-forms.js"
import { type ParallelBodies, parallelBodies, parallelForms } from "./parallel-forms.js"
import type { Reader } from "./reader.js"
import { boolean, count, integer, json, number, oneOf, text } from "./scalars.js"

/** `kind`, or CEL, or a function. */
const selector: Field<Branch["on"], Json> = {
  schema: expression.schema,
  decode(tree, cx) {
    const key =
      tree.kind === "scalar" && typeof tree.value === "string" ? keyOf(bare(tree.value) ?? tree.value) : undefined
    if (key !== undefined) return { key }
    const code = expression.decode(tree, cx)
    return code === undefined ? undefined : { code }
  },
  encode: (on) => on,
}

const override = {
  prompt: optional(template, "the user message of a model agent, for this step", { example: "Write about ${value}." }),
  systemPrompt: optional(template, "the system prompt of a model agent, for this step", {
    example: "You write one clear paragraph.",
  }),
  model: optional(text, "the model of a model agent, for this step", { example: "claude-sonnet-4-5" }),
  temperature: optional(number(0, 2), "the temperature of a model agent, for this step", { example: 0.2 }),
  maxTokens: optional(integer(1), "the longest answer of a model agent in tokens, for this step", { example: 800 }),
}

const exhausted = oneOf(["fail", "last"])

const forms = {
  agent: text,
  map: template,
  fn: functionField,
  fail: record("fail", {
    code: required(text, "what programs know the failure by"),
    message: required(text, "what people read"),
    data: optional(json, "anything more"),
    retry: optional(boolean, "whether another try may help; not by default"),
  }),
  flatMap: record("flat_map", {
    of: required(flowField, "what the choice is made from"),
    using: required(functionField, "the function that gives a flow, which then runs on the step's input"),
    among: optional(flowList, "the flows that it may give, any other is the fault `NoMatch`; any flow by default"),
  }),
  branch: record("branch", {
    on: optional(selector, "what gives the tag: a field of the value, an expression"),
    by: optional(flowField, "instead of `on`: a flow that answers the tag; the arm gets the step's input"),
    cases: required(cases, "a flow for each tag"),
    otherwise: optional(flowField, "the flow for any other tag; without it that is the fault `NoMatch`"),
  }),
  loop: record("loop", {
    initial: optional(template, "the first turn's value; what arrived, by default"),
    do: required(flowField, "one turn"),
    until: optional(
      expression,
      "ends the loop when it holds of the turn's output; without it the turn itself says `Continue` or `Done`",
    ),
    max: optional(count(1), "how many turns at most", { standard: 10 }),
    exhausted: optional(exhausted, "after `max` turns: `fail` with `LoopExceeded`, or give the `last` output", {
      standard: "fail",
    }),
  }),
}

function tagged(body: Decoded<typeof forms.branch.fields>, tree: Tree, cx: Reader): Branch["on"] | undefined {
  const { on, by } = body
  if (by !== undefined && on === undefined) return { by }
  if (on !== undefined && by === undefined) return on
  const message = on === undefined ? "branch has neither `on` nor `by`" : "branch has both `on` and `by`"
  return cx.report.at(tree, { code: "branch_on", message, hint: "write `on: value.kind` for a field of the value" })
}

const agentForm: NodeForm = {
  about: "asks an agent with what arrives",
  example: "writer",
  body: forms.agent,
  beside: override,
  read(tree, step, cx) {
    const name = text.decode(tree, cx)
    const settings = decodeFields(override, step, cx, "a step")
    const ref = name === undefined ? undefined : cx.agent(name, tree)
    if (ref === undefined || settings === undefined) return undefined
    const changes: Override = settings
    if (Object.keys(changes).length === 0) return cx.make(tree, () => make.agent(ref))
    if (isModelAgent(ref)) return cx.make(tree, () => make.agent(ref, changes))
    for (const entry of step.entries) {
      if (!besideKeys.has(entry.key)) continue
      cx.report.key(entry, {
        code: "not_a_model",
        message: `\`${entry.key}\` changes a model, and the agent \`${ref.name}\` is none`,
        hint: "an agent with `model` can be changed so",
      })
    }
  },
}

const besideKeys: ReadonlySet<string> = new Set(Object.keys(override).map(snake))

/** What the encoder writes each node's body from. */
export interface Bodies extends ParallelBodies, OutsideBodies {
  readonly agent: Field<unknown, string>
  readonly map: Field<unknown, Json>
  readonly fn: Field<unknown, Json>
  readonly fail: Field<unknown, { code: string; message: string; data?: Json | undefined; retry?: boolean | undefined }>
  readonly flatMap: Field<unknown, { of: Json; using: Json; among?: readonly Json[] | undefined }>
  readonly branch: Field<
    unknown,
    { on?: Json | undefined; by?: Json | undefined; cases: Members<Json>; otherwise?: Json | undefined }
  >
  readonly loop: Field<
    unknown,
    {
      initial?: Json | undefined
      do: Json
      until?: Json | undefined
      max?: Count | undefined
      exhausted?: "last" | undefined
    }
  >
}

export const bodies: Bodies = { ...forms, ...parallelBodies, ...outsideBodies }

interface Settings extends Omit<Override, "prompt" | "systemPrompt"> {
  readonly prompt?: Json | undefined
  readonly systemPrompt?: Json | undefined
}

/** The keys beside `agent` that change its model. */
export const writeOverride = (settings: Settings): JsonObject => encodeFields(override, settings)

/** The node keys of the grammar, in the order of the reference. */
export const nodeForms: Readonly<Record<string, NodeForm>> = {
  agent: agentForm,
  map: form("computes a value", forms.map, { title: "On ${value}", ok: true }, (code, tree, cx) =>
    cx.make(tree, () => make.pure(code)),
  ),
  fn: form("applies a function of the host", forms.fn, "compose", (fn, tree, cx) => cx.make(tree, () => make.pure(fn))),
  fail: form(
    "fails with the fault `Failed`",
    forms.fail,
    {
      code: "no_sources",
      message: "nobody found a source",
      data: { searched: 3 },
      retry: true,
    },
    (spec, tree, cx) => cx.make(tree, () => make.fail(spec)),
  ),
  flat_map: form(
    "runs the flow that a function chooses",
    forms.flatMap,
    {
      of: { agent: "classifier" },
      using: "compose",
      among: [{ agent: "quick" }, { agent: "deep" }],
    },
    ({ of, using, among }, tree, cx) => cx.make(tree, () => make.flatMap(of, using, among)),
  ),
  ...parallelForms,
  branch: form(
    "chooses one of several flows",
    forms.branch,
    {
      on: "size(value) > 200",
      cases: { true: { agent: "deep" }, false: { agent: "quick" } },
    },
    (body, tree, cx) => {
      const on = tagged(body, tree, cx)
      if (on === undefined) return undefined
      return cx.make(tree, () => make.branch(on, body.cases.keys ?? [], body.cases.of, body.otherwise))
    },
  ),
  loop: form(
    "runs a flow again and again: each turn's output is the next one's `value`",
    forms.loop,
    {
      initial: "First draft: ${value}",
      do: { agent: "editor" },
      until: "size(value) < 400",
      max: 3,
      exhausted: "last",
    },
    (body, tree, cx) => {
      const { initial, until, max, exhausted } = body
      const turn = until === undefined ? body.do : make.until(body.do, until)
      const loop = cx.make(tree, () => make.loop(turn, max, exhausted))
      return loop === undefined || initial === undefined ? loop : cx.make(tree, () => make.prepare(initial, loop))
    },
  ),
  ...outsideForms,
}
