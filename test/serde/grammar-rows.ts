import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import { jsonSchema } from "../../src/data/schema.js"
import { cel, template } from "../../src/expr/index.js"
import { flow as flowOf, named } from "../../src/flow/build.js"
import { attempted, attemptFailed, withState } from "../../src/flow/builtin.js"
import * as make from "../../src/flow/make.js"
import type { Fn, Node } from "../../src/flow/node.js"
import { type Registry, registry } from "../../src/serde/index.js"

const editor: AnyAgentRef = { _tag: "AgentRef", name: "editor" }
export const merge: Fn = named("merge", (value: unknown) => value)
export const a: Node = make.agent(editor)
const a1 = { agent: "editor" }
export const names: Registry = registry({ agents: [editor], functions: [merge], flows: { twice: flowOf(a) } })
export const one: Node = make.pure({ _tag: "Constant", value: 1 })
export const fn: Node = make.pure(merge)
export const hole = (source: string): Node => make.pure(template(source))

/** What is written, and the node that it is; `canonical` is how it is written back, where that differs. */
export type Row = readonly [written: unknown, node: Node, canonical?: unknown]

/** Lists, graphs, calls, what reaches outside, policies and sides, and what derived constructors make. */
export const rows: readonly Row[] = [
  [{ flat_map: { of: a1, using: "merge" } }, make.flatMap(a, merge, undefined)],
  [
    { flat_map: { of: a1, using: "merge", among: [a1, { map: 1 }] }, id: "x" },
    make.withId(make.flatMap(a, merge, [a, one]), "x"),
  ],
  [{ split: [a1, { map: 1, id: "b" }] }, make.split([a, make.withId(one, "b")])],
  [{ split: [a1], timeout: "1s" }, make.within(make.split([a]), 1000)],
  [{ for_each: { do: a1 } }, make.traverse(a, {})],
  [
    { for_each: { do: a1, concurrency: 4, at_least: "${params.n}" } },
    make.traverse(a, { concurrency: 4, atLeast: { _tag: "Param", name: "n" } }),
  ],
  [
    { graph: { x: { do: a1 }, y: { depends_on: ["x"], do: { map: 1 } } } },
    make.graph([
      { id: "x", of: a, dependsOn: [] },
      { id: "y", of: one, dependsOn: ["x"] },
    ]),
  ],
  [
    { graph: { x: { depends_on: [], do: a1 } } },
    make.graph([{ id: "x", of: a, dependsOn: [] }]),
    { graph: { x: { do: a1 } } },
  ],
  [{ flow: "twice" }, make.call("twice", a)],
  [{ flow: "twice", as: "x", timeout: "1s" }, make.letIn("x", make.within(make.call("twice", a), 1000), make.seq([]))],
  [{ suspend: { name: "ask", schema: { type: "boolean" } } }, make.suspend("ask", jsonSchema({ type: "boolean" }))],
  [{ suspend: { name: "$${ask}", schema: true } }, make.suspend("${ask}", jsonSchema(true))],
  [{ suspend: { name: "ask ${value.id}", schema: true } }, make.suspend(template("ask ${value.id}"), jsonSchema(true))],
  [
    { steps: [{ map: 1, as: "x" }, { suspend: { name: "${x}", schema: true } }] },
    make.letIn("x", one, make.suspend(template("${x}"), jsonSchema(true))),
  ],
  [{ sleep: "5s" }, make.sleep(5000)],
  [{ agent: "editor", retry: {} }, make.retry(a, {}), { agent: "editor", retry: { times: 3 } }],
  [
    {
      agent: "editor",
      retry: { times: 0, backoff: "constant", base: "1s", max: "2s", jitter: false, on: ["TimedOut", "Defect"] },
    },
    make.retry(a, { times: 0, backoff: "constant", base: 1000, max: 2000, jitter: false, on: ["TimedOut", "Defect"] }),
  ],
  [
    { agent: "editor", limit: { concurrency: 2, calls: 9, tokens: 1000, usd: 0.5 } },
    make.limit(a, { concurrency: 2, calls: 9, tokens: 1000, usd: 0.5 }),
  ],
  [{ agent: "editor", guard: "value.ok" }, make.guard(a, { code: cel("value.ok") })],
  [{ guard: "!value.ok" }, make.guard(make.seq([]), { code: cel("!value.ok") })],
  [{ guard: { fn: "merge" } }, make.guard(make.seq([]), { code: merge })],
  [{ guard: { check: a1 } }, make.guard(make.seq([]), { by: a })],
  [{ agent: "editor", tap: a1 }, make.divert(a, a, "tap")],
  [{ agent: "editor", notify: { map: 1 } }, make.divert(a, one, "notify")],
  [{ agent: "editor", divert_to: { do: a1, when: "value.bad" } }, make.divert(a, a, "divertTo", cel("value.bad"))],
  [
    {
      agent: "editor",
      timeout: "1s",
      retry: { times: 1 },
      limit: { calls: 1 },
      recover: { value: 1 },
      guard: "value.ok",
      tap: a1,
      notify: a1,
      divert_to: { do: a1 },
      with: 1,
      as: "x",
    },
    make.letIn(
      "x",
      make.prepare(
        make.pure({ _tag: "Constant", value: 1 }).code,
        make.divert(
          make.divert(
            make.divert(
              make.guard(
                make.recover(
                  make.limit(make.retry(make.within(a, 1000), { times: 1 }), { calls: 1 }),
                  one,
                  "input",
                  undefined,
                ),
                { code: cel("value.ok") },
              ),
              a,
              "tap",
            ),
            a,
            "notify",
          ),
          a,
          "divertTo",
        ),
      ),
      make.seq([]),
    ),
  ],
  [
    { steps: [{ agent: "editor", limit: { calls: 1 } }], retry: { times: 1 } },
    make.retry(make.limit(a, { calls: 1 }), { times: 1 }),
  ],
  [
    { steps: [a1, { fn: "attempt.ok" }], recover: { value: { fn: "attempt.failed" } } },
    make.attempt(a, attempted, attemptFailed),
  ],
  [
    {
      steps: [{ all: [{ steps: [] }, { map: 0 }] }, { loop: { do: { steps: [a1, { fn: "loop.state" }] }, max: 3 } }],
    },
    make.unit([
      make.all([make.seq([]), make.pure({ _tag: "Constant", value: 0 })]),
      make.loop(make.unit([a, make.pure(withState)]), 3),
    ]),
  ],
  [
    {
      steps: [{ map: 1 }, { steps: [a1, { fn: "attempt.ok" }], recover: { value: { fn: "attempt.failed" } }, id: "b" }],
    },
    make.seq([one, make.attempt(make.withId(a, "b"), attempted, attemptFailed)]),
    {
      steps: [{ map: 1 }, { id: "b", steps: [a1, { fn: "attempt.ok" }], recover: { value: { fn: "attempt.failed" } } }],
    },
  ],
]
