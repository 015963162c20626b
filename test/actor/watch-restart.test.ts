import { describe, expect, it } from "vitest"
import { Actor, ActorSystem, actor } from "troupe/actor"

describe("a watcher that restarts", () => {
  it("watches anew: what its old instance watched is not reported to the new one", async () => {
    await using app = new ActorSystem("app")
    const [first, second] = [app.spawn(actor(() => 1)), app.spawn(actor(() => 1))]
    const seen: string[] = []
    class Watcher extends Actor<string> {
      override onStarted() {
        this.context.watch(second)
      }
      override onReceive(text: string) {
        if (text === "watch") this.context.watch(first)
        else return this.#crash()
      }
      async #crash() {
        // The end of the first is noticed while this handler runs: it waits for its turn, which never comes.
        await first.stop()
        throw new Error("crash")
      }
      override onTerminated(ref: { readonly path: string }) {
        seen.push(ref.path)
      }
    }
    const watcher = app.spawn(Watcher)
    await watcher.ask("watch")
    await expect(watcher.ask("crash")).rejects.toThrow("crash")
    await app.whenQuiescent()
    await second.stop()
    await app.whenQuiescent()
    expect(seen).toEqual([second.path])
  })
})
