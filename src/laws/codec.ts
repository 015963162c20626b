import { type AnyFlow, equals } from "../flow/index.js"
import { sample } from "./arbitrary.js"
import { seeded } from "./choices.js"
import type { Sample } from "./sample.js"

/** A way to write flows down and to read them again. */
export interface Codec {
  /** Writes a flow whose functions are named and whose constants are plain data. */
  readonly write: (flow: AnyFlow) => string
  /** Reads it again. The functions, agents and called flows are those of `given`, the flow that was written, by name. */
  readonly read: (text: string, given: AnyFlow) => AnyFlow
}

/** A flow that did not come back as it was. */
export interface Loss {
  readonly flow: AnyFlow
  /** What was written, as far as it came. */
  readonly text?: string
  /** What was read, if it could be, or what was thrown. */
  readonly read?: AnyFlow
  readonly thrown?: unknown
}

const everything = { agents: true, faults: true, waits: true }
const answered = { agents: true, faults: false, races: false, waits: true, suspends: true }

const standard = (): Sample[] =>
  Array.from({ length: 120 }, (_, seed) =>
    sample(seeded(seed), 1 + (seed % 30), seed % 3 === 0 ? answered : everything),
  )

/**
 * The round trip: a flow that is written and read again equals what it was.
 *
 * @param given the flows; default 120 random ones, of every node.
 * @returns the flows that it does not hold of; none when all is well.
 *
 * @example
 * ```ts
 * import { pure } from "troupe"
 * import { roundTrips } from "troupe/laws"
 * // A codec that forgets everything loses every flow.
 * roundTrips({ write: () => "", read: () => pure("?") }).length > 100 // true
 * ```
 */
export function roundTrips(
  { write, read }: Codec,
  given: readonly AnyFlow[] = standard().map(({ flow }) => flow),
): readonly Loss[] {
  return given.flatMap((flow): Loss[] => {
    let text: string | undefined
    try {
      text = write(flow)
      const again = read(text, flow)
      return equals(again, flow) ? [] : [{ flow, text, read: again }]
    } catch (thrown) {
      return [{ flow, ...(text === undefined ? {} : { text }), thrown }]
    }
  })
}
