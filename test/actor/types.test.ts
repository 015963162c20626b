import { describe, expect, it } from "vitest"
import {
  Actor,
  type ActorRef,
  ActorSystem,
  actor,
  afterIdle,
  type ChunkOf,
  type MessageOf,
  type MessageTo,
  never,
  oneTime,
  type ReplyOf,
  type ReplyStream,
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

class Words extends Actor<string, number, string> {
  override *onReceive(text: string) {
    const words = text.split(" ")
    yield* words
    return words.length
  }
}
class Ticks extends Actor<number, void, number> {
  override async *onReceive(to: number) {
    for (let i = 0; i < to; i++) yield i
  }
}
class WrongAnswer extends Actor<string, number, string> {
  // @ts-expect-error it returns a text
  override *onReceive(text: string) {
    yield text
    return text
  }
}
class WrongChunk extends Actor<string, number, string> {
  // @ts-expect-error it yields a number
  override async *onReceive(text: string) {
    yield text.length
    return text.length
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

  it("infers chunks from generators", async () => {
    const app = new ActorSystem("app")
    const words = app.spawn(Words)
    is<ActorRef<string, number, string>>(words)
    is<ActorRef<string, number>>(words)
    is<ActorRef<"one", number | undefined, string | number>>(words)
    is<ActorRef<number, void, number>>(app.spawn(Ticks))
    const pairs = app.spawn(
      actor(async function* (n: number) {
        yield [n, "a"] as const
        return n > 1
      }),
    )
    is<ActorRef<number, boolean, readonly [number, "a"]>>(pairs)
    // @ts-expect-error its chunks are texts
    is<ActorRef<string, number, number>>(words)
    // @ts-expect-error its chunks are not known to be texts
    is<ActorRef<string, number, string>>(app.spawn(Slow))
    // @ts-expect-error a number is no text
    await words.askStream(3).return()
    expect([WrongAnswer.name, WrongChunk.name]).toEqual(["WrongAnswer", "WrongChunk"])

    const stream = words.askStream("a b", { readAhead: 1, timeout: 100 })
    is<ReplyStream<string, number>>(stream)
    is<AsyncIterableIterator<string, number, undefined>>(stream)
    const chunks: string[] = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks).toEqual(["a", "b"])
    async function* relayed() {
      const count: number = yield* words.askStream("a b c")
      return count
    }
    is<AsyncGenerator<string, number>>(relayed())
    for await (const batch of words.askStream("a").batches()) is<readonly string[]>(batch)
    await app.shutdown()
  })

  it("infers what a context is answered, and refuses what a target does not take", async () => {
    const app = new ActorSystem("app")
    const counter = app.spawn(Counter)
    const twice = actor((n: number) => n * 2)
    is<MessageTo<typeof counter>>("inc")
    is<MessageTo<typeof Words>>("x")
    is<ReplyOf<typeof twice>>(1)
    is<ChunkOf<typeof Words>>("chunk")
    const driver = app.spawn(
      actor(async (_message: string, context) => {
        const [count, words, double] = await context.sequence([
          [counter, "get"],
          [Words, "a b"],
          [twice, 4],
        ])
        is<number[]>([count, words, double])
        const all = await context.traverse(["a", "b b"], Words)
        is<number[]>(all)
        const pair = await context.zip([Slow, "four"], [actor(async (n: number) => `${n}`), 3])
        is<[number, string]>(pair)
        const fastest = await context.race([
          [actor((n: number) => `${n}`), 3],
          [twice, 3],
        ])
        is<string | number>(fastest)
        is<number>(await context.ask(Words, "a", { timeout: 1_000 }))
        is<number>(await context.ask(counter, "inc"))
        for await (const step of context.stream(Words, "a b")) {
          if (step.type === "event") is<string>(step.event)
          else is<number>(step.output)
        }
        is<string>(context.name)
        return [count, words, double, ...all, ...pair]
      }),
    )
    actor(async (_message: string, context) => {
      // @ts-expect-error no such message
      await context.ask(counter, "zap")
      // @ts-expect-error a number is no text
      await context.ask(Words, 3)
      // @ts-expect-error a text is no number
      await context.sequence([[counter, "get"], [twice, "4"]]) // biome-ignore format: the error is on this line
      // @ts-expect-error a number is no text
      await context.traverse([1], Words)
      // @ts-expect-error a number is no text
      await context.zip([Words, 1], [twice, 1])
      // @ts-expect-error a text is no number
      await context.race([[twice, "x"]])
      // @ts-expect-error a number is no text
      context.stream(Words, 3)
      // @ts-expect-error a class that takes arguments is asked through a function
      await context.ask(Sized, "x")
    })
    expect(await driver.ask("go")).toEqual([0, 2, 8, 1, 2, 4, "3"])
    await app.shutdown()
  })
})
