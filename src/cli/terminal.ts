import pc from "picocolors"

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Whether a person watches standard error. */
  readonly live: boolean
  readonly rows: number
  readonly columns: number
  readonly colors: ReturnType<typeof pc.createColors>
  /** Calls back before anything else than `err` writes to standard error, such as an agent. Gives what takes that back. */
  readonly besides?: (before: () => void) => () => void
}

const results = process.stdout.write.bind(process.stdout)
const errors = process.stderr.write.bind(process.stderr)

type Done = (error?: Error | null) => void

/** A `write` that does something first, and goes to where `to` says by then. */
function writing(to: () => typeof errors, before: () => void = () => undefined) {
  return (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    before()
    return typeof encoding === "string" ? to()(chunk, encoding, done) : to()(chunk, encoding)
  }
}

function besides(before: () => void): () => void {
  process.stderr.write = writing(() => errors, before)
  return () => {
    process.stderr.write = errors
  }
}

/** Standard output is for results alone: from now on whatever else would write there, an agent say, writes to standard error. */
export function keepOutputForResults(): void {
  console.log = console.info = console.debug = console.error
  // Whatever its `write` is by then: a live view steps aside for it.
  process.stdout.write = writing(() => process.stderr.write.bind(process.stderr))
}

/** Waits until all results are written. */
export const resultsWritten = (): Promise<void> => new Promise((resolve) => results("", () => resolve()))

/** The terminal of this process. Colours respect NO_COLOR and FORCE_COLOR, and end where nobody watches. */
export function terminal(): Terminal {
  const { stderr } = process
  const wanted = process.env["FORCE_COLOR"]
  const forced = wanted !== undefined && wanted !== "" && wanted !== "0"
  const refused = (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb"
  return {
    out: (text) => results(text),
    err: (text) => errors(text),
    besides,
    live: stderr.isTTY && process.env["TERM"] !== "dumb" && process.env["CI"] === undefined,
    get rows() {
      return stderr.rows || 24 // 0 where a terminal does not say
    },
    get columns() {
      return stderr.columns || 100
    },
    colors: pc.createColors(forced || (!refused && stderr.isTTY)),
  }
}
