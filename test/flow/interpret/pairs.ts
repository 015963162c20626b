import { z } from "zod"
import type { Caps } from "../../../src/data/agent-ref.js"
import { cel, template } from "../../../src/expr/index.js"
import { flow } from "../../../src/flow/build.js"
import * as F from "../../../src/flow/index.js"
import * as make from "../../../src/flow/make.js"
import type { Node, Override } from "../../../src/flow/node.js"
import type { AnyFlow, Done, Flow } from "../../../src/flow/index.js"

const {
  atLeast,
  call,
  fail,
  graph,
  letIn,
  loop,
  named,
  pure,
  race,
  route,
  sleep,
  split,
  suspend,
  traverse,
  zip,
  zipAll,
} = F

type Turn = Flow<unknown, Done<1>>
type Any = Flow<unknown, never>
const any = (of: AnyFlow): Any => flow(of.node)
const asked = (override: Override): Any => flow(make.agent({ _tag: "AgentRef", name: "a" }, override))
const caps: Readonly<Record<string, Caps>> = {
  a: { requests: 2, tokens: 100, usd: 0.25, latency: 4 },
  b: { requests: 1, latency: 7 },
}
const ask = (name: string): Any => flow(make.agent({ _tag: "AgentRef", name, caps: caps[name] ?? {} }))
const group = (node: Node): Any => flow({ ...node, id: "group" })
const lift = (of: Parameters<typeof F.lift>[0]): Any => any(F.lift(of))
const [a, b, c] = [ask("a"), ask("b"), ask("c")]
const [turn, other]: [Turn, Turn] = [flow(a.node), flow(b.node)]
const tag = (of: string): Flow<unknown, "x" | "y"> => flow(make.pure({ _tag: "Constant", value: of }))
const record: Flow<unknown, { k: "x" | "y"; j: "x" | "y" }> = flow(make.pure(cel("value")))
const size = named("size", (text: unknown) => String(text).length)
const steps = (tenth: Any): Any =>
  Array.from({ length: 12 }, (_, i) => (i === 10 ? tenth : ask(`s${i}`))).reduce((x, y) => x.andThen(y))

