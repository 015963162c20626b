import { describe, expect, it } from "vitest"
import { z } from "zod"
import * as F from "../../src/flow/index.js"
import { layer, moa } from "../../src/moa/index.js"
import { cel } from "../../src/serde/index.js"
import { stage, valueOf } from "./recording.js"

// What plain JavaScript may hand over: every argument of every constructor and method, one after the other, is replaced by
// what it is not. Either it is refused in words, or what is built is a flow that can be read through.

const one = F.pure(1)
const ref = { _tag: "AgentRef", name: "a" }
const list = F.pure([1, 2])
const tagged = F.pure({ kind: "a" })
const layered = layer({ proposers: [one], aggregator: one })

const constructors: Readonly<Record<string, readonly [build: object, ...args: readonly unknown[]]>> = {
  agent: [F.agent, ref],
  atLeast: [F.atLeast, 1, [one, list], { settle: "quorum", grace: 5, required: [0], hedge: { after: 1, max: 1 } }],
  "atLeast by name": [F.atLeast, 1, { a: one, b: list }, { required: ["a"] }],
  call: [F.call, "other", one],
  fail: [F.fail, { code: "shut", message: "it is night", retry: true }],
  graph: [F.graph, { a: { flow: one }, b: { flow: one, dependsOn: ["a"] } }],
  identity: [F.identity],
  layer: [layer, { proposers: [one, ref], aggregator: ref, quorum: 1, timeout: 5, prompt: () => "" }],
  "layer by name": [layer, { proposers: { a: one, b: ref }, aggregator: one }],
  letIn: [F.letIn, "x", one, (x: F.AnyFlow) => x],
  lift: [F.lift, () => 1],
  loop: [F.loop, one, { max: 3, exhausted: "last" }],
  loopWithState: [F.loopWithState, one, { initial: 0, max: 3 }],
  moa: [moa, [layered]],
  named: [F.named, "f", () => 1],
  pure: [F.pure, 1],
  race: [F.race, one, list],
  "race with options": [F.race, [one, list], { wins: "settled" }],
  route: [F.route, F.pure("a"), { a: one }],
  sleep: [F.sleep, 5],
  split: [F.split, one, list],
  suspend: [F.suspend, "approval", z.boolean()],
  "suspend with a JSON Schema": [F.suspend, cel("value"), { type: "string" }],
  traverse: [F.traverse, one, { concurrency: 2, atLeast: 1 }],
  zip: [F.zip, one, list],
  zipAll: [F.zipAll, [one, list]],
  "zipAll by name": [F.zipAll, { a: one, b: list }],
}

const methods: Readonly<Record<string, readonly unknown[]>> = {
  andThen: [one],
  attempt: [],
  bind: ["x", one],
  branch: ["kind", { a: one }, one],
  branchOn: [() => true, one, list],
  divertTo: [one, () => true],
  fallbackTo: [one],
  filter: [() => true],
  flatMap: [() => one, { among: [one, list] }],
  guard: [() => true],
  id: ["step"],
  limit: [{ concurrency: 1, calls: 2, tokens: 3, usd: 0.5 }],
  map: [() => 1],
  note: ["a remark"],
  notify: [one],
  race: [one],
  recover: [() => 1],
  recoverTag: ["TimedOut", one],
  recoverWith: [one],
  retry: [{ times: 1, backoff: "constant", base: 1, max: 2, jitter: false, on: ["TimedOut"] }],
  tap: [one],
  timeout: [5],
  zip: [one],
}

// oxlint-disable-next-line no-sparse-arrays
const holes: readonly unknown[] = [, 1]
const slips: readonly unknown[] = [
  undefined,
  null,
  true,
  7,
  -1,
  NaN,
  10n,
  "",
  "text",
  Symbol("s"),
  new Date(0),
  () => 1,
  {},
  [],
  [1],
  holes,
  [undefined],
  { node: 1 },
  { _tag: "Fn" },
  { a: 1 },
  { a: null },
  Object.create(null),
  ref,
]

/** Every value with one of its parts, however deep, in the place of which something else stands. */
function* slipped(value: unknown): Generator {
  yield* slips
  if (Array.isArray(value)) {
    for (const i of value.keys()) for (const slip of slipped(value[i])) yield value.with(i, slip)
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, part] of Object.entries(value)) for (const slip of slipped(part)) yield { ...value, [key]: slip }
  }
}

const isFlow = (made: unknown): made is F.AnyFlow => typeof made === "object" && made !== null && "node" in made

/** Reads a flow through, as an interpreter would; what does not hold as a whole is refused there. */
function read(flow: F.AnyFlow): void {
  for (const through of [F.hash, F.explain, F.toMermaid, F.check, F.normalize, F.cost]) through(flow)
}

function tried(build: () => unknown): void {
  try {
    const made = build()
    if (isFlow(made)) read(made)
  } catch (error) {
    expect(error).toBeInstanceOf(F.InvalidFlow)
    expect(error).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), path: expect.any(String) })
    expect((error as Error).message).toMatch(/\S/)
  }
}

