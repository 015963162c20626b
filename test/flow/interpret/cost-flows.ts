import * as fc from "fast-check"
import { left, right } from "fp-ts/lib/Either.js"
import type { AnyAgentRef } from "../../../src/data/agent-ref.js"
import { jsonSchema } from "../../../src/data/schema.js"
import type * as F from "../../../src/flow/index.js"
import { markOf } from "../../../src/flow/hash.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import { of } from "./parts.js"

// Random flows of every node but `Suspend`, which nobody answers here, and the agents that they ask.

const fewTexts = { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 }

const agents: readonly AnyAgentRef[] = [
  { _tag: "AgentRef", name: "a", caps: { requests: 3, latency: 4, tokens: 100, usd: 0.25 } },
  { _tag: "AgentRef", name: "b", caps: { requests: 1, latency: 4 } },
  { _tag: "AgentRef", name: "list", caps: { requests: 1, latency: 4 }, output: jsonSchema(fewTexts) },
  {
    _tag: "AgentRef",
    name: "picky",
    caps: { requests: 2, latency: 4, tokens: 50, usd: 0.5 },
    input: {
      json: undefined,
      parse: (value: unknown) => (value === "bad" ? left([{ at: "", message: "is bad" }]) : right(value)),
    },
  },
]

const tags = ["x", "y"]
const key = { _tag: "Fn", name: "tag", run: (value: unknown) => (value as { tag?: unknown } | null)?.tag } as F.Fn
const truth: F.Fn = { _tag: "Fn", name: "truth", run: (value: unknown) => value !== "bad" }
/** Chooses the first flow for most values, and for some what is not among the choices. */
const choice = (flows: readonly Node[]): F.Fn => ({
  _tag: "Fn",
  name: "choice",
  run: (value: unknown) =>
    value === "x" ? "no flow" : of(flows[value === "bad" ? flows.length - 1 : 0] ?? make.seq([])),
})
const shaky: F.Fn = {
  _tag: "Fn",
  name: "shaky",
  run: (value: unknown) => {
    if (value === "bad") throw new Error("bad")
    return value
  },
}

/** What lists, choices, policies, side flows and graphs are made of. */
const fresh = (node: fc.Arbitrary<Node>, list: fc.Arbitrary<Node[]>): fc.Arbitrary<Node>[] => [
  fc
    .tuple(
      fc.constantFrom<Node>(
        make.pure({ _tag: "Constant", value: ["x", "bad"] }),
        make.pure({ _tag: "Constant", value: [] }),
        make.agent(agents[2] ?? never("list")),
        make.seq([]),
      ),
      node,
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    )
    .map(([before, body, concurrency, atLeast]) =>
      make.seq([
        before,
        make.traverse(body, {
          ...(concurrency === undefined ? {} : { concurrency }),
          ...(atLeast === undefined ? {} : { atLeast }),
        }),
      ]),
    ),
  fc.tuple(node, list, fc.boolean()).map(([k, flows, known]) => {
    const distinct = [...new Map(flows.map((one) => [markOf(one), one])).values()]
    return make.flatMap(k, choice(distinct), known ? distinct : undefined)
  }),
  fc
    .tuple(
      node,
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom<"constant" | "exponential">("constant", "exponential"),
      fc.nat(3),
    )
    .map(([k, times, backoff, base]) =>
      make.retry(k, { times, backoff, base, max: 4, jitter: false, ...(base === 3 ? { on: ["AgentFailed"] } : {}) }),
    ),
  fc
    .tuple(
      node,
      fc.record({ calls: fc.nat(4), tokens: fc.nat(300), usd: fc.constantFrom(0.25, 0.5, 1) }, { requiredKeys: [] }),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([k, limits, concurrency]) => make.limit(k, Object.keys(limits).length === 0 ? { concurrency } : limits)),
  fc
    .tuple(node, node, fc.constantFrom<"tap" | "notify" | "divertTo">("tap", "notify", "divertTo"))
    .map(([k, side, how]) => make.divert(k, side, how, how === "divertTo" ? truth : undefined)),
  node.map((k) => make.guard(k, { code: truth })),
  fc.tuple(node, node).map(([k, by]) => make.guard(k, { by: make.seq([by, make.pure(truth)]) })),
  fc.tuple(list, fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 3 })).map(([members, edges]) =>
    make.graph(
      members.map((member, i) => ({
        id: `m${i}`,
        of: member,
        dependsOn: [...new Set(edges.flatMap(([from, to]) => (to === i && from < i ? [`m${from}`] : [])))],
      })),
    ),
  ),
  node.map((k) => make.call("other", k)),
  fc.integer({ min: 0, max: 6 }).map((ms) => make.sleep(ms)),
]

const never = (what: string): never => {
  throw new Error(`no ${what}`)
}

/** Random flows. They may bind a name twice: then they are none. */
export const trees: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => {
  const node = tie("node")
  const list = fc.array(node, { minLength: 1, maxLength: 3 })
  return {
    node: fc.oneof(
      { maxDepth: 6, depthSize: "medium" },
      fc.constantFrom(...agents).map((ref) => make.agent(ref)),
      fc.constantFrom<Node>(make.pure({ _tag: "Constant", value: "bad" }), make.pure(shaky), make.seq([])),
      fc.constant<Node>(make.fail({ code: "no", message: "no" })),
      fc.array(node, { maxLength: 3 }).map((parts) => make.seq(parts)),
      list.map((of) => make.all(of)),
      fc
        .tuple(list, fc.nat(), fc.constantFrom<"all" | "quorum">("all", "quorum"), fc.boolean())
        .map(([members, n, settle, required]) =>
          make.atLeast(1 + (n % members.length), members, undefined, {
            settle,
            ...(required ? { required: [0] } : {}),
          }),
        ),
      fc
        .tuple(list, fc.constantFrom<"success" | "settled">("success", "settled"))
        .map(([of, wins]) => make.race(of, wins)),
      fc
        .tuple(node, node, fc.option(node, { nil: undefined }))
        .map(([x, y, rest]) => make.branch({ code: key }, tags, [x, y], rest)),
      fc.tuple(node, node, node).map(([by, x, y]) => make.branch({ by }, tags, [x, y], undefined)),
      fc
        .tuple(node, node, fc.constantFrom<"fault" | "input">("fault", "input"), fc.boolean())
        .map(([k, handler, gets, some]) =>
          make.recover(k, handler, gets, some ? ["AgentFailed", "TimedOut"] : undefined),
        ),
      fc
        .tuple(node, fc.integer({ min: 1, max: 3 }), fc.constantFrom<"fail" | "last">("fail", "last"))
        .map(([body, max, exhausted]) => make.loop(body, max, exhausted)),
      fc.tuple(node, fc.integer({ min: 0, max: 6 })).map(([k, ms]) => make.within(k, ms)),
      fc.tuple(node, node).map(([k, body]) => make.letIn("n", k, body)),
      ...fresh(node, list),
    ),
  }
}).node
