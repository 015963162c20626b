import type { JsonSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import * as make from "../../../src/flow/make.js"
import type { Code, Count, Node } from "../../../src/flow/node.js"
import { type Any, ask, of, ref } from "./parts.js"

const text = { type: "string" }
const number = { type: "number" }
const object = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => {
  return { type: "object", properties, required }
}
const list = (items: JsonSchema, size = {}): JsonSchema => ({ type: "array", items, ...size })
const gives = (output: JsonSchema): Any => ask("source", { output, caps: { requests: 1, latency: 10, usd: 1 } })
const takes = (input: JsonSchema, output: JsonSchema = input): Any =>
  ask("sink", { input, output, caps: { tokens: 7 } })
const [a, b, c] = [ask("a", { caps: { requests: 1, latency: 3 } }), ask("b", { caps: { latency: 5 } }), ask("c")]
const does = (code: Code): Any => of(make.pure(code))
const param = (of: Omit<Exclude<Count, number>, "_tag">): Count => ({ _tag: "Param", ...of })
const noted = (node: Node): Any => of({ ...node, note: "mind this" })
const named = (node: Node): Any => of({ ...node, id: "here", note: "mind this" })
const each = (body: Any): Any => of(make.traverse(body.node, {}))
const in100 = (of: Any): Any => Array.from({ length: 99 }, () => of).reduce((before, next) => before.andThen(next), of)
const user = object({ name: text, tags: list(text), nick: { type: ["string", "null"] } }, ["name", "tags"])

const byKind = make.branch({ key: "kind" }, ["x", "y"], [a.node, make.seq([b.node, c.node])], undefined)
const called = make.call("other", make.seq([a.node, b.node]))

/** One of each node, whole and small, with what may stand beside it. */
export const nodes: Readonly<Record<string, Node>> = {
  identity: make.seq([]),
  constant: make.pure({ _tag: "Constant", value: { much: "x".repeat(40), more: 2 } }),
  "constant that is no JSON": make.pure({ _tag: "Constant", value: 3n }),
  text: make.pure({ _tag: "Constant", value: 'say "hi" <b>' }),
  name: make.letIn("v", a.node, make.pure({ _tag: "Name", name: "v" })),
  record: make.pure(template({ draft: "${value}", ok: true })),
  "anonymous function": make.pure({ _tag: "Fn", name: undefined, run: (value: unknown) => value }),
  agent: make.agent(ref("a"), {
    model: "m",
    temperature: 0,
    maxTokens: 9,
    prompt: template("p"),
    systemPrompt: template("s"),
  }),
  fail: make.fail({ code: "no", message: "not today" }),
  let: make.letIn("first", make.seq([a.node, b.node]), c.node),
  "let of one": make.letIn("first", a.node, c.node),
  all: make.all([a.node, b.node, make.seq([])]),
  "all by name": make.all([a.node, make.seq([b.node, c.node])], ["one", "two"]),
  "all of one": make.all([a.node]),
  quorum: make.atLeast(2, [a.node, b.node, c.node], ["x", "y", "z"], {
    settle: "quorum",
    grace: 500,
    required: [1],
    hedge: { after: 2_000, max: 2 },
  }),
  "quorum by param": make.atLeast(param({ name: "n", minimum: 1, maximum: 2 }), [a.node, b.node], undefined, {}),
  race: make.race([a.node, b.node], "settled"),
  "race of one that is at once": make.race([make.seq([]), b.node]),
  branch: byKind,
  "branch by a flow": make.branch({ by: make.seq([a.node, b.node]) }, ["x"], [a.node], b.node),
  recover: make.recover(make.seq([a.node, b.node]), make.seq([b.node, c.node]), "input", ["TimedOut", "Defect"]),
  "recover of one": make.recover(a.node, b.node, "fault", undefined),
  attempt: c.attempt().node,
  loop: make.loop(make.until(a.node, cel("value.ok")), param({ name: "tries", minimum: 1, maximum: 4 }), "last"),
  "loop with state": F.loopWithState(a as never, { initial: 0 }).node,
  "flat map": make.flatMap(a.node, { _tag: "Fn", name: "pick", run: () => a }, [b.node, make.seq([b.node, c.node])]),
  "flat map to anything": make.flatMap(a.node, { _tag: "Fn", name: undefined, run: () => a }, undefined),
  "for each": make.traverse(make.seq([a.node, b.node]), { concurrency: 3, atLeast: 2 }),
  timeout: make.within(make.seq([a.node, b.node]), 1_500),
  retry: make.retry(a.node, { times: 3, base: 100, max: 250, on: ["RateLimited", "TimedOut"] }),
  "retry at once": make.retry(a.node, { times: 1, base: 0 }),
  "retry evenly": make.retry(a.node, { times: param({ name: "t" }), backoff: "constant", base: 50 }),
  limit: make.limit(make.seq([a.node, b.node]), { concurrency: 1, calls: 1, tokens: 12_000, usd: 0.5 }),
  tap: make.divert(a.node, b.node, "tap"),
  notify: make.divert(make.seq([a.node, b.node]), make.seq([b.node, c.node]), "notify"),
  "divert to": make.divert(a.node, b.node, "divertTo", cel("value.bad")),
  guard: make.guard(a.node, { code: cel("size(value) > 3") }),
  "guard by a flow": make.guard(a.node, { by: b.node }),
  graph: F.graph({ x: { flow: a }, y: { dependsOn: ["x"], flow: b }, z: { dependsOn: ["x", "y"], flow: c } } as never)
    .node,
  call: called,
  suspend: make.suspend("approval", { json: true, parse: (value) => ({ _tag: "Right", right: value }) }),
  sleep: make.sleep(90_000),
  split: make.split([a.node, b.node]),
}

/** Flows that a reviewer of types would send back, and some that fit. */
const typed: Readonly<Record<string, Any>> = {
  "types that fit": gives(text).andThen(takes(text)),
  "text for a number": gives(text).andThen(takes(number)),
  "a field that is not there": gives(user).andThen(does(cel("value.nmae"))),
  "a field that may be missing": gives(user).andThen(does(cel("value.nick + '!'"))),
  "a template of the wrong shape": gives(user)
    .andThen(does(template({ name: "${value.tags}" })))
    .andThen(takes(user)),
  "a list where one is wanted": gives(list(text)).andThen(takes(text)),
  "no list for each": gives(text).andThen(each(a)),
  "elements of another type": gives(list(text)).andThen(each(takes(number))),
  "a list of the wrong length": gives(list(text, { minItems: 3, maxItems: 3 })).andThen(F.split(a, b) as Any),
  "a list of some length": gives(list(text)).andThen(F.split(a, b) as Any),
  "a branch on no field": gives(object({ kind: { enum: ["x", "y"] } })).andThen(of(byKind)),
  "a branch without a case": gives(object({ kind: { enum: ["x", "y", "w"] } })).andThen(of(byKind)),
  "a loop that does not fit itself": of(make.loop(make.until(takes(text, number).node, cel("value > 1")))),
  "members of two types": of(make.all([gives(text).node, gives(number).node])).andThen(takes(list(text))),
  "a quorum read as a list": of(make.atLeast(1, [gives(text).node], undefined, {})).andThen(does(cel("value[0]"))),
  "a guard that is no boolean": of(make.guard(gives(text).node, { code: cel("value") })),
  "a handler of another type": of(make.recover(gives(text).node, gives(number).node, "input", undefined)).andThen(
    takes(text),
  ),
  "a function of unknown type": gives(text)
    .andThen(does({ _tag: "Fn", name: "f", run: (x: unknown) => x }))
    .andThen(takes(text)),
  "an expression on nothing known": does(cel("value.x.y")).andThen(takes(text)),
  "a deadline keeps types": of(make.within(gives(text).node, 5)).andThen(takes(number)),
}

/** Flows too long or too deep to be drawn whole. */
const large: Readonly<Record<string, Any>> = {
  "many steps": in100(a),
  "many pure steps": in100(does(cel("value"))),
  "many members": of(make.all(Array.from({ length: 40 }, () => a.node))),
  "the same part again and again": in100(of(make.all([a.node, make.seq([b.node, c.node])]))),
  deep: Array.from({ length: 30 }).reduce((inner: Any) => of(make.all([inner.node, b.node])), a),
  "the same flow called twice": of(called).andThen(of(called)),
  "lists in lists": each(each(gives(list(text, { minItems: 1, maxItems: 4 })).andThen(each(a)))),
}

/** Flows that are no part of a pair. */
export const single: Readonly<Record<string, Any>> = {
  ...Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, of(node)])),
  ...typed,
  ...large,
}

/** The same nodes with an id and a remark, among other steps. */
export const remarked: Readonly<Record<string, Any>> = Object.fromEntries(
  Object.entries(nodes).flatMap(([name, node]) => [
    [`${name}, with a remark`, noted(node)],
    [`${name}, as the second of three`, a.andThen(named(node)).andThen(b)],
  ]),
)
