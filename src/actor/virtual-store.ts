/**
 * Where the ids of virtual actors are kept, so that another process knows them too. It keeps no state of the actors.
 *
 * A key is text without control characters, `Class/id`, at most some thousand characters long. A store keeps a set: to
 * put what is there and to delete what is not changes nothing. It is tried with `verifyStore` of `troupe/testing`.
 *
 * @example
 * ```ts
 * import type { RegistryStore } from "troupe/actor"
 * const keys = new Set<string>()
 * const store: RegistryStore = {
 *   put: async (key) => void keys.add(key),
 *   delete: async (key) => void keys.delete(key),
 *   listAll: async () => [...keys],
 * }
 * await store.put("Counter/session-1")
 * await store.listAll() // ["Counter/session-1"]
 * ```
 */
export interface RegistryStore {
  /** Keeps a key. Called before each activation, which waits for it. */
  put(key: string): void | PromiseLike<void>
  /** Keeps it no longer. Called when an actor is deactivated with `forget`. */
  delete(key: string): void | PromiseLike<void>
  /** Every key, in any order, each once. */
  listAll(): readonly string[] | PromiseLike<readonly string[]>
}

/**
 * A store in memory: the default of `VirtualActors`, and gone with the process.
 *
 * @example
 * ```ts
 * import { memoryStore } from "troupe/actor"
 * const store = memoryStore()
 * store.put("Counter/session-1")
 * store.listAll() // ["Counter/session-1"]
 * ```
 */
export function memoryStore(): RegistryStore {
  const keys = new Set<string>()
  return {
    put: (key) => void keys.add(key),
    delete: (key) => void keys.delete(key),
    listAll: () => [...keys],
  }
}
