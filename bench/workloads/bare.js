// The shortest hand-written JavaScript that does the same.

/** @type {import("./flow.js").Works} */
export const bare = {
  "agent node": () => chain(1000),
  "chain of agents": () => chain(10),
  "chain of 1000 agents": () => chain(1000),
  "agent node of 20": () => chain(20),
  zip: () => ({ ...all(10), per: 1 }),
  race: () => {
    const members = Array.from({ length: 10 }, () => addOne)
    return { per: 1, run: () => Promise.race(members.map((member) => member(1))) }
  },
  ...Object.fromEntries([50, 100, 1000, 10_000].map((size) => [`fan-out ${size}`, () => all(size)])),
  retry: () => ({
    per: 1000,
    async run() {
      for (let i = 0; i < 1000; i++) await trying(addOne, i)
    },
  }),
  "retry twice": () => ({
    per: 1000,
    async run() {
      for (let i = 0; i < 1000; i++) await trying(faltering(), i)
    },
  }),
}

/** @param {number} n */
export const addOne = async (n) => n + 1

/** The members are there before it runs, as those of a flow are. @param {number} size */
const all = (size) => {
  const members = Array.from({ length: size }, () => addOne)
  return { per: size, run: () => Promise.all(members.map((member) => member(1))) }
}

/** @param {number} length */
const chain = (length) => ({
  per: length,
  async run() {
    let n = 0
    for (let i = 0; i < length; i++) n = await addOne(n)
    return n
  },
})

const busy = new Error("busy")
/** Fails twice, then answers. */
export const faltering = () => {
  let calls = 0
  /** @param {number} n */
  return async (n) => {
    if (++calls < 3) throw busy
    return n + 1
  }
}

/** @param {(n: number) => Promise<number>} act @param {number} n */
async function trying(act, n) {
  for (let left = 3; ; left--) {
    try {
      return await act(n)
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
