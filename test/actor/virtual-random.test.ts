import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, afterIdle, type RegistryStore, VirtualActors } from "troupe/actor"
import { FaultError } from "../../src/data/fault.js"
import { virtualClock } from "../../src/testing/virtual-clock.js"

/** How long each part takes, and whether it fails. */
const part = fc.record({
  ms: fc.constantFrom(0, 0, 1, 5, 20),
  fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})

const step = fc.record({
  does: fc.constantFrom("ask", "ask", "ask", "tell", "deactivate", "forget", "deactivateAll", "stop", "idle", "settle"),
  id: fc.constantFrom("a", "b"),
  kind: fc.constantFrom(0, 1),
  ms: fc.constantFrom(1, 4, 10, 50),
})

describe("virtual actors under a random schedule", () => {
  it("are never two of one class and id, and every ask is answered or fails typed", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.array(part, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (steps, parts, shutEarly) => {
          const clock = virtualClock()
          let turn = 0
          /** What the next part of the program does, in the order in which they come. */
          const play = (): void | Promise<void> => {
            const { ms, fails } = parts[turn++ % parts.length] ?? { ms: 0, fails: false }
            const end = (): void => {
              if (fails) throw new Error("failed at random")
            }
            return ms === 0 ? end() : new Promise<void>((resolve) => clock.after(ms, resolve)).then(end)
          }
          const alive = new Map<string, number>()
          const counts: number[] = []
          const count = (path: string, by: 1 | -1): void => {
            const now = (alive.get(path) ?? 0) + by
            alive.set(path, now)
            counts.push(now)
          }
          const twin = () =>
            class Twin extends Actor<number, string> {
              override onStarted() {
                count(this.context.path, 1)
                return play()
              }
              override onReceive(n: number) {
                const answer = `${this.context.path} ${n}`
                return play()?.then(() => answer) ?? answer
              }
              override onStopped() {
                const end = (): void => count(this.context.path, -1)
                let played: void | Promise<void>
                try {
                  played = play()
                } catch (error) {
                  end()
                  throw error
                }
                return played?.finally(end) ?? end()
              }
              override stopPolicy = () => afterIdle(30)
            }
          const kinds = [twin(), twin()] as const
          const store: RegistryStore = { put: play, delete: play, listAll: () => [] }
          const app = new ActorSystem("app", { clock })
          const virtual = new VirtualActors(app, { store })
          const answers: Array<Promise<unknown>> = []
          const ends: Array<Promise<unknown>> = []
          const typed = (error: unknown): string => {
            if (error instanceof FaultError && error.fault._tag === "Unavailable") return "unavailable"
            return error instanceof Error && error.message === "failed at random"
              ? "its own"
              : `untyped: ${String(error)}`
          }
          for (const [n, { does, id, kind, ms }] of steps.entries()) {
            const source = kinds[kind === 0 ? 0 : 1]
            const path = `/app/virtual/Twin${kind === 0 ? "" : "~2"}/${id}`
            if (n === 0) for (const each of kinds) virtual.isActive(each, "a")
            if (does === "ask") {
              const right = (answer: string): string => (answer === `${path} ${n}` ? "answered" : `wrong: ${answer}`)
              answers.push(virtual.ask(source, id, n).then(right, typed))
            } else if (does === "tell") virtual.tell(source, id, n)
            else if (does === "deactivate") ends.push(virtual.deactivate(source, id))
            else if (does === "forget") ends.push(virtual.deactivate(source, id, { forget: true }).catch(typed))
            else if (does === "deactivateAll") ends.push(virtual.deactivateAll())
            else if (does === "stop") ends.push(app.get(path)?.stop() ?? Promise.resolve())
            else if (does === "idle") await clock.advance(ms)
            else await clock.settle()
          }
          const ended = shutEarly ? app.shutdown({ timeout: 60_000 }) : undefined
          await clock.advance(60_000)
          const outcomes = await Promise.all(answers)
          expect(outcomes.filter((outcome) => !/^(answered|unavailable|its own)$/.test(String(outcome)))).toEqual([])
          const refused = (await Promise.all(ends)).filter((end) => end !== undefined && end !== "unavailable")
          expect(refused).toEqual([])
          expect(counts.filter((n) => n !== 0 && n !== 1)).toEqual([])
          // After a minute of nothing all are idle and gone, and hold on to nothing.
          expect([...alive.values()].every((n) => n === 0)).toBe(true)
          expect(app.stats()).toMatchObject({ actors: 0, asks: 0, timers: 0, abandoned: 0 })
          await app.whenQuiescent()
          await (ended ?? app.shutdown())
        },
      ),
    ))
})
