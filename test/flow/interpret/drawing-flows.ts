import { cel, template } from "../../../src/expr/index.js"
import * as F from "../../../src/flow/index.js"
import type { Detail } from "../../../src/flow/interpret/mermaid-sketch.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"
import { type Any, ask, nested, of, ref } from "./parts.js"

const same = F.identity()
const does = (name: string): Any => of(make.pure({ _tag: "Fn", name, run: (x: unknown) => x }))
const row = (...steps: readonly Any[]): Any => of(make.seq(steps.map(({ node }) => node)))
const agents = (...names: readonly string[]): Any[] => names.map((name) => ask(name))
const fns = (count: number): Any[] => Array.from({ length: count }, (_, i) => does(`f${i}`))
const all = (members: Readonly<Record<string, Any>>): Any => F.zipAll(members)
const list = (...members: readonly Any[]): Any => of(make.all(members.map(({ node }) => node)))
const each = (body: Any): Any => of(make.traverse(body.node, {}))
const bound = (name: string, what: Any): Any => of(make.letIn(name, what.node, same.node))
const recovered = ask("a").recoverWith(ask("b"))
const branch = (...tags: readonly string[]): Any =>
  of(
    make.branch(
      { key: "kind" },
      tags,
      tags.map((tag) => ask(tag).node),
      undefined,
    ),
  )
const unit = (...steps: readonly Any[]): Any => of(make.unit(steps.map(({ node }) => node)))
const chosen = (before: Any, ...among: readonly Any[]): Any => {
  const using = { _tag: "Fn", name: "pick", run: () => same } as const
  const marks = among.map((_, i) => `${i}`)
  return of({ _tag: "FlatMap", of: before.node, using, among: among.map(({ node }) => node), marks } satisfies Node)
}
const four = F.graph({
  w: { flow: ask("w") },
  x: { dependsOn: ["w"], flow: ask("x") },
  y: { dependsOn: ["w", "x"], flow: ask("y") },
  z: { dependsOn: ["x", "y"], flow: ask("z") },
} as never) as Any
const three = F.graph({
  w: { flow: ask("w") },
  x: { dependsOn: ["w"], flow: ask("x") },
  y: { dependsOn: ["w", "x"], flow: ask("y") },
} as never) as Any
const inner = all({ p: same, q: same, r: ask("a") })
const sum = F.call("sum", row(...agents("a", "b")))
const two = row(...agents("a", "b"))

