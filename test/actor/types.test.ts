import { describe, expect, it } from "vitest"
import {
  Actor,
  type ActorRef,
  ActorSystem,
  actor,
  afterIdle,
  type MessageOf,
  never,
  oneTime,
  type StopPolicy,
} from "troupe/actor"

const is = <A>(value: A): A => value

class Counter extends Actor<"inc" | "get", number> {
  #n = 0
  override onReceive(message: "inc" | "get") {
    if (message === "inc") this.#n++
    return this.#n
  }
  override stopPolicy() {
    return afterIdle(60_000)
  }
}
class Slow extends Actor<string, number> {
  override async onReceive(text: string) {
    return text.length
  }
}
class Forever extends Actor<string> {
  override onReceive(_message: string) {}
  override stopPolicy() {
    return never
  }
}
class Undeclared extends Actor<string> {
  override onReceive(_message: string) {}
}
class Once extends Actor<string> {
  override onReceive(_message: string) {}
  override stopPolicy(): StopPolicy {
    return oneTime
  }
}
class Sized extends Actor<string, number> {
  readonly #size: number
  constructor(size: number) {
    super()
    this.#size = size
  }
  override onReceive(_message: string) {
    return this.#size
  }
}

describe("types of actors", () => {
  it("infers messages and replies from what is spawned", async () => {
    const app = new ActorSystem("app")
    is<ActorRef<"inc" | "get", number>>(app.spawn(Counter, "counter"))
    is<ActorRef<string, number>>(app.spawn(Slow))
    is<ActorRef<string, number>>(app.spawn(() => new Sized(3)))
    is<ActorRef<number, string>>(app.spawn(actor((n: number) => `${n}`)))
    is<ActorRef<number, string>>(app.spawn(actor(async (n: number) => `${n}`)))
    is<MessageOf<typeof Counter>>("inc")
    // @ts-expect-error a class that takes arguments is spawned through a function
    app.spawn(Sized)
    const answer: number = await app.spawn(Slow).ask("four")
    expect(answer).toBe(4)
    await app.shutdown()
  })

  it("lets a ref be used for less than it can, and for no more", async () => {
    const app = new ActorSystem("app")
    const ref = app.spawn(Counter)
    is<ActorRef<"inc", number | string>>(ref)
    is<ActorRef<never>>(ref)
    // @ts-expect-error it does not take every text
    is<ActorRef<string, number>>(ref)
    // @ts-expect-error it may answer other numbers
    is<ActorRef<"inc", 1>>(ref)
    // @ts-expect-error no such message
    void ref.tell("zap")
    expect(app.stats().actors).toBe(1)
    await app.shutdown()
  })

  it("refuses to tell a class that would never end", async () => {
    const app = new ActorSystem("app")
    app.tell(Counter, "inc")
    app.tell(Once, "x")
    // @ts-expect-error it would never end
    expect(() => app.tell(Forever, "x")).toThrow(/Forever would never end/)
    // The compiler sees only that it has some policy.
    expect(() => app.tell(Undeclared, "x")).toThrow(TypeError)
    // @ts-expect-error no such message
    app.tell(Counter, "zap")
    const teller = app.spawn(
      actor((_message: string, context) => {
        context.tell(Once, "x")
        // @ts-expect-error it would never end
        expect(() => context.tell(Forever, "x")).toThrow(TypeError)
        // @ts-expect-error a number is no text
        context.tell(Once, 3)
      }),
    )
    await teller.ask("go")
    await app.shutdown()
  })

  it("types the context by the actor's messages", () => {
    const source = actor((_message: "tick", context) => {
      context.schedule(1, "tick")
      // @ts-expect-error not its message
      context.schedule(1, "tock")
      is<ActorRef<"tick">>(context.self)
    })
    expect(source()).toBeInstanceOf(Actor)
    const app = new ActorSystem("app")
    is<ActorRef<string, number>>(app.spawn(actor((text: string, context) => text.length + context.path.length)))
  })
})
