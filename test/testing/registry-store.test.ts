import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { memoryStore, type RegistryStore } from "troupe/actor"
import { storeLaws, verifyStore } from "troupe/testing"

const lasting = { lasting: "it is gone with the process" }
const notOk = (findings: Awaited<ReturnType<typeof verifyStore>>): string[] =>
  findings.filter(({ ok }) => !ok).map(({ name }) => name)

/** A store in a file: a line of JSON for each change. */
function inFile(file: string): RegistryStore {
  const write = (...change: readonly ["put" | "delete", string]): Promise<void> =>
    appendFile(file, `${JSON.stringify(change)}\n`)
  return {
    put: (key) => write("put", key),
    delete: (key) => write("delete", key),
    listAll: async () => {
      const keys = new Set<string>()
      for (const line of (await readFile(file, "utf8").catch(() => "")).split("\n").slice(0, -1)) {
        const [change, key] = JSON.parse(line)
        if (change === "put") keys.add(key)
        else keys.delete(key)
      }
      return [...keys]
    },
  }
}

describe("the laws of stores", () => {
  it("hold of the one in memory, which does not last", async () => {
    const make = () => ({ store: memoryStore(), reopen: async () => memoryStore() })
    const findings = await verifyStore({ make, waivers: lasting })
    expect(findings.filter(({ ok }) => !ok)).toEqual([])
    expect(findings.map(({ name }) => name)).toEqual(Object.keys(storeLaws))
    expect(notOk(await verifyStore({ make }))).toEqual(["lasting"])
  })

  it("hold of one in a file, which does", async () => {
    const folder = await mkdtemp(join(tmpdir(), "troupe-store-"))
    let made = 0
    const make = () => {
      const file = join(folder, `${made++}.jsonl`)
      return { store: inFile(file), reopen: async () => inFile(file) }
    }
    const findings = await verifyStore({ make })
    expect(notOk(findings)).toEqual([])
    await rm(folder, { recursive: true })
  })

  it("tell a waiver that is not needed from one that is, and from one of no law", async () => {
    const make = () => ({ store: memoryStore(), reopen: async () => memoryStore() })
    const findings = await verifyStore({ make, waivers: { ...lasting, put: "who knows", zap: "no such" } })
    expect(findings.filter(({ ok }) => !ok)).toEqual([
      { name: "put", waived: "who knows", ok: false, problem: "it is waived but holds" },
      { name: "zap", ok: false, problem: "it is waived but there is no such law" },
    ])
  })

  const broken: ReadonlyArray<readonly [string, readonly string[], () => RegistryStore]> = [
    ["forgets", ["put"], () => ({ ...memoryStore(), put: () => {} })],
    ["deletes nothing", ["deleted", "deleteOne", "exactDelete"], () => ({ ...memoryStore(), delete: () => {} })],
    ["lists one key twice", ["putTwice"], listing((keys) => keys)],
    ["ignores case", ["exactText"], changing((key) => key.toLowerCase())],
    ["normalizes text", ["exactText"], changing((key) => key.normalize("NFC"))],
    ["cuts long keys", ["exactText"], changing((key) => key.slice(0, 255))],
    ["lists a thousand at most", ["many"], listing((keys) => [...new Set(keys)].slice(0, 1_000))],
    ["lists what will be", ["listIsACopy"], living],
    ["fails", ["empty", "put", "many"], () => ({ ...memoryStore(), listAll: () => Promise.reject(new Error("down")) })],
  ]

  it.each(broken)("find out a store that %s", async (_, names, store) => {
    const findings = await verifyStore({
      make: () => ({ store: store(), reopen: async () => memoryStore() }),
      waivers: lasting,
    })
    expect(notOk(findings)).toEqual(expect.arrayContaining([...names]))
  })
})

function listing(shown: (keys: string[]) => string[]): () => RegistryStore {
  return () => {
    let keys: string[] = []
    return {
      put: (key) => void keys.push(key),
      delete: (key) => {
        keys = keys.filter((each) => each !== key)
      },
      listAll: () => shown(keys),
    }
  }
}

function changing(kept: (key: string) => string): () => RegistryStore {
  return () => {
    const store = memoryStore()
    return { ...store, put: (key) => store.put(kept(key)), delete: (key) => store.delete(kept(key)) }
  }
}

function living(): RegistryStore {
  const keys: string[] = []
  return { put: (key) => void (keys.includes(key) || keys.push(key)), delete: () => {}, listAll: () => keys }
}
