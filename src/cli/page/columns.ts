import type { Rows, Slot } from "./layers.js"

/** Room between neighbours in a row. */
const gap = 28
const passes = 24

/**
 * The middle of each slot from left to right: in the order of its row, near the middle of those that it is tied to, and
 * nothing upon another.
 */
export function middles({ slots, rows }: Rows): readonly number[] {
  const x = slots.map(() => 0)
  for (const row of rows) {
    let left = 0
    for (const slot of row) {
      const { width = 0 } = slots[slot] ?? {}
      x[slot] = left + width / 2
      left += width + gap
    }
  }
  for (let pass = 0; pass < passes; pass++) {
    const down = pass % 2 === 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[down ? i : rows.length - 1 - i] ?? []
      const wanted = row.map((slot) => {
        const { above = [], below = [] } = slots[slot] ?? {}
        // Both sides at the end, so that what stands between two rows is not drawn to one of them.
        const ties = pass >= passes - 2 ? [...above, ...below] : down ? above : below
        return ties.length === 0 ? (x[slot] ?? 0) : ties.reduce((sum, tie) => sum + (x[tie] ?? 0), 0) / ties.length
      })
      for (const [j, middle] of spread(row, slots, wanted).entries()) x[row[j] ?? 0] = middle
    }
  }
  const left = slots.reduce((least, { width }, i) => Math.min(least, (x[i] ?? 0) - width / 2), Infinity)
  return x.map((middle) => middle - left)
}

/** The places nearest to those that are wanted, in order and far enough apart: neighbours that clash share the way. */
function spread(row: readonly number[], slots: readonly Slot[], wanted: readonly number[]): number[] {
  const widths = row.map((slot) => slots[slot]?.width ?? 0)
  let offset = 0
  const offsets = widths.map((width, i) => {
    offset += i === 0 ? 0 : ((widths[i - 1] ?? 0) + width) / 2 + gap
    return offset
  })
  const blocks: { sum: number; weight: number; size: number }[] = []
  for (const [i, want] of wanted.entries()) {
    // An arrow that only passes would rather go straight.
    const weight = slots[row[i] ?? 0]?.of === -1 ? 2 : 1
    let block = { sum: (want - (offsets[i] ?? 0)) * weight, weight, size: 1 }
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.weight <= block.sum / block.weight) break
      blocks.pop()
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, size: last.size + block.size }
    }
    blocks.push(block)
  }
  const starts = blocks.flatMap(({ sum, weight, size }) => Array.from({ length: size }, () => sum / weight))
  return starts.map((start, i) => start + (offsets[i] ?? 0))
}
