import * as fc from "fast-check"
import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import { faultTags } from "../../src/data/fault.js"
import type { Json } from "../../src/data/json.js"
import { jsonSchema } from "../../src/data/schema.js"
import { flow, named } from "../../src/flow/build.js"
import { attempted, attemptFailed, extend, withState } from "../../src/flow/builtin.js"
import { markOf } from "../../src/flow/hash.js"
import * as make from "../../src/flow/make.js"
import type { Branch, Code, Count, Fn, Node } from "../../src/flow/node.js"
import type { AnyFlow } from "../../src/flow/types.js"
import { cel, template } from "../../src/expr/index.js"
import { type Registry, registry } from "../../src/serde/index.js"

const fns = ["inc", "merge", "is ok", "${odd}", "fn"].map((name) => named(name, (value: unknown) => value))
const agents: AnyAgentRef[] = ["editor", "no", "1", "fact-check"].map((name) => ({ _tag: "AgentRef", name }))

const called: ReadonlyArray<readonly [name: string, flow: AnyFlow]> = [
  ["plain", flow(make.agent(agents[0] ?? { _tag: "AgentRef", name: "editor" }))],
  ["a b/@c", flow(make.letIn("x", make.pure({ _tag: "Constant", value: 1 }), make.pure({ _tag: "Name", name: "x" })))],
]

/** What the random flows name. */
export const names: Registry = registry({ agents, functions: fns, flows: Object.fromEntries(called) })

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

const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined })

/** A record without the fields that are undefined. */
const given = <T extends object>(record: T): { [k in keyof T]?: Exclude<T[k], undefined> } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [k in keyof T]?: Exclude<T[k], undefined>
  }

const faults = some(fc.subarray([...faultTags], { minLength: 1 }))
const amount = fc.integer({ min: 1, max: 1000 })

const policy = fc
  .record({
    times: some(fc.oneof(count, fc.constant(0))),
    backoff: some(fc.constantFrom("constant" as const, "exponential" as const)),
    base: some(ms),
    max: some(ms),
    jitter: some(fc.boolean()),
    on: faults,
  })
  .map(given)
  .filter(({ base = 0, max = 60_000 }) => base <= max)

const limits = fc
  .record({
    concurrency: some(amount),
    calls: some(amount),
    tokens: some(amount),
    usd: some(fc.double({ min: 0, max: 9, noNaN: true })),
  })
  .map(given)
  .map((limits) => ({ calls: 3, ...limits }))

const answers = fc.constantFrom(
  jsonSchema(true),
  jsonSchema({ type: "string", minLength: 1 }),
  jsonSchema({ type: "object", properties: { ok: { type: "boolean" } } }),
)
const suspends = fc
  .tuple(
    fc.oneof(
      text.filter((name) => name !== ""),
      fc.constantFrom("${x}", "a ${value.id}", "${value}").map(template),
    ),
    answers,
  )
  .filter(([name]) => typeof name === "string" || !name.names.includes("x"))
  .map(([name, schema]) => make.suspend(name, schema))

/** Members, each of which depends on some of those before it. */
const graphs = (k: fc.Arbitrary<Node>): fc.Arbitrary<Node> =>
  fc.array(fc.tuple(k, fc.array(fc.nat(2), { maxLength: 2 })), { minLength: 1, maxLength: 3 }).chain((members) =>
    unique(members.length).map((keys) => {
      const ids = inJavaScriptOrder(keys)
      return make.graph(
        members.map(([of, back], i) => ({
          id: ids[i] ?? "",
          of,
          dependsOn: [...new Set(back.filter((j) => j < i).map((j) => ids[j] ?? ""))],
        })),
      )
    }),
  )

/** What the derived constructors make. */
const derived = (k: fc.Arbitrary<Node>, bound: readonly string[]): fc.Arbitrary<Node> =>
  fc.oneof(
    fc.array(k, { minLength: 1, maxLength: 3 }).map(make.split),
    k.map((of) => make.attempt(of, attempted, attemptFailed)),
    k.map((of) => make.seq([make.all([make.seq([]), of]), make.pure(extend("n"))])),
    fc
      .tuple(k, code(bound), count)
      .map(([body, state, max]) =>
        make.unit([
          make.all([make.seq([]), make.pure(state)]),
          make.loop(make.unit([body, make.pure(withState)]), max),
        ]),
      ),
  )

/** What goes around a step. */
const decorated = (k: fc.Arbitrary<Node>): fc.Arbitrary<Node> =>
  fc.oneof(
    fc.tuple(k, policy).map(([of, said]) => make.retry(of, said)),
    fc.tuple(k, limits).map(([of, said]) => make.limit(of, said)),
    fc.tuple(k, predicate).map(([of, code]) => make.guard(of, { code })),
    fc.tuple(k, k).map(([of, by]) => make.guard(of, { by })),
    fc.tuple(k, k, fc.constantFrom("tap" as const, "notify" as const)).map(([of, to, how]) => make.divert(of, to, how)),
    fc.tuple(k, k, some(predicate)).map(([of, to, when]) => make.divert(of, to, "divertTo", when)),
  )

function node(depth: number, bound: readonly string[]): fc.Arbitrary<Node> {
  const leaf = fc.oneof(
    code(bound).map(make.pure),
    fc.constantFrom(...agents).map((ref) => make.agent(ref)),
    fc.record({ code: text, message: text }).map(make.fail),
    fc.record({ code: text, message: text, data: json, retry: fc.boolean() }).map(make.fail),
    fc.constant(make.seq([])),
    fc.constantFrom(...called).map(([name, of]) => make.call(name, of.node)),
    ms.map(make.sleep),
    suspends,
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
    decorated(k),
    derived(k, bound),
    graphs(k),
    fc
      .tuple(k, some(amount), some(count))
      .map(([of, concurrency, n]) => make.traverse(of, given({ concurrency, atLeast: n }))),
    fc
      .tuple(k, fn, some(fc.uniqueArray(leaf, { minLength: 1, maxLength: 3, selector: markOf })))
      .map(([of, using, among]) => make.flatMap(of, using, among)),
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
