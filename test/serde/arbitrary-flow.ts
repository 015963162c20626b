import * as fc from "fast-check"
import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import { faultTags } from "../../src/data/fault.js"
import type { Json } from "../../src/data/json.js"
import { flow, named } from "../../src/flow/build.js"
import { extend } from "../../src/flow/builtin.js"
import * as make from "../../src/flow/make.js"
import type { Branch, Code, Count, Fn, Node } from "../../src/flow/node.js"
import type { AnyFlow } from "../../src/flow/types.js"
import { cel, template } from "../../src/expr/index.js"
import { type Registry, registry } from "../../src/serde/index.js"

const fns = ["inc", "merge", "is ok", "${odd}", "fn"].map((name) => named(name, (value: unknown) => value))
const agents: AnyAgentRef[] = ["editor", "no", "1", "fact-check"].map((name) => ({ _tag: "AgentRef", name }))

/** What the random flows name. */
export const names: Registry = registry({ agents, functions: fns })

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    "${x}",
    "$${x}",
    "$",
    "yes",
    "null",
    "1.0",
    "- a",
    "a: b",
    "",
    " x ",
    "a\nb\n",
    "é☃",
    "#c",
    "'",
    '"',
    "~",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
)
const key = text.filter((name) => name !== "__proto__")

const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(key, fc.constantFrom("fn", "$fn", "$$fn")), tie("json"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).json

const fn: fc.Arbitrary<Fn> = fc.oneof(fc.constantFrom(...fns), fc.constant(extend("n")))
const celText = fc.constantFrom(
  "value.ok",
  "value == 'a'",
  "size(value.notes) > 0",
  "true",
  'value.x + "}"',
  "{'a': 1}.a == 1",
)
const predicate = fc.oneof(fn, celText.map(cel))
const holes = fc.constantFrom<Json>(
  "${value.a}",
  { a: "${value}", b: ["$${no} ${input}"] },
  "many ${params.x}\nlines",
  { fn: "${value.fn}" },
  { $fn: "${value}" },
  ["${value['a-b']}"],
)
const code = (bound: readonly string[]): fc.Arbitrary<Code> =>
  fc.oneof(
    fn,
    holes.map((source) => template(source)),
    celText.map(cel),
    json.map((value): Code => ({ _tag: "Constant", value })),
    ...(bound.length === 0 ? [] : [fc.constantFrom(...bound).map((name): Code => ({ _tag: "Name", name }))]),
  )

const count: fc.Arbitrary<Count> = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.constant<Count>({ _tag: "Param", name: "tries" }),
)
const ms = fc.integer({ min: 0, max: 100_000 })
const unique = (n: number): fc.Arbitrary<string[]> => fc.uniqueArray(key, { minLength: n, maxLength: n })
const inJavaScriptOrder = (keys: readonly string[]): string[] =>
  Object.keys(Object.fromEntries(keys.map((k) => [k, 0])))

/** Ids are unique within a sequence: two alike must stay as unlikely when an example is shrunk. */
const ids = fc.noBias(fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }))).map((n) => `b/${n}`)

function node(depth: number, bound: readonly string[]): fc.Arbitrary<Node> {
  const leaf = fc.oneof(
    code(bound).map(make.pure),
    fc.constantFrom(...agents).map((ref) => make.agent(ref)),
    fc.record({ code: text, message: text }).map(make.fail),
    fc.record({ code: text, message: text, data: json, retry: fc.boolean() }).map(make.fail),
    fc.constant(make.seq([])),
  )
  if (depth === 0) return leaf
  const k = fc.constant(0).chain(() => node(depth - 1, bound))
  const members = fc.array(k, { minLength: 1, maxLength: 3 })
  const fresh = `x${depth}_${bound.length}`
  const within = fc.constant(0).chain(() => node(depth - 1, [...bound, fresh]))
  const plain = fc.oneof(
    leaf,
    fc.array(k, { maxLength: 4 }).map(make.seq),
    fc.tuple(k, within).map(([of, body]) => make.letIn(fresh, of, body)),
    members.map((of) => make.all(of)),
    members.chain((of) => unique(of.length).map((keys) => make.all(of, inJavaScriptOrder(keys)))),
    fc.tuple(members, fc.constantFrom("success" as const, "settled" as const)).map(([of, wins]) => make.race(of, wins)),
    members.chain((of) =>
      fc.integer({ min: 1, max: of.length }).chain((n) =>
        fc
          .tuple(
            fc.option(unique(of.length), { nil: undefined }),
            fc.option(ms, { nil: undefined }),
            fc.boolean(),
            fc.boolean(),
          )
          .map(([keys, grace, required, hedged]) =>
            make.atLeast(n, of, keys && inJavaScriptOrder(keys), {
              settle: "quorum",
              ...(grace === undefined ? {} : { grace }),
              ...(required ? { required: [0] } : {}),
              ...(hedged ? { hedge: { after: 10, max: 2 } } : {}),
            }),
          ),
      ),
    ),
    fc
      .tuple(members, selector(k), fc.option(k, { nil: undefined }))
      .chain(([arms, on, otherwise]) => unique(arms.length).map((tags) => make.branch(on, tags, arms, otherwise))),
    fc
      .tuple(k, count, fc.constantFrom("fail" as const, "last" as const))
      .map(([body, max, end]) => make.loop(body, max, end)),
    fc.tuple(k, predicate, count).map(([body, when, max]) => make.loop(make.until(body, when), max)),
    fc.tuple(k, ms).map(([of, time]) => make.within(of, time)),
    fc
      .tuple(
        k,
        k,
        fc.constantFrom("fault" as const, "input" as const),
        fc.option(fc.subarray([...faultTags], { minLength: 1 }), { nil: undefined }),
      )
      .map(([of, handler, gets, on]) => make.recover(of, handler, gets, on)),
    fc.tuple(code(bound), k).map(([input, step]) => make.prepare(input, step)),
  )
  return fc
    .tuple(plain, fc.option(ids, { nil: undefined, freq: 6 }), fc.option(text, { nil: undefined, freq: 6 }))
    .map(([made, id, note]) => {
      const noted = note === undefined ? made : make.withNote(made, note)
      return id === undefined ? noted : make.withId(noted, id)
    })
}

const selector = (k: fc.Arbitrary<Node>): fc.Arbitrary<Branch["on"]> =>
  fc.oneof(
    fc.oneof(fc.constantFrom("kind", "in", "a-b", ""), text).map((key) => ({ key })),
    predicate.map((code) => ({ code })),
    k.map((by) => ({ by })),
  )

/** Random flows whose functions are all named, closed, with every node and decorator in any nesting. */
export const anyFlow: fc.Arbitrary<AnyFlow> = fc
  .integer({ min: 0, max: 4 })
  .chain((depth) => node(depth, []))
  .map((made) => flow(made))
