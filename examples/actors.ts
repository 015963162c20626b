// The runtime underneath, by itself: actors with a mailbox, one message at a time, supervised.
import assert from "node:assert/strict"
import { Actor, ActorSystem, afterIdle, oneForOne } from "troupe/actor"

class Counter extends Actor<"inc" | "get" | "fail", number> {
  #n = 0
  override onReceive(message: "inc" | "get" | "fail"): number {
    if (message === "fail") throw new Error("lost count")
    if (message === "inc") this.#n++
    return this.#n
  }
  override stopPolicy() {
    return afterIdle(60_000)
  }
}

class Parent extends Actor<"count", number> {
  override supervisorStrategy() {
    return oneForOne({ maxRestarts: 3, within: 60_000, decide: () => "resume" })
  }
  override async onReceive(): Promise<number> {
    const child = this.context.spawn(Counter, "child")
    child.tell("inc")
    await child.ask("fail").catch(() => 0) // the asker gets the error; the strategy keeps the count
    return child.ask("get")
  }
}

const app = new ActorSystem("app")
const ref = app.spawn(Counter, "counter") // at once: no await
ref.tell("inc")
assert.equal(await ref.ask("get", { timeout: 1_000 }), 1)
assert.equal(await app.ask("/app/counter", "get"), 1)

const parent = app.spawn(Parent, "parent")
assert.equal(await parent.ask("count"), 1)

await app.whenQuiescent()
await app.shutdown()
console.log("counted")
