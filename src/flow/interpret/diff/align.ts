/** Which of one list stand for which of another: pairs of indexes, both in their order; what is in no pair came or went. */
export interface Alignment {
  readonly pairs: ReadonlyArray<readonly [number, number]>
  readonly removed: readonly number[]
  readonly added: readonly number[]
}

/** Beyond so many differences, only what stands once on each side is looked for. */
const most = 2_000

/** The longest run of equal keys in the same order, where the lists do not differ too much: Myers' algorithm. */
export function align(before: readonly string[], after: readonly string[]): Alignment {
  const pairs = shortest(before, after) ?? unique(before, after)
  const [known, found] = [new Set(pairs.map(([i]) => i)), new Set(pairs.map(([, j]) => j))]
  return {
    pairs,
    removed: [...before.keys()].filter((i) => !known.has(i)),
    added: [...after.keys()].filter((j) => !found.has(j)),
  }
}

/**
 * Of partners, each by its place in the second list, those that have moved: all but the most that stand in one order with
 * the pairs and with each other.
 */
export function outOfOrder(pairs: Alignment["pairs"], partner: ReadonlyMap<number, number>): ReadonlySet<number> {
  const between = [...partner].filter(([j, i]) => gapOf(pairs, i, 0) === gapOf(pairs, j, 1))
  const stay = new Set(increasing(between.toSorted(([j], [other]) => j - other)))
  return new Set([...partner.keys()].filter((j) => !stay.has(j)))
}

/** How many pairs stand before a place on one side. */
function gapOf(pairs: Alignment["pairs"], place: number, side: 0 | 1): number {
  let [low, high] = [0, pairs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pairs[middle]?.[side] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}

/** The firsts of the longest run whose seconds increase: patience sorting. */
function increasing(of: ReadonlyArray<readonly [first: number, second: number]>): number[] {
  interface Card {
    readonly first: number
    readonly second: number
    readonly below: Card | undefined
  }
  const tops: Card[] = []
  for (const [first, second] of of) {
    let [low, high] = [0, tops.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((tops[middle]?.second ?? 0) < second) low = middle + 1
      else high = middle
    }
    tops[low] = { first, second, below: tops[low - 1] }
  }
  const run: number[] = []
  for (let card = tops.at(-1); card !== undefined; card = card.below) run.push(card.first)
  return run
}

/** The pairs that are left by the fewest removals and additions; `undefined` where that is more than `most`. */
function shortest(a: readonly string[], b: readonly string[]): [number, number][] | undefined {
  const bound = Math.min(a.length + b.length, most)
  const zero = bound + 1
  const reach = new Int32Array(2 * bound + 3)
  const rounds: Int32Array[] = []
  const far = (of: Int32Array, diagonal: number): number => of[zero + diagonal] ?? 0
  const down = (of: Int32Array, round: number, k: number): boolean =>
    k === -round || (k !== round && far(of, k - 1) < far(of, k + 1))
  for (let round = 0; round <= bound; round++) {
    rounds.push(reach.slice())
    for (let k = -round; k <= round; k += 2) {
      let x = down(reach, round, k) ? far(reach, k + 1) : far(reach, k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reach[zero + k] = x
      if (x >= a.length && x - k >= b.length) return walked(rounds, far, down, a.length, b.length)
    }
  }
  return undefined
}

/** The way back through the rounds. */
function walked(
  rounds: readonly Int32Array[],
  far: (of: Int32Array, diagonal: number) => number,
  down: (of: Int32Array, round: number, k: number) => boolean,
  ends: number,
  otherEnds: number,
): [number, number][] {
  const pairs: [number, number][] = []
  let [x, y] = [ends, otherEnds]
  for (const [round, reach] of [...rounds.entries()].toReversed()) {
    const before = down(reach, round, x - y) ? x - y + 1 : x - y - 1
    const [left, top] = round === 0 ? [0, 0] : [far(reach, before), far(reach, before) - before]
    while (x > left && y > top) pairs.push([--x, --y])
    ;[x, y] = [left, top]
  }
  return pairs.toReversed()
}

/** Those that stand once on each side, as far as they are in the same order. */
function unique(a: readonly string[], b: readonly string[]): [number, number][] {
  const once = (keys: readonly string[]): Map<string, number> => {
    const found = new Map<string, number>()
    for (const [i, key] of keys.entries()) found.set(key, found.has(key) ? -1 : i)
    return found
  }
  const [mine, theirs] = [once(a), once(b)]
  const pairs: [number, number][] = []
  let last = -1
  for (const [i, key] of a.entries()) {
    const j = mine.get(key) === i ? (theirs.get(key) ?? -1) : -1
    if (j <= last) continue
    pairs.push([i, j])
    last = j
  }
  return pairs
}
