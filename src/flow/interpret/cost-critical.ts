import { times } from "./cost-tally.js"

/** What takes time on the way that takes longest. */
interface Stop {
  readonly kind: CriticalStep["kind"]
  readonly path: string
  readonly agent?: string
  /** Milliseconds; `Infinity` where nothing bounds them. */
  readonly latency: number
}

/** The way through a part that takes longest: joined in constant time, read once. */
export type Way =
  | undefined
  | { readonly stop: Stop }
  | { readonly left: Way; readonly right: Way }
  | { readonly of: Way; readonly times: number }

/** A step of the critical path. */
export interface CriticalStep {
  /** What takes the time: an agent, a wait, a deadline up to which a step may take it, a flow that is not known yet. */
  readonly kind: "ask" | "wait" | "deadline" | "unknown"
  /** Where in the flow. */
  readonly path: string
  /** Whom it asks. */
  readonly agent?: string
  /** How often it is run on this way; `null` where nothing bounds it. */
  readonly times: number | null
  /** Milliseconds for all of these times; `null` where nothing bounds them. */
  readonly latency: number | null
}

export const stopAt = (stop: Stop): Way => (stop.latency === 0 ? undefined : { stop })

export const onward = (left: Way, right: Way): Way => ({ left, right })

export const again = (of: Way, by: number): Way => ({ of, times: by })

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** The steps from first to last. Never recurses. */
export function stepsOf(way: Way): CriticalStep[] {
  const out: CriticalStep[] = []
  const stack: { readonly way: Way; readonly by: number }[] = [{ way, by: 1 }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { way: at, by } = top
    if (at === undefined) continue
    if ("stop" in at) {
      const { latency, ...where } = at.stop
      out.push({ ...where, times: finite(by), latency: finite(times(latency, by)) })
    } else if ("of" in at) stack.push({ way: at.of, by: times(by, at.times) })
    else stack.push({ way: at.right, by }, { way: at.left, by })
  }
  return out
}