/** Small flows, the detail that each is drawn in, and what its reader is promised. */
export const drawings: Readonly<Record<string, readonly [Any, Partial<Detail>?]>> = {
  // Loops.
  "a turn of several beginnings stands in a frame": [of(make.loop(all({ q: same, x: ask("a") }).node, 3))],
  "a turn that begins with a frame stands in a frame": [of(make.loop(row(each(ask("a")), ask("b")).node, 3))],
  "a turn that is one frame needs no other": [of(make.loop(each(ask("a")).node, 3))],
  "a turn of nothing": [of(make.loop(same.node, 3))],
  "a turn of a recovery": [of(make.loop(recovered.node, 3))],
  "the question of a loop is its last step": [
    of(make.loop(make.until(row(...agents("a", "b")).node, cel("value.ok")), 3)),
  ],
  // Steps with names.
  "a sequence with an id": [of({ ...row(...agents("a", "b")).node, id: "here" })],
  "a sequence with a remark": [of({ ...row(...agents("a", "b")).node, note: "why" })],
  "a sequence with an id and a remark": [of({ ...row(...agents("a", "b")).node, id: "here", note: "why" })],
  "an agent whose id is its name": [ask("a").id("a")],
  "a recovery with an id": [
    row(...agents("a", "b"))
      .recoverWith(ask("c"))
      .id("here"),
  ],
  "a recovery with a remark": [
    row(...agents("a", "b"))
      .recoverWith(ask("c"))
      .note("why"),
  ],
  "a recovery of one step with both": [recovered.id("here").note("why")],
  "a prompt of one's own": [of(make.agent(ref("a"), { prompt: template("p") }))],
  "a system prompt of one's own": [of(make.agent(ref("a"), { systemPrompt: template("p") }))],
  "a model of one's own": [of(make.agent(ref("a"), { model: "m" }))],
  "names on both ends of an arrow": [row(bound("x", ask("a")), all({ q: same, r: ask("b") }))],
  "a name on an arrow keeps pure steps apart": [row(bound("x", does("f")), does("g"))],
  "pure steps in a box, and the name of the last": [row(does("f"), bound("x", does("g")))],
  "pure steps after two ends": [row(recovered, does("f"), does("g"))],
  "four pure steps in two boxes": [row(...fns(4))],
  "an agent with a model and an id": [of(make.withId(make.agent(ref("a"), { model: "m" }), "here"))],
  // Units of a path.
  "a unit of one pure step": [unit(does("f"), same)],
  "a unit that counts a list and does nothing": [unit(of(make.pure({ _tag: "Arity", size: 2 })), same)],
  "a unit that counts a list and asks": [unit(of(make.pure({ _tag: "Arity", size: 2 })), ask("a"))],
  "a unit of a pure step and a frame": [unit(does("f"), each(ask("a")))],
  // Members side by side.
  "members without a frame": [all({ x: row(...fns(3)), y: same, z: ask("a") })],
  "members without names or a frame": [list(same, ask("a"))],
  "four pure steps are a part": [all({ x: row(...fns(4)), y: ask("a") })],
  "four members without a frame": [all({ w: does("f"), x: same, y: same, z: ask("a") })],
  "five members in a frame": [list(same, same, same, same, ask("a"))],
  "two agents in a frame": [all({ x: ask("a"), y: ask("b") })],
  "members with an id": [all({ x: does("f"), y: ask("a") }).id("here")],
  "members with a remark": [all({ x: does("f"), y: ask("a") }).note("why")],
  "four arrows in": [all({ w: same, n: inner })],
  "five arrows in": [all({ v: same, w: same, n: inner })],
  "members that are called as they are": [
    all({ a: ask("a"), see: ask("b").id("see"), x: row(...agents("c", "d")), y: each(ask("e")) }),
  ],
  "members of several beginnings": [F.race(inner, ask("b"))],
  "for each, of several beginnings": [each(all({ q: same, r: ask("a") }))],
  "a quorum that some must answer": [
    of(
      make.atLeast(
        2,
        agents("a", "b").map(({ node }) => node),
        undefined,
        { settle: "quorum", required: [0, 1] },
      ),
    ),
  ],
  // Around, beside and behind.
  "a side flow of two ends": [recovered.tap(ask("log"))],
  "the same words once": [ask("a").timeout(5).timeout(5).timeout(6)],
  "a guard of what arrives": [same.guard(cel("value.ok"))],
  "a guard of what arrives, with a remark": [of({ ...same.guard(cel("value.ok")).node, id: "here", note: "why" })],
  "a guard of an answer, with a remark": [of({ ...ask("a").guard(cel("value.ok")).node, note: "why" })],
  "a guard of what arrives, by a flow": [of(make.guard(same.node, { by: ask("judge").node }))],
  "a choice for what arrives": [chosen(same, ask("a"), ask("b"))],
  "a choice, with a remark": [of({ ...chosen(same, ask("a")).node, note: "why" })],
  "calls that are not linked": [F.call("elsewhere").andThen(F.call("elsewhere"))],
  "calls of nothing": [F.call("none", same).andThen(F.call("none", same))],
  "calls, each": [row(sum, sum), { calls: "each" }],
  "calls, once": [row(sum, sum), { calls: "once" }],
  "calls, closed": [row(sum, F.call("one", ask("a")), sum), { calls: "closed" }],
  "a call that is not linked, of the shown": [F.call("elsewhere"), { calls: "closed" }],
  // Less wide.
  "as many steps as are shown": [row(...agents("a", "b", "c")), { wide: 3 }],
  "the middle of four steps": [row(...agents("a", "b", "c", "d")), { wide: 3 }],
  "the middle of six steps": [row(...agents("a", "b", "c", "d", "e", "f")), { wide: 4 }],
  "the middle of eight steps": [row(...agents("a", "b", "c", "d", "e", "f", "g", "h")), { wide: 5 }],
  "as many cases as are shown": [branch("a", "b", "c"), { wide: 3 }],
  "more cases": [branch("a", "b", "c", "d"), { wide: 3 }],
  "as many members as are shown": [F.race(...agents("a", "b", "c")), { wide: 3 }],
  "more members": [F.race(...agents("a", "b", "c", "d")), { wide: 3 }],
  "four members that do not fit": [all({ w: same, x: same, y: same, z: ask("a") }), { wide: 3 }],
  "a graph that is shown": [three, { wide: 3 }],
  "a graph of more": [four, { wide: 3 }],
  "three pure steps": [row(...fns(3)), { wide: 9 }],
  "four pure steps": [row(ask("a"), ...fns(4), ask("b")), { wide: 9 }],
  "four pure steps and their name": [row(...fns(3), bound("x", does("g")), ask("b")), { wide: 9 }],
  "pure steps among those left out": [row(...agents("a", "b"), ...fns(3), ...agents("c", "d")), { wide: 3 }],
  // Less deep.
  "as deep as is shown": [row(each(two), ask("c")), { deep: 1 }],
  "as deep as is shown, by name": [row(each(two).id("here"), ask("c")), { deep: 1 }],
  "a call that is not linked is a step": [
    F.race(row(each(row(F.call("elsewhere"), ask("a"))), ask("b")), ask("c")),
    { deep: 1 },
  ],
  "a step is drawn however deep": [F.race(F.race(ask("a"), ask("b")), ask("c")), { deep: 1 }],
  "a part too deep": [F.race(F.race(each(two), ask("b")), ask("c")), { deep: 1 }],
  "as deep as is shown, of two": [F.race(F.race(each(two), ask("b")), ask("c")), { deep: 2 }],
  "a part too deep, of two": [F.race(F.race(F.race(each(two), ask("b")), ask("c")), ask("d")), { deep: 2 }],
  "a try too deep is a part": [F.race(row(ask("a").retry({}), ask("b")), ask("c")), { deep: 1 }],
  "a recovery too deep": [F.race(F.race(row(recovered, ask("b")), ask("d")), ask("c")), { deep: 1 }],
  "words around a part too deep": [F.race(row(each(two).timeout(5), ask("c")), ask("d")), { deep: 1 }],
  "pure steps of one box count each": [F.race(row(each(row(...fns(3))), ask("b")), ask("c")), { deep: 1 }],
  "eight in one level": [nested(9, two, each), { deep: 1 }],
  "nine in one level": [nested(10, two, each), { deep: 1 }],
  "nine in two levels": [nested(10, two, each), { deep: 2 }],
  // Long paths.
  "a path that is an identifier, and one too long": [row(ask("a").id("x".repeat(100)), ask("b").id("y".repeat(101)))],
  "two paths too long": [row(ask("a").id("x".repeat(101)), ask("b").id("y".repeat(1_001)))],
}
