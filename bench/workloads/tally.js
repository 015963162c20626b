/** What counts the messages that arrive: all that were sent, each once, or it says so. */
export function tally() {
  let missing = 0
  let sum = 0
  let arrived = () => {}
  return {
    /** The handler of an actor. @param {number} n */
    receive: (n) => {
      sum += n
      if (--missing === 0) arrived()
    },
    /**
     * Sends the messages 0, 1, … and resolves when as many have been handled.
     *
     * @param {number} count
     * @param {(n: number) => unknown} send
     */
    sent: async (count, send) => {
      missing = count
      sum = 0
      /** @type {Promise<void>} */
      const all = new Promise((resolve) => {
        arrived = resolve
      })
      for (let n = 0; n < count; n++) send(n)
      await all
      const expected = (count * (count - 1)) / 2
      if (sum !== expected || missing !== 0) throw new Error(`${count} were sent, and their sum is ${sum}`)
    },
  }
}
