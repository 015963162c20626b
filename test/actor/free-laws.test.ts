import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ActorRef, ActorSystem, actor, Free } from "troupe/actor"
import { type FreeInterpreter, interpretFree } from "../../src/actor/free.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { live, type Trace } from "./free-trace.js"

/** The same, with an interpreter that writes down what it is told, and does of it only the asking. */
async function recorded(
  program: (a: ActorRef<number, number>, b: ActorRef<number, number>) => Free<unknown>,
): Promise<Trace> {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const steps: unknown[] = []
  const recording: FreeInterpreter = {
    ask: (to, message, options) => {
      steps.push(["ask", to.path, message, options])
      return to.ask(message)
    },
    tell: (to, message) => void steps.push(["tell", to.path, message]),
    stop: (to) => void steps.push(["stop", to.path]),
  }
  const [a, b] = [
    app.spawn(
      actor((n: number) => n),
      "a",
    ),
    app.spawn(
      actor((n: number) => n),
      "b",
    ),
  ]
  const outcome = await interpretFree(program(a, b), clock, recording).catch((error: unknown) => error)
  await app.shutdown()
  return { outcome, steps }
}

type Two = readonly [ActorRef<number, number>, ActorRef<number, number>]
type Program = (refs: Two) => Free<number>
type Arrow = (n: number) => Program

const instruction: fc.Arbitrary<Arrow> = fc.oneof(
  fc.integer({ min: -2, max: 20 }).map(
    (by): Arrow =>
      (n) =>
      ([a]) =>
        a.freeAsk(n + by),
  ),
  fc.integer({ min: 0, max: 9 }).map(
    (by): Arrow =>
      (n) =>
      ([, b]) =>
        b.freeTell(n + by).map(() => by),
  ),
  fc.constant<Arrow>(
    (n) =>
      ([a]) =>
        a.freeStop().map(() => n),
  ),
  fc.integer().map(
    (by): Arrow =>
      (n) =>
      () =>
        Free.of((n % 1_000) + (by % 1_000)),
  ),
)
const arrow: fc.Arbitrary<Arrow> = fc.oneof(
  instruction,
  fc.tuple(instruction, instruction).map(
    ([f, g]): Arrow =>
      (n) =>
      (refs) =>
        f(n)(refs).flatMap((m) => g(m)(refs)),
  ),
  instruction.map(
    (f): Arrow =>
      (n) =>
      (refs) =>
        f(n)(refs).map((m) => m * 2),
  ),
)
const number = fc.integer({ min: 0, max: 1_000 })

/** Two programs are the same that come to the same and do the same on the way, whoever runs them. */
async function alike(left: Program, right: Program): Promise<void> {
  for (const run of [live, recorded]) {
    const [a, b] = [await run((...refs) => left(refs)), await run((...refs) => right(refs))]
    expect(a.steps).toEqual(b.steps)
    expect(a.outcome).toEqual(b.outcome)
  }
}

describe("free programs", () => {
  it("obey left identity", () =>
    fc.assert(fc.asyncProperty(number, arrow, (n, f) => alike((refs) => Free.of(n).flatMap((m) => f(m)(refs)), f(n)))))

  it("obey right identity", () =>
    fc.assert(fc.asyncProperty(number, arrow, (n, f) => alike((refs) => f(n)(refs).flatMap((m) => Free.of(m)), f(n)))))

  it("obey associativity", () =>
    fc.assert(
      fc.asyncProperty(number, arrow, arrow, arrow, (n, f, g, h) =>
        alike(
          (refs) =>
            f(n)(refs)
              .flatMap((m) => g(m)(refs))
              .flatMap((m) => h(m)(refs)),
          (refs) => f(n)(refs).flatMap((m) => g(m)(refs).flatMap((k) => h(k)(refs))),
        ),
      ),
    ))

  it("have a map that is a flatMap, and composes", () =>
    fc.assert(
      fc.asyncProperty(number, arrow, async (n, f) => {
        await alike(
          (refs) => f(n)(refs).map((m) => m + 1),
          (refs) => f(n)(refs).flatMap((m) => Free.of(m + 1)),
        )
        await alike((refs) => f(n)(refs).map((m) => m), f(n))
        await alike(
          (refs) =>
            f(n)(refs)
              .map((m) => m + 1)
              .map((m) => m * 2),
          (refs) => f(n)(refs).map((m) => (m + 1) * 2),
        )
      }),
    ))
})
