import type { Json } from "../../data/json.js"
import * as make from "../../flow/make.js"
import type { AtLeast, Count, Race } from "../../flow/node.js"
import { type Field, optional, record, required, shorthand } from "./field.js"
import { flowField, flowList, flows, inList, isMembers, type Members } from "./flows.js"
import { form, type NodeForm } from "./form.js"
import { graphField, type WrittenMember } from "./graph.js"
import { count, duration, integer, listOf, member, oneOf } from "./scalars.js"

// The node keys whose members run at the same time.

const forms = {
  all: flows,
  split: flowList,
  forEach: record("for_each", {
    do: required(flowField, "what each element goes through"),
    concurrency: optional(integer(1), "the most elements under way at one time; all of them by default"),
    atLeast: optional(count(1), "how many must succeed; the result is then that of a quorum; every one by default"),
  }),
  atLeast: record("at_least", {
    n: required(count(1), "how many must succeed"),
    of: required(flows, "the members"),
    settle: optional(
      oneOf(["all", "quorum"]),
      "wait for `all` members, or abort the rest at the n-th success (`quorum`)",
      {
        standard: "all",
      },
    ),
    grace: optional(
      duration,
      "with `settle: quorum`, how long to wait for more after the n-th success; no time by default",
    ),
    required: optional(
      listOf(member, "members"),
      "members, by name or index, that must be among the successes; none by default",
    ),
    hedge: optional(
      record("hedge", {
        after: required(duration, "when a slow member gets a second copy"),
        max: required(integer(1), "how many copies at most"),
      }),
      "second copies of slow members; none by default",
    ),
  }),
  race: shorthand(
    record(
      "race",
      {
        of: required(flowList, "the branches"),
        wins: optional(oneOf(["success", "settled"]), "the first success, or the first to settle, be it by a fault", {
          standard: "success",
        }),
      },
      () => inList,
    ),
    "of",
    isMembers,
  ),
  graph: graphField,
}

/** What the encoder writes the bodies of these nodes from. */
export interface ParallelBodies {
  readonly all: Field<unknown, Members<Json>>
  readonly split: Field<unknown, readonly Json[]>
  readonly forEach: Field<unknown, { do: Json; concurrency?: number | undefined; atLeast?: Count | undefined }>
  readonly atLeast: Field<
    unknown,
    Pick<AtLeast, "n"> & { of: Members<Json>; settle?: AtLeast["settle"] | undefined; grace?: number | undefined } & {
      required?: readonly (number | string)[] | undefined
      hedge?: AtLeast["hedge"]
    }
  >
  readonly race: Field<unknown, { of: readonly Json[]; wins?: Race["wins"] | undefined }>
  readonly graph: Field<unknown, readonly WrittenMember[]>
}

export const parallelBodies: ParallelBodies = forms

/** The node keys, in the order of the reference. */
export const parallelForms: Readonly<Record<string, NodeForm>> = {
  all: form(
    "runs every branch on the same input, at the same time",
    forms.all,
    { facts: { agent: "researcher" }, view: { agent: "analyst" } },
    ({ of, keys }, tree, cx) => cx.make(tree, () => make.all(of, keys)),
  ),
  split: form(
    "runs a branch on each element of a list of so many",
    forms.split,
    [{ agent: "researcher" }, { agent: "analyst" }],
    (branches, tree, cx) => cx.make(tree, () => make.split(branches)),
  ),
  for_each: form(
    "runs a flow on every element of a list",
    forms.forEach,
    { do: { agent: "reader" }, concurrency: 4, at_least: 2 },
    ({ do: body, ...options }, tree, cx) => cx.make(tree, () => make.traverse(body, options)),
  ),
  at_least: form(
    "runs a quorum: gives `{ succeeded, failed, aborted }`",
    forms.atLeast,
    {
      n: 1,
      of: { researcher: { agent: "researcher" }, analyst: { agent: "analyst" } },
      settle: "quorum",
      grace: "500ms",
      required: ["researcher"],
      hedge: { after: "8s", max: 1 },
    },
    ({ n, of, ...options }, tree, cx) => cx.make(tree, () => make.atLeast(n, of.of, of.keys, options)),
  ),
  race: form(
    "runs a race: the first that ends well aborts the others",
    forms.race,
    { of: [{ agent: "researcher" }, { agent: "analyst" }], wins: "settled" },
    ({ of, wins }, tree, cx) => cx.make(tree, () => make.race(of, wins)),
  ),
  graph: form(
    "runs members when those that they depend on have ended",
    forms.graph,
    {
      facts: { do: { agent: "researcher" } },
      views: { do: { agent: "analyst" } },
      page: {
        depends_on: ["facts", "views"],
        do: { agent: "writer", with: "${value.results.facts} ${value.results.views}" },
      },
    },
    (members, tree, cx) => cx.make(tree, () => make.graph(members)),
  ),
}
