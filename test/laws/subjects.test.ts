import { describe, expect, it } from "vitest"
import { claims, laws, type Outcome, roundTrips, type Running, verify } from "../../src/laws/index.js"
import { standard } from "../../src/laws/sampled.js"
import { type AnyFlow, cost, equals, normalize, pure, toMermaid } from "../../src/flow/index.js"
import { json, yaml } from "./codecs.js"
import { runOn, schedules } from "./interpreters.js"
import { times } from "../setup/times.js"

/** Samples, more where soak asks for more; never fewer, or a waived law might happen to hold. */
const some = (count: number): ReturnType<typeof standard> => standard(Math.max(count, times(count).numRuns))

const run: Running["run"] = (flow, input) => runOn(schedules.now, flow, input)

const failing = (findings: Awaited<ReturnType<typeof verify>>): readonly unknown[] =>
  findings.filter(({ ok }) => !ok).map(({ name, problem, left, right }) => ({ name, problem, left, right }))

type Waivers = Readonly<Record<string, string>>

/** The same reason for several laws. */
const waive = (reason: string, ...names: readonly string[]): Waivers =>
  Object.fromEntries(names.map((name) => [name, reason]))

const timing = waive("a branch may fail, or take its time, before its sibling does", "interchange")

describe("run", () => {
  it("obeys every law and claim but interchange", async () => {
    const findings = await verify({ run, samples: some(20), waivers: timing })
    expect(failing(findings)).toEqual([])
    expect(findings.length).toBe(Object.keys(laws).length + Object.values(claims).flatMap(Object.keys).length)
  })
})

describe("the suite", () => {
  const few = standard(5)

  it("refuses a waiver of a law that holds, and of one that is none", async () => {
    const findings = await verify({
      run,
      samples: few,
      waivers: { ...timing, ...waive("why not", "associativity", "gravity") },
    })
    expect(findings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["associativity", "gravity"])
  })

  it("finds an interpreter wrong that does nothing, of every node", async () => {
    const findings = await verify({ run: (_, input): Outcome => ({ _tag: "Right", right: input }), samples: few })
    const wrong = findings.filter(({ ok }) => !ok).map(({ name }) => name.split(".")[0])
    expect(wrong).toEqual(expect.arrayContaining(Object.keys(claims)))
  })

  it("tells what an interpreter throws", async () => {
    const broken: Running["run"] = () => {
      throw new Error("not today")
    }
    const findings = await verify({ run: broken, samples: few })
    expect(findings.every(({ ok, problem }) => !ok && problem === "it threw: not today")).toBe(true)
  })

  it("tells a codec that loses something", () => {
    const lost = roundTrips({ ...json, read: () => pure(1) })
    expect(lost.length).toBeGreaterThan(100)
    expect(lost[0]).toMatchObject({ read: pure(1) })
    expect(roundTrips({ ...json, read: () => JSON.parse("{") })[0]?.thrown).toBeInstanceOf(SyntaxError)
  })
})

// What no run can tell: two flows that are the same data are run the same. Such a law says nothing of the interpreter; that
// sequences compose is seen by the claims instead, which compare with plain functions.
it("the laws that are true by construction are known, and each has a claim beside it", () => {
  const given = standard()
  const byConstruction = Object.entries(laws).filter(([, law]) =>
    given.every((samples) => {
      const { lhs, rhs } = law(samples)
      return equals(lhs, rhs)
    }),
  )
  expect(byConstruction.map(([name]) => name)).toEqual([
    "leftIdentity",
    "rightIdentity",
    "associativity",
    "composeIsAndThen",
    "mapIsThenLift",
    "firstIsSplit",
    "secondIsSplit",
    "altIsFallback",
    "filterIsGuard",
  ])
  expect(Object.keys(claims.Seq)).toEqual(expect.arrayContaining(["empty", "inOrder"]))
  expect(Object.keys(claims.Pure)).toEqual(expect.arrayContaining(["function", "splits"]))
  expect(Object.keys(claims.Recover)).toEqual(expect.arrayContaining(["withInput"]))
  expect(Object.keys(claims.Guard)).toEqual(expect.arrayContaining(["passesOrRejects"]))
})

