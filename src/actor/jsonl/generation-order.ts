/** A file of messages that is open. A rename does not change its number (inode). */
export interface Generation {
  readonly fd: number
  readonly file: string
  /** When it was last written to, and when it was made, in nanoseconds. */
  readonly written: bigint
  readonly made: bigint
  readonly path: string
  /** Whether it is the one that is written to now. */
  readonly current: boolean
}

/**
 * Files in the order in which they were written to: those that were put away by when they were last written to, then
 * the one that is written to now. A copy that was made before the file was cut has its place before the file.
 */
export function byWriting(files: readonly Generation[]): readonly Generation[] {
  return ordered(files, files, (a, b) => compare(a.written, b.written) || compare(a.made, b.made))
}

/**
 * The same for files that have all come since a reader last looked: by when they were made. When one was last written to
 * tells less, as a writer may have had it open still when a later one had already taken its last line.
 *
 * Where it is not known when one was made, they are in the order of `byWriting`. `all` are the files in the folder.
 */
export function byMaking(files: readonly Generation[], all: readonly Generation[]): readonly Generation[] {
  if (files.some(isMadeAfterwards)) return ordered(files, all, (a, b) => compare(a.written, b.written))
  return ordered(files, all, (a, b) => compare(a.made, b.made) || compare(a.written, b.written))
}

/** Of a file that was made after it was written to, its system or a copying program does not tell when it was made. */
export function isMadeAfterwards({ made, written }: Generation): boolean {
  return made > written
}

type Compare = (a: Generation, b: Generation) => number

/** The times of files are coarse: what they do not tell apart, the names do. */
function ordered(files: readonly Generation[], all: readonly Generation[], byTime: Compare): readonly Generation[] {
  const up = countsUp(all, byTime)
  const place = (file: Generation): number => (file.current ? 1 : 0)
  return files.toSorted((a, b) => place(a) - place(b) || byTime(a, b) || byName(a, b, up))
}

/**
 * Whether of numbered files the higher is the newer: told by those whose times differ. Most programs that put files away
 * count the other way.
 */
function countsUp(all: readonly Generation[], byTime: Compare): boolean {
  const numbered = all.filter((file) => !Number.isNaN(numberOf(file))).toSorted(byTime)
  let votes = 0
  for (const [i, file] of numbered.entries()) {
    const next = numbered[i + 1]
    if (next !== undefined && byTime(file, next) !== 0) votes += Math.sign(numberOf(next) - numberOf(file))
  }
  return votes > 0
}

function byName(a: Generation, b: Generation, up: boolean): number {
  const difference = numberOf(a) - numberOf(b)
  if (Number.isNaN(difference)) return a.path < b.path ? -1 : 1
  return up ? difference : -difference
}

function numberOf({ path }: Generation): number {
  return Number(/\.(\d{1,5})$/.exec(path)?.[1] ?? Number.NaN)
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
