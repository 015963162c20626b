import * as fc from "fast-check"
import { jsonSchema } from "../../../src/data/schema.js"
import { cel, template } from "../../../src/expr/index.js"
import * as make from "../../../src/flow/make.js"
import type { Fn, Node } from "../../../src/flow/node.js"
import { type Any, of, ref } from "./parts.js"

/** Names that a label must carry whole: what Mermaid, its markdown and HTML give a meaning to. */
/** @public the drawing tests in engines/ name boxes so */
export const nasty: readonly string[] = [
  "end",
  'say "hi"',
  "[a] (b) {c}",
  "<b>bold</b> & <script>",
  "`code` **b** __x__ $$y$$",
  "two\nlines\r\nand\ttabs",
  "数 é 🙂 \u202Eright",
  "%%{init: {}}%%",
  "style a fill:#fff; click b",
  "subgraph x",
  "1. one - two",
  "a --> b |c| -.-> d",
  "#35;&amp;",
  "x".repeat(10_000),
]

const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...nasty) },
  { weight: 2, arbitrary: fc.constantFrom("writer", "critic", "scholar") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 12 }) },
)
const fn: fc.Arbitrary<Fn> = text.map((name) => ({ _tag: "Fn", name, run: (x: unknown) => x }))
const keys = (count: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(text, { minLength: count, maxLength: count, comparator: "IsStrictlyEqual" })

/** Random flows of every node, only to be looked at: their names are whatever a label may have to bear. */
export function anyFlow(): fc.Arbitrary<Any> {
  const { flow } = fc.letrec<{ flow: Node }>((tie) => {
    const k = tie("flow")
    const few = fc.array(k, { minLength: 1, maxLength: 3 })
    const keyed = few.chain((nodes) => keys(nodes.length).map((names) => ({ nodes, names })))
    const leaf = fc.oneof(
      text.map((name) => make.agent(ref(name))),
      text.map((name) => make.agent(ref(name), { model: name, prompt: template("${value}") })),
      fn.map((code) => make.pure(code)),
      text.map((value) => make.pure({ _tag: "Constant", value: { value } })),
      text.map((key) => make.pure(template({ [key]: "${value}" }))),
      text.map((message) => make.fail({ code: "odd", message })),
      fc.constant(make.seq([])),
      text.map((name) => make.suspend(name, jsonSchema(true))),
      fc.nat(100_000).map((ms) => make.sleep(ms)),
      text.map((name) => make.call(name)),
    )
    const inner = fc.oneof(
      few.map((nodes) => make.seq(nodes)),
      few.map((nodes) => make.split(nodes)),
      fc.tuple(k, k).map(([one, other]) => make.letIn("x", one, other)),
      few.map((nodes) => make.all(nodes)),
      keyed.map(({ nodes, names }) => make.all(nodes, names)),
      keyed.map(({ nodes, names }) => make.atLeast(1, nodes, names, { hedge: { after: 5, max: 2 } })),
      few.map((nodes) => make.atLeast(1, nodes, undefined, { settle: "quorum", grace: 5, required: [0] })),
      few.map((nodes) => make.race(nodes)),
      fc.tuple(keyed, k).map(([{ nodes, names }, rest]) => make.branch({ code: cel("value.x") }, names, nodes, rest)),
      fc.tuple(keyed, k).map(([{ nodes, names }, by]) => make.branch({ by }, names, nodes, undefined)),
      fc.tuple(k, k).map(([one, other]) => make.recover(one, other, "fault", ["TimedOut"])),
      k.map((node) => make.loop(node, 3, "last")),
      fc.tuple(k, fn).map(([node, when]) => make.loop(make.until(node, when))),
      k.map((node) => make.within(node, 5)),
      k.map((node) => make.retry(node, { on: ["TimedOut"] })),
      k.map((node) => make.limit(node, { calls: 3, usd: 0.5 })),
      fc
        .tuple(k, k, fc.constantFrom("tap", "notify", "divertTo"))
        .map(([node, side, how]) => make.divert(node, side, how)),
      fc.tuple(k, fn).map(([node, when]) => make.divert(node, node, "divertTo", when)),
      fc.tuple(k, fn).map(([node, code]) => make.guard(node, { code })),
      fc.tuple(k, k).map(([node, by]) => make.guard(node, { by })),
      fc.tuple(k, fn).map(([node, using]) => make.flatMap(node, using, undefined)),
      fc.tuple(k, fn, few).map(([node, using, among]): Node => {
        const marks = among.map((_, i) => `0000000${i}`)
        return { _tag: "FlatMap", of: node, using, among, marks }
      }),
      k.map((node) => make.traverse(node, { concurrency: 4, atLeast: 2 })),
      keyed.map(({ nodes, names }) =>
        make.graph(nodes.map((node, i) => ({ id: names[i] ?? "", of: node, dependsOn: names.slice(0, i) }))),
      ),
      fc.tuple(text, k).map(([name, node]) => make.seq([make.call(name, node), make.call(name, node)])),
      fc.tuple(k, text).map(([node, id]) => make.withId(node, id)),
      fc.tuple(k, text).map(([node, note]) => make.withNote(node, note)),
    )
    return { flow: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, inner) }
  })
  return flow.map(of)
}