/** Functions that come from fp-ts, or are made there, have no name. */
const unnamed = waive(
  "the laws of fp-ts are stated over functions without names, which no document can hold",
  "promapIsBeforeAndAfter",
  "chainIsFlatMap",
  "applyParIdentity",
  "applyParHomomorphism",
  "applyParInterchange",
  "applyParComposition",
  "applySeqIdentity",
  "applySeqHomomorphism",
  "applySeqInterchange",
  "applySeqComposition",
  "applySeqIsMonad",
  "applyParIsSeqOfTotal",
)

const refused = waive("a document that cannot be right is not read", "Pure.splitsAsMany", "Traverse.noList")

describe.each([
  ["encode and decode", json, {}, 6],
  ["print and parse", yaml, refused, 2],
])("%s", (_, codec, waivers, count) => {
  it("are a round trip of flows of every node", () => {
    expect(roundTrips(codec).map(({ text, thrown }) => ({ text, thrown }))).toEqual([])
  })

  it("keep what a flow means", async () => {
    const findings = await verify({
      run: (flow, input) => run(codec.read(codec.write(flow), flow), input),
      samples: some(count),
      waivers: { ...timing, ...unnamed, ...waivers },
    })
    expect(failing(findings)).toEqual([])
  })
})

describe("normalize", () => {
  it("keeps what a flow means", async () => {
    const findings = await verify({
      run: (flow, input) => run(normalize(flow), input),
      samples: some(12),
      waivers: timing,
    })
    expect(failing(findings)).toEqual([])
  })
})

const figures = (flow: AnyFlow): unknown => {
  const { least, most } = cost(flow)
  return { least, most }
}

/** What is unbounded where functions choose flows that nobody listed. */
const chosen = waive(
  "a flow that a function chooses has no known cost before it is run",
  "flatMapLeftIdentity",
  "flatMapRightIdentity",
  "flatMapGetsTheInput",
  "flatMapAmongIsFlatMap",
  "mapIsFlatMap",
  "applySeqIdentity",
  "applySeqHomomorphism",
  "applySeqInterchange",
  "applyParIsSeqOfTotal",
)

describe("cost", () => {
  it("is the same on both sides of a law, unless more is known on one of them", async () => {
    const findings = await verify({
      read: figures,
      samples: some(30),
      waivers: {
        ...chosen,
        ...waive(
          "most and least count every arm that could be taken",
          "branchChooses",
          "branchOtherwise",
          "branchOnHolds",
          "routeChooses",
          "choiceOfLeft",
          "choiceOfRight",
        ),
        ...waive(
          "what comes after a step, or recovers from it, is counted whether or not the step can fail",
          "failEndsASequence",
          "recoverLeavesValues",
          "recoverLeavesOtherTags",
          "attemptNeverFails",
        ),
        ...waive(
          "the most that a row of rows takes is the slowest of each, not the slowest row",
          "interchange",
          "interchangeOfTotal",
        ),
        ...waive(
          "every try that a policy allows is counted",
          "retryLeavesValues",
          "retryOfAFinalFault",
          "retryGivesTheLastFault",
          "hedgeKeepsTheResult",
        ),
        ...waive("one at a time takes longer, with fewer at once", "traverseOneAtATime", "limitOneAtATime"),
        ...waive("a limit bounds what had no bound", "timeoutFarAway", "limitFarAway"),
        ...waive("what runs beside the flow costs as well", "notifyPassesBy", "divertPassesBy"),
        ...waive("a sleep takes its time", "sleepPassesOn"),
      },
    })
    expect(failing(findings)).toEqual([])
  })
})

/** A drawing whose nodes are called by the order in which they are drawn, instead of by their paths. */
function picture(flow: AnyFlow): string {
  const names = new Map<string, string>()
  const called = (name: string): string => {
    const known = names.get(name) ?? `node${names.size}`
    names.set(name, known)
    return known
  }
  return toMermaid(flow, { all: true }).replaceAll(/(?<![\w#;])n_\w*/g, called)
}

describe("mermaid", () => {
  it("draws rows of steps the same however they were put together", async () => {
    const drawn = [
      "leftIdentity",
      "rightIdentity",
      "associativity",
      "composeIsAndThen",
      "mapIsThenLift",
      "letAssociativity",
      "applySeqIsMonad",
      "firstIsSplit",
      "secondIsSplit",
      "altIsFallback",
      "filterIsGuard",
    ]
    const others = Object.keys(laws).filter((name) => !drawn.includes(name))
    const findings = await verify({
      read: picture,
      samples: some(24),
      waivers: waive("a drawing shows each node that is written, whatever comes of it", ...others),
    })
    expect(failing(findings)).toEqual([])
  })
})