/** Flows of every node, in pairs of which the second is the first with one thing changed, by what that is. */
export const pairs: Readonly<Record<string, readonly [AnyFlow, AnyFlow]>> = {
  "number of a parameter": [
    flow(make.atLeast({ _tag: "Param", name: "tries" }, [a.node, b.node], undefined, {})),
    flow(make.atLeast({ _tag: "Param", name: "needed" }, [a.node, b.node], undefined, {})),
  ],
  "name that is read": [
    flow(make.letIn("v", a.node, make.seq([b.node, make.pure({ _tag: "Name", name: "v" })]))),
    flow(make.letIn("v", a.node, make.seq([b.node, make.pure({ _tag: "Constant", value: "v" })]))),
  ],
  "field to an expression": [
    flow(make.branch({ key: "k" }, ["x"], [a.node], undefined)),
    flow(make.branch({ code: cel("value.j") }, ["x"], [a.node], undefined)),
  ],
  "remarks alone": [a.note("one").andThen(b), a.note("two").andThen(b)],
  "sixty letters": [pure("x".repeat(58)), pure("y".repeat(59))],
  "called flow to another step": [call("one", a), a],
  "handler to one for some faults": [a.recoverWith(b), a.recoverTag("TimedOut", c)],
  "steps in a group that moves": [
    a.andThen(b).id("group").andThen(c),
    flow(make.seq([c.node, { ...make.seq([a.node, b.node]), id: "group" }])),
  ],
  "moved and changed": [a.timeout(1).andThen(b).andThen(c), c.andThen(b).andThen(a.timeout(2))],
  "id of a sequence": [a.andThen(b).id("part"), a.andThen(b)],
  "id gone of a wrapped step": [a.timeout(5).id("x").andThen(b), a.timeout(5).andThen(b)],
  "sequences nested": [a.andThen(b).id("in").timeout(9).andThen(c), a.andThen(c).id("in").timeout(9).andThen(c)],
  field: [
    record.branch("k", { x: a, y: b }),
    record.branchOn(
      named("pred", () => true),
      a,
      b,
    ),
  ],
  "duplicates gone": [a.andThen(b).andThen(a).andThen(b), a.andThen(b)],
  "duplicates changed": [zip(a.timeout(1), a.timeout(2), b), zip(a.timeout(3), a.timeout(4), b)],
  "by id first": [zip(a.id("p"), b.id("q")), zip(b.id("p").timeout(1), a.id("q").timeout(1))],
  "two replaced by two": [zip(a, pure(1)), zip(sleep(1), fail({ code: "x", message: "x" }))],
  "two replaced by one": [zip(a, pure(1)), zip(sleep(1))],
  "in a member": [zipAll({ m: a.andThen(b) }), zipAll({ m: a })],
  "wrapped step came": [b, a.timeout(5).andThen(b)],
  "wrapped step went from a quorum": [atLeast(1, [a, b.timeout(7)]), atLeast(1, [a])],
  "expression of many lines": [lift(cel("value.x +\n   1")), lift(cel("value.x"))],
  arity: [split(a, b), split(a, b, c)],
  "step and id of digits": [a.andThen(b.id("2x")), a.andThen(b.id("2x").timeout(1))],
  "agent id": [a.id("x").andThen(b), a.andThen(b)],
  "id changed": [a.id("x").andThen(b), a.id("y").andThen(b)],
  "step to sequence": [a, a.andThen(b)],
  "sequence to step": [a.andThen(b), a],
  "replaced in seq": [a.andThen(b), a.andThen(pure("x"))],
  "map cel": [lift(cel("value.x")), lift(cel("value.y"))],
  "map template": [lift(template("${value.x}")), lift(template("a ${value.y}"))],
  "map template obj": [lift(template({ a: "${value.x}" })), lift(template({ a: "${value.y}", b: [1, 2] }))],
  fn: [lift(size), lift(named("length", (text: unknown) => String(text).length))],
  "anonymous vs named": [lift(size), lift((text) => text)],
  "guard gone": [a.guard(cel("value.ok")), a],
  tap: [a, a.tap(b)],
  "tap to notify": [a.tap(b), a.notify(b)],
  divertTo: [a, a.divertTo(b, cel("value.bad"))],
  "divert when": [a.divertTo(b, cel("value.bad")), a.divertTo(b, cel("value.worse"))],
  "tap inside": [a.tap(b), a.tap(c)],
  "recover to": [a.recoverWith(b), a.recoverWith(c)],
  "recover gets": [a.recoverWith(b), a.fallbackTo(b)],
  "recover on": [a.recoverTag("TimedOut", b), a.recoverTag("RateLimited", b)],
  "recover on gone": [a.recoverTag("TimedOut", b), a.recoverWith(b)],
  retry: [a.retry({ times: 1 }), a.retry({ times: 2, backoff: "constant", base: 100, max: 2000, jitter: false })],
  "retry gone": [a.retry({ times: 1 }), a],
  limit: [a.limit({ calls: 1 }), a.limit({ calls: 2, tokens: 5, usd: 0.5, concurrency: 3 })],
  "limit gone": [a.limit({ usd: 2 }), a.limit({ usd: 3 })],
  sleep: [sleep(10), sleep(2000)],
  "sleep to ask": [sleep(10), a],
  fail: [fail({ code: "x", message: "m" }), fail({ code: "y", message: "n", data: { a: 1 }, retry: true })],
  hedge: [atLeast(1, [a, b]), atLeast(1, [a, b], { hedge: { after: 5000, max: 1 } })],
  "hedge changed": [
    atLeast(1, [a, b], { hedge: { after: 5000, max: 1 } }),
    atLeast(1, [a, b], { hedge: { after: 6000, max: 2 } }),
  ],
  "settle grace": [atLeast(1, [a, b]), atLeast(1, [a, b], { settle: "quorum", grace: 500 })],
  required: [atLeast(1, [a, b]), atLeast(1, [a, b], { required: [0] })],
  required2: [atLeast(1, [a, b], { required: [1] }), atLeast(1, [a, b], { required: [0] })],
  "quorum keys": [atLeast(1, { x: a, y: b }), atLeast(1, { x: a, z: b })],
  "race wins": [race(a, b), race([a, b], { wins: "settled" })],
  "race member moved": [race(a, b), race(b, a)],
  "branch arm": [record.branch("k", { x: a, y: b }), record.branch("k", { x: a, y: c })],
  "branch on": [record.branch("k", { x: a }, b), record.branch("j", { x: a }, b)],
  "branch otherwise": [record.branch("k", { x: a }, b), record.branch("k", { x: a }, c)],
  "branch on another": [any(record.branch("j", { x: a, y: b })), record.branch("k", { x: a, y: b })],
  "otherwise gone": [
    flow(make.branch({ code: cel("value.k") }, ["x"], [a.node], c.node)),
    flow(make.branch({ code: cel("value.k") }, ["x"], [a.node], undefined)),
  ],
  "branch case came": [record.branch("k", { x: a }, b), record.branch("k", { x: a, y: c }, b)],
  route: [route(tag("x"), { x: b, y: c }), route(tag("y"), { x: b, y: c })],
  loop: [loop(turn, { max: 3 }), loop(turn, { max: 5, exhausted: "last" })],
  "loop body": [loop(turn, { max: 3 }), loop(other, { max: 3 })],
  "loop until": [
    flow(make.loop(make.until(a.node, cel("value.ok")))),
    flow(make.loop(make.until(a.node, cel("value.fine")))),
  ],
  traverse: [traverse(a), traverse(a, { concurrency: 4, atLeast: 2 })],
  "traverse body": [traverse(a), traverse(b)],
  "graph member": [graph({ x: { flow: a } }), graph({ x: { flow: a }, y: { dependsOn: ["x"], flow: b } })],
  "graph depends": [
    graph({ x: { flow: a }, y: { flow: b } }),
    graph({ x: { flow: a }, y: { dependsOn: ["x"], flow: b } }),
  ],
  call: [call("one", a), call("two", a)],
  suspend: [suspend("ok", z.boolean()), pure(1)],
  flatMap: [
    a.flatMap(
      named("pick", () => b),
      { among: [b, c] },
    ),
    a.flatMap(
      named("choose", () => b),
      { among: [b, c] },
    ),
  ],
  "flatMap among": [
    a.flatMap(
      named("pick", () => b),
      { among: [b, c] },
    ),
    a.flatMap(
      named("pick", () => b),
      { among: [b, a] },
    ),
  ],
  override: [
    asked({ model: "m", maxTokens: 5, prompt: template("${value}") }),
    asked({ model: "n", temperature: 0.5, systemPrompt: template("Be  brief,\n please") }),
  ],
  "bind name gone": [letIn("v", a, () => b), a.andThen(b)],
  "moved step": [a.andThen(b).andThen(c), c.andThen(a).andThen(b)],
  swap: [a.andThen(b), b.andThen(a)],
  "two same agents": [a.andThen(a).andThen(b), a.timeout(5).andThen(a.timeout(7)).andThen(b)],
  element: [split(a, b), split(b, a)],
  "long map": [lift(template("x".repeat(100))), lift(template("y".repeat(100)))],
  constant: [pure({ a: "x".repeat(70) }), pure({ b: 1 })],
  "step 10": [steps(ask("s10")), steps(ask("s10").timeout(5))],
  "id seq": [a.andThen(b).id("part").andThen(c), a.andThen(c).id("part").andThen(c)],
  "path before": [a.andThen(b.timeout(5)), c.andThen(a).andThen(b.timeout(7))],
  "replaced elsewhere": [a.andThen(pure(1)), c.andThen(c).andThen(a).andThen(sleep(5))],
  "layers swap partly": [a.timeout(5).retry({ times: 1 }).guard(cel("value.ok")), a.guard(cel("value.ok")).timeout(5)],
  "moved with a namesake": [
    a.timeout(1).andThen(a.timeout(2)).andThen(b).andThen(c).andThen(b),
    b.andThen(c).andThen(b).andThen(a.timeout(2)).andThen(a.timeout(3)),
  ],
  "found by the id within": [a.id("x").timeout(5).andThen(b), b.andThen(c.id("x").timeout(5))],
  "moved into a let of a group": [
    group(make.seq([a.node, make.letIn("v", b.node, make.seq([c.node, c.node]))])),
    group(make.letIn("v", b.node, make.seq([a.node, c.node, c.node]))),
  ],
  "a field as an expression": [
    flow(make.branch({ key: "k" }, ["x"], [a.node], undefined)),
    flow(make.branch({ code: cel("value.k") }, ["x"], [b.node], undefined)),
  ],
  "hole first": [lift(template("${value.x} end")), lift(template("${ value.y }"))],
  "constant that is no JSON": [pure(3n), pure(4n)],
  "data in lists": [
    fail({ code: "x", message: "m", data: [{ a: 1 }] }),
    fail({ code: "x", message: "m", data: [{ a: 2 }, 3] }),
  ],
  "loop for a race": [loop(turn, { max: 3 }), race(a, b)],
  "branch for an ask": [record.branch("k", { x: a, y: b }), a],
  "ask for a branch": [a, record.branch("k", { x: a, y: b })],
  "called flow with a deadline": [a.andThen(call("one", b).timeout(5)), a.andThen(call("one", b).timeout(6))],
  "two of other kinds": [zip(sleep(1), a), zip(b, sleep(2))],
  "elements of a split": [split(a, b), split(a.timeout(5), b)],
  "no step where there was one": [zip(a, b), zip(F.identity<unknown>(), b)],
}