const apply = (build: unknown, args: readonly unknown[], on?: unknown): unknown => {
  if (typeof build !== "function") throw new Error("no function of this name")
  return Reflect.apply(build, on, args)
}

const call = (method: string, args: readonly unknown[]): unknown => apply(Reflect.get(one, method), args, one)

type Call = readonly [name: string, build: (args: readonly unknown[]) => unknown, args: readonly unknown[]]
const elsewhere: Readonly<Record<string, string>> = { zip: "zipWith", race: "raceWith" }
const calls: readonly Call[] = [
  ...Object.entries(constructors).map(([name, [build, ...args]]): Call => [name, (given) => apply(build, given), args]),
  ...Object.entries(methods).map(([name, args]): Call => {
    const method: unknown = Reflect.get(tagged, name)
    return [`.${name}`, (given) => apply(method, given, tagged), args]
  }),
  ...Object.entries(methods).map(([name, args]): Call => {
    const method: unknown = Reflect.get(F, elsewhere[name] ?? name)
    return [`${name}, data-last`, (given) => apply(apply(method, given), [tagged]), args]
  }),
]

describe("is refused in words, or is a flow that can be read", () => {
  it.each(calls)("%s", (_, build, args) => {
    build(args)
    for (let count = 0; count < args.length; count++) tried(() => build(args.slice(0, count)))
    for (const i of args.keys()) for (const slip of slipped(args[i])) tried(() => build(args.with(i, slip)))
  })

  it.each(Object.keys(methods))("%s, data-last, of what is no flow", (name) => {
    const made = apply(Reflect.get(F, elsewhere[name] ?? name), methods[name] ?? [])
    for (const slip of slips) expect(() => apply(made, [slip])).toThrow(F.InvalidFlow)
  })
})

it("leaves out no constructor and no method", () => {
  const prototype: object = Object.getPrototypeOf(one)
  expect(Object.keys(methods).toSorted()).toEqual(
    Object.getOwnPropertyNames(prototype)
      .filter((name) => name !== "constructor")
      .toSorted(),
  )
  const values = ["continueOrDone", "continueWith", "done", "fold", "walk", "equals"]
  const interpreters = ["check", "cost", "diff", "explain", "hash", "normalize", "simulate", "toMermaid"]
  const rest = new Set([...values, ...interpreters, ...Object.keys(methods), ...Object.values(elsewhere)])
  const built = Object.entries<unknown>(F).filter(
    ([name, made]) => typeof made === "function" && /^[a-z]/.test(name) && !rest.has(name),
  )
  const said = new Set<unknown>(Object.values(constructors).map(([build]) => build))
  const missing = built.filter(([name, made]) => !said.has(made) && !/^(format|read|diff)[A-Z]/.test(name))
  expect(missing.map(([name]) => name)).toEqual([])
})

describe("says what was there and what was expected", () => {
  const suspend: unknown = F.suspend
  it.each<[string, () => unknown, string, string]>([
    [
      "no schema of a suspend",
      () => apply(suspend, ["x"]),
      "schema",
      "suspend needs the schema of its answer, got undefined: expected",
    ],
    ["a number as a name", () => apply(F.call, [7]), "name", "the name that a call calls is 7: expected a text"],
    ["no text in a fault", () => apply(F.fail, [{ code: 1 }]), "text", "code is 1: expected a text"],
    [
      "a list of nothing",
      () => apply(F.zipAll, [7]),
      "record",
      "what zipAll takes is 7: expected a list or a record of",
    ],
    ["a hole in a list", () => apply(F.zipAll, [holes]), "flow", "expected a flow, got undefined"],
    ["no body", () => apply(F.letIn, ["x", one]), "function", "the body of letIn is undefined: expected a function"],
    ["an arm that is null", () => call("branch", ["k", { a: one }, null]), "flow", "expected a flow, got null"],
    ["a count that is null", () => apply(F.atLeast, [null, [one]]), "count", "n is null: expected a whole number"],
    ["a bigint", () => call("timeout", [5n]), "duration", "timeout is 5: expected 0 to"],
    ["a text for a yes", () => call("retry", [{ jitter: "no" }]), "option", 'jitter is "no": expected true or'],
    ["members as a list", () => apply(F.graph, [[one]]), "record", "what graph takes is a list: expected a record of"],
  ])("%s", (_, build, code, message) => {
    expect(build).toThrow(expect.objectContaining({ code, path: "" }))
    expect(build).toThrow(message)
  })
})

describe("retry without a policy", () => {
  it("is the default policy, fluent and data-last", async () => {
    const bare: F.Flow<unknown, number> = one.retry()
    expect(bare.node).toEqual(one.retry({}).node)
    expect(F.retry()(one).node).toEqual(bare.node)
    const shut = F.fail({ code: "shut", message: "it is night", retry: true })
    const { run, events } = stage()
    valueOf(await run(shut.retry().attempt()))
    expect(events.filter(({ type }) => type === "retry_scheduled")).toHaveLength(3)
  })
})
