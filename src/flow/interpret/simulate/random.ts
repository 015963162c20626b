/** A number from 0 to below 1, the next of its sequence at each call. */
export type Random = () => number

/** Well mixed bits of a whole number: the finalizer of MurmurHash3. */
function mixed(bits: number): number {
  let h = bits >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * The sequence of one run: the same for the same seed and number, whatever other runs there are. The generator is sfc32
 * (Chris Doty-Humphrey, public domain), which passes PractRand.
 */
export function randomOf(seed: number, run: number): Random {
  let a = mixed(seed)
  let b = mixed(Math.floor(seed / 2 ** 32) ^ 0x9e3779b9)
  let c = mixed(run ^ 0x243f6a88)
  let counter = 1
  const next: Random = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) next() // until each bit of the seed has reached every other
  return next
}
