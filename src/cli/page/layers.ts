/** What stands in a container, by its size. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** An arrow between two of a container, by index, with the room that its words take. */
export interface Way {
  readonly from: number
  readonly to: number
  readonly words?: Size | undefined
}

/** Something in a row: what stands there, or a place where an arrow passes. */
export interface Slot extends Size {
  /** The index of what stands here; -1 for a place where an arrow passes. */
  readonly of: number
  /** The place of its words on an arrow. */
  readonly words: boolean
  readonly above: number[]
  readonly below: number[]
  row: number
}

/** Rows of slots, and for each arrow the slots that it goes through, its ends included. */
export interface Rows {
  readonly slots: readonly Slot[]
  readonly rows: readonly (readonly number[])[]
  readonly routes: readonly (readonly number[])[]
}

/** The arrows that lead back to where the way came from: each circle has one. */
export function backward(count: number, ways: readonly Way[]): ReadonlySet<number> {
  const back = new Set<number>()
  const out: number[][] = Array.from({ length: count }, () => [])
  for (const [i, { from, to }] of ways.entries()) {
    if (from === to) back.add(i)
    else out[from]?.push(i)
  }
  const state = new Uint8Array(count) // 1: on the way, 2: done
  for (let start = 0; start < count; start++) {
    if (state[start] !== 0) continue
    const stack: [node: number, next: number][] = [[start, 0]]
    state[start] = 1
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const way = out[top[0]]?.[top[1]++]
      if (way === undefined) {
        state[top[0]] = 2
        stack.pop()
        continue
      }
      const to = ways[way]?.to ?? 0
      if (state[to] === 1) back.add(way)
      else if (state[to] === 0) {
        state[to] = 1
        stack.push([to, 0])
      }
    }
  }
  return back
}

/** The row of each: below all that lead to it, one further where an arrow has words. */
function rowsOf(count: number, ways: readonly Way[]): number[] {
  const rows = Array.from({ length: count }, () => 0)
  const waits = Array.from({ length: count }, () => 0)
  const out: Way[][] = Array.from({ length: count }, () => [])
  for (const way of ways) {
    waits[way.to] = (waits[way.to] ?? 0) + 1
    out[way.from]?.push(way)
  }
  const ready = [...rows.keys()].filter((i) => waits[i] === 0)
  // Grows as it is read.
  for (const at of ready) {
    for (const { to, words } of out[at] ?? []) {
      rows[to] = Math.max(rows[to] ?? 0, (rows[at] ?? 0) + (words === undefined ? 1 : 2))
      waits[to] = (waits[to] ?? 1) - 1
      if (waits[to] === 0) ready.push(to)
    }
  }
  return rows
}

/** The greatest of some numbers, however many; 0 of none. */
export const greatest = (of: readonly number[]): number => of.reduce((most, one) => Math.max(most, one), 0)

/** What stands in rows, from top to bottom, and in an order in which few arrows cross. The ways have no circle. */
export function inRows(sizes: readonly Size[], ways: readonly Way[]): Rows {
  const rowOf = rowsOf(sizes.length, ways)
  const slots: Slot[] = sizes.map((size, of) => ({
    ...size,
    of,
    words: false,
    above: [],
    below: [],
    row: rowOf[of] ?? 0,
  }))
  const routes = ways.map(({ from, to, words }) => {
    const [first, last] = [rowOf[from] ?? 0, rowOf[to] ?? 0]
    const route = [from]
    const middle = (first + last) >> 1
    for (let row = first + 1; row < last; row++) {
      const here = row === middle ? words : undefined
      const size = here ?? { width: 8, height: 0 }
      route.push(slots.push({ ...size, of: -1, words: here !== undefined, above: [], below: [], row }) - 1)
    }
    route.push(to)
    for (const [i, at] of route.entries()) {
      const next = route[i + 1]
      if (next === undefined) continue
      slots[at]?.below.push(next)
      slots[next]?.above.push(at)
    }
    return route
  })
  const rows: number[][] = Array.from({ length: greatest(slots.map(({ row }) => row)) + 1 }, () => [])
  for (const [i, { row }] of slots.entries()) rows[row]?.push(i)
  return { slots, rows: untangled(rows, slots), routes }
}

const sweeps = 8

/** The best of some orders, each the last one with every slot moved to the middle of those that it is tied to. */
function untangled(given: readonly (readonly number[])[], slots: readonly Slot[]): readonly (readonly number[])[] {
  let rows = given
  let best = given
  let least = crossings(given, slots)
  for (let sweep = 0; sweep < sweeps && least > 0; sweep++) {
    const down = sweep % 2 === 0
    const next = rows.map((row) => [...row])
    for (let i = 1; i < next.length; i++) {
      const [at, before] = down ? [i, i - 1] : [next.length - 1 - i, next.length - i]
      const place = new Map((next[before] ?? []).map((slot, index) => [slot, index]))
      const key = (slot: number, index: number): number => {
        const ties = (down ? slots[slot]?.above : slots[slot]?.below) ?? []
        return ties.length === 0 ? index : ties.reduce((sum, tie) => sum + (place.get(tie) ?? 0), 0) / ties.length
      }
      const keyed = (next[at] ?? []).map((slot, index) => [slot, key(slot, index)] as const)
      next[at] = keyed.toSorted(([, a], [, b]) => a - b).map(([slot]) => slot)
    }
    rows = next
    const crossed = crossings(rows, slots)
    if (crossed < least) [best, least] = [rows, crossed]
  }
  return best
}

/** How often arrows cross between neighbouring rows. */
function crossings(rows: readonly (readonly number[])[], slots: readonly Slot[]): number {
  let crossed = 0
  for (const [i, row] of rows.entries()) {
    const place = new Map((rows[i + 1] ?? []).map((slot, index) => [slot, index]))
    const ends = row.flatMap((slot) =>
      (slots[slot]?.below ?? []).map((to) => place.get(to) ?? 0).toSorted((a, b) => a - b),
    )
    if (ends.length > 2_000) continue // too many to count, and nobody sees one more
    for (let a = 0; a < ends.length; a++) {
      for (let b = a + 1; b < ends.length; b++) if ((ends[a] ?? 0) > (ends[b] ?? 0)) crossed++
    }
  }
  return crossed
}
