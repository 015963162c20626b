import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Actor, type ActorRef, ActorSystem, allForOne, type Directive, oneForOne } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"
import { times } from "../setup/times.js"

describe("a tree of actors with random crashes", () => {
  type Order = "crash" | "crashLater" | "work" | "workLater" | "stop" | "spawn"

  it("never overlaps two instances, loses no ask, and ends clean", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            to: fc.nat(20),
            order: fc.constantFrom<Order>("crash", "crashLater", "work", "workLater", "stop", "spawn"),
            settle: fc.boolean(),
          }),
          { maxLength: 60 },
        ),
        fc.constantFrom<Directive>("resume", "restart", "stop", "escalate"),
        fc.boolean(),
        async (orders, directive, all) => {
          const clock = virtualClock()
          const app = new ActorSystem("app", { clock })
          const alive = new Map<string, number>()
          let most = 0
          const refs: Array<ActorRef<Order>> = []
          const options = { maxRestarts: 5, decide: () => directive }
          class Node extends Actor<Order, string> {
            override onStarted() {
              const count = (alive.get(this.context.path) ?? 0) + 1
              alive.set(this.context.path, count)
              most = Math.max(most, count)
            }
            override async onStopped() {
              await Promise.resolve()
              alive.set(this.context.path, (alive.get(this.context.path) ?? 0) - 1)
            }
            override onReceive(order: Order) {
              if (order === "crash") throw new Error("crash")
              if (order === "spawn") refs.push(this.context.spawn(Node))
              if (order === "stop") this.context.stopSelf()
              return order === "crashLater" || order === "workLater" ? this.#later(order) : order
            }
            async #later(order: Order) {
              await Promise.resolve()
              if (order === "crashLater") throw new Error("crash later")
              return order
            }
            override supervisorStrategy() {
              return all ? allForOne(options) : oneForOne(options)
            }
          }
          for (let i = 0; i < 3; i++) refs.push(app.spawn(Node))
          const asks: Array<Promise<unknown>> = []
          for (const { to, order, settle } of orders) {
            const answer = refs[to % refs.length]?.ask(order)
            asks.push(Promise.allSettled([answer]))
            if (settle) await clock.settle()
          }
          await app.whenQuiescent()
          await Promise.all(asks)
          expect(app.stats()).toMatchObject({ asks: 0, timers: 0, abandoned: 0 })
          // What a hook of an actor throws would not reach the test.
          expect(most).toBe(1)
          const living = [...alive.values()].reduce((a, b) => a + b, 0)
          expect(living).toBe(app.stats().actors)
          await app.shutdown()
          expect(app.stats().actors).toBe(0)
          expect([...alive.values()].every((n) => n === 0)).toBe(true)
        },
      ),
      times(60),
    ))
})
