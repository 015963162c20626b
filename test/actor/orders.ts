import type { Actor, ActorContext, ActorRef } from "troupe/actor"

/** What an actor is told to do: `x` and `y` say how, `subs` is what it has others do. */
export interface Order {
  readonly op: string
  readonly x: number
  readonly y: number
  readonly subs: readonly Order[]
}

type Context = ActorContext<Order>

/** What goes on around an actor that works on an order. */
export interface World {
  readonly wait: (ms: number) => Promise<void>
  /** Resolves when the test comes to its end. */
  readonly deaf: () => Promise<void>
  /** A new actor of the next temper. */
  readonly source: () => Actor<Order, unknown>
  readonly refs: ActorRef<Order>[]
}

const leaf: Order = { op: "answer", x: 0, y: 0, subs: [] }
const sub = ({ subs }: Order, i: number): Order => subs[i] ?? leaf
const limits = ({ y }: Order): { readonly timeout?: number } => (y % 3 === 0 ? { timeout: y + 1 } : {})
const quiet = (promise: PromiseLike<unknown> | void): void => void promise?.then(undefined, () => {})

const fail = (): never => {
  throw new Error("at once")
}

/** What an actor can be told to do. */
export const ops: Readonly<Record<string, (order: Order, context: Context, world: World) => unknown>> = {
  answer: ({ x }) => x,
  throw: fail,
  later: ({ x }, _, { wait }) => wait(x),
  "throw later": async ({ x }, _, { wait }) => {
    await wait(x)
    throw new Error("later")
  },
  generate: function* ({ x, y }, context) {
    try {
      for (let n = 0; n < x; n++) yield n
    } finally {
      if (y === 1) context.stopSelf()
      if (y === 2) fail()
    }
  },
  "generate slowly": async function* ({ x, y }, _, { wait }) {
    try {
      for (let n = 0; n < x; n++) {
        yield n
        await wait(y)
      }
    } finally {
      if (y === 1) await wait(2)
    }
  },
  ask: (order, context, { source }) => context.ask(source, sub(order, 0), limits(order)),
  "ask and forget": (order, context, { source }) => {
    for (const each of order.subs) quiet(context.ask(source, each, limits(order)))
  },
  race: (order, context, { source }) =>
    context.race(
      [
        [source, sub(order, 0)],
        [source, sub(order, 1)],
      ],
      limits(order),
    ),
  traverse: (order, context, { source }) => context.traverse(order.subs, source, limits(order)),
  stream: async (order, context, { source }) => {
    let left = order.x
    for await (const _ of context.stream(source, sub(order, 0), limits(order))) if (left-- === 0) break
  },
  "tell a child": (order, context, { source, refs, wait }) => {
    const child = context.spawn(source)
    refs.push(child)
    for (const each of order.subs) void child.tell(each)
    return wait(order.x)
  },
  "ask a child": (order, context, { source }) =>
    context.spawn(source).ask(sub(order, 0), { ...limits(order), cancel: context.cancel }),
  "watch a child": (order, context, { source }) => {
    const child = context.spawn(source)
    context.watch(child, order.y < 3 ? fail : () => {})
    void child.tell(sub(order, 0))
    if (order.x > 2) quiet(child.stop())
  },
  schedule: (order, context) => {
    const stop = context.schedule(order.x, sub(order, 0))
    if (order.y === 0) stop()
  },
  "stop oneself": (_, context) => context.stopSelf(),
  "stop another": ({ x }, _, { refs, wait }) => {
    quiet(refs[x % Math.max(1, refs.length)]?.stop())
    return wait(x)
  },
  "be deaf": (_, __, { deaf }) => deaf(),
  "end with the signal": ({ y }, context, { deaf }) =>
    new Promise((resolve, reject) => {
      context.cancel.onCancel((why) => (y % 2 === 0 ? resolve(why) : reject(why)))
      void deaf().then(resolve)
    }),
  "listen to the signal": (order, context, { source, refs, deaf, wait }) => {
    const heard = [
      () => context.stopSelf(),
      () => quiet(context.self.stop()),
      () => fail(),
      () => quiet(context.ask(source, sub(order, 0))),
      () => context.spawn(source),
      () => refs.forEach((ref) => quiet(ref.stop())),
    ]
    context.cancel.onCancel(() => heard[order.y % heard.length]?.())
    return order.x === 0 ? deaf() : wait(order.x - 1)
  },
  "hold a stream": (order, context, { source, wait }) => {
    const stream = context.spawn(source).askStream(sub(order, 0), { readAhead: order.x % 3 })
    quiet(stream.next())
    if (order.x > 2) quiet(stream.return())
    return wait(order.y)
  },
}
