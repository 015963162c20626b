import { messageOf } from "../data/fault.js"
import type { RegistryStore } from "../actor/virtual-store.js"

/** What a law of stores is tried with. */
export interface StoreWorld {
  /** An empty store of its own. */
  readonly store: RegistryStore
  /** The same store once more, as another process would open it. */
  readonly reopen: () => Promise<RegistryStore>
}

/** Two things that must come to the same keys. */
export interface StoreLaw {
  readonly lhs: (world: StoreWorld) => Promise<readonly string[]>
  readonly rhs: readonly string[]
}

const after =
  (act: (store: RegistryStore) => unknown) =>
  async ({ store }: StoreWorld): Promise<readonly string[]> => {
    await act(store)
    return store.listAll()
  }

const each = async (keys: readonly string[], act: (key: string) => unknown): Promise<void> => {
  for (const key of keys) await act(key)
}

const odd = [
  "Counter/a",
  "counter/a",
  "Counter/A",
  "Counter/a ",
  "Counter/%2F",
  "Counter/%",
  "Counter/a*",
  "Counter/a_",
  "Counter/a'b\"c;--",
  "Counter/é",
  "Counter/e\u0301",
  "Counter/日本語",
  "Counter/👩‍👩‍👧",
  `Counter/${"x".repeat(1_000)}`,
]
const many = Array.from({ length: 2_000 }, (_, i) => `Counter/${i}`)

/** What every store of ids obeys. The order of the keys is not compared, how often each comes is. */
export const storeLaws: Readonly<Record<string, StoreLaw>> = {
  empty: { lhs: after(() => {}), rhs: [] },
  put: { lhs: after((store) => store.put("Counter/a")), rhs: ["Counter/a"] },
  putTwice: { lhs: after((store) => each(["Counter/a", "Counter/a"], (key) => store.put(key))), rhs: ["Counter/a"] },
  deleted: {
    lhs: after(async (store) => {
      await store.put("Counter/a")
      await store.delete("Counter/a")
    }),
    rhs: [],
  },
  deleteOfNone: { lhs: after((store) => store.delete("Counter/a")), rhs: [] },
  deleteOne: {
    lhs: after(async (store) => {
      await each(["Counter/a", "Counter/ab", "Count/a"], (key) => store.put(key))
      await store.delete("Counter/a")
    }),
    rhs: ["Counter/ab", "Count/a"],
  },
  putAgain: {
    lhs: after(async (store) => {
      await store.put("Counter/a")
      await store.delete("Counter/a")
      await store.put("Counter/a")
    }),
    rhs: ["Counter/a"],
  },
  exactText: { lhs: after((store) => each(odd, (key) => store.put(key))), rhs: odd },
  exactDelete: {
    lhs: after(async (store) => {
      await each(odd, (key) => store.put(key))
      await each(odd.slice(1), (key) => store.delete(key))
    }),
    rhs: odd.slice(0, 1),
  },
  atOnce: {
    lhs: after((store) => Promise.all(many.slice(0, 100).map(async (key) => store.put(key)))),
    rhs: many.slice(0, 100),
  },
  many: { lhs: after((store) => Promise.all(many.map(async (key) => store.put(key)))), rhs: many },
  listIsACopy: {
    lhs: async ({ store }) => {
      await store.put("Counter/a")
      const listed = await store.listAll()
      await store.put("Counter/b")
      return listed
    },
    rhs: ["Counter/a"],
  },
  lasting: {
    lhs: async ({ store, reopen }) => {
      await each(["Counter/a", "Counter/b"], (key) => store.put(key))
      await store.delete("Counter/a")
      return (await reopen()).listAll()
    },
    rhs: ["Counter/b"],
  },
}

/** A store under test. */
export interface StoreSubject {
  /** Makes an empty store, which no other call of it shares, and says how to open the same one again. */
  readonly make: () => StoreWorld | Promise<StoreWorld>
  /** Laws that it does not obey, by name, with the reason. */
  readonly waivers?: Readonly<Record<string, string>>
}

/** What became of one law of stores. */
export interface StoreFinding {
  readonly name: string
  /** Why it need not hold, where it is waived. A waived law must be seen to fail. */
  readonly waived?: string
  readonly ok: boolean
  readonly problem?: string
}

/** What is wrong with a store by one law, if anything. */
async function problemOf({ lhs, rhs }: StoreLaw, world: StoreWorld): Promise<string | undefined> {
  try {
    const [left, right] = [[...(await lhs(world))].sort(), [...rhs].sort()]
    if (left.length === right.length && left.every((key, i) => key === right[i])) return undefined
    const missing = right.filter((key) => !left.includes(key))
    const surplus = left.filter((key, i) => !right.includes(key) || left.indexOf(key) !== i)
    return `missing ${JSON.stringify(missing.slice(0, 5))}, too many ${JSON.stringify(surplus.slice(0, 5))}`
  } catch (error) {
    return `it threw: ${messageOf(error)}`
  }
}

/**
 * Tries every law of stores on a `RegistryStore`, each on an empty one. A waived law must be seen to fail, so that no
 * waiver goes stale.
 *
 * @returns what became of each, by name; all is well when every `ok` is true.
 *
 * @example
 * ```ts
 * import { memoryStore } from "troupe/actor"
 * import { verifyStore } from "troupe/testing"
 * const findings = await verifyStore({
 *   make: () => ({ store: memoryStore(), reopen: async () => memoryStore() }),
 *   waivers: { lasting: "it is gone with the process" },
 * })
 * findings.every(({ ok }) => ok) // true
 * ```
 */
export async function verifyStore(subject: StoreSubject): Promise<readonly StoreFinding[]> {
  const { waivers = {} } = subject
  const found: StoreFinding[] = []
  for (const [name, law] of Object.entries(storeLaws)) {
    const problem = await problemOf(law, await subject.make())
    const waived = Object.hasOwn(waivers, name) ? waivers[name] : undefined
    if (waived === undefined) found.push(problem === undefined ? { name, ok: true } : { name, ok: false, problem })
    else if (problem === undefined) found.push({ name, waived, ok: false, problem: "it is waived but holds" })
    else found.push({ name, waived, ok: true })
  }
  for (const name of Object.keys(waivers)) {
    if (!Object.hasOwn(storeLaws, name))
      found.push({ name, ok: false, problem: "it is waived but there is no such law" })
  }
  return found
}
