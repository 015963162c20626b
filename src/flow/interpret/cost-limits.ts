import type { Limits, RetryPolicy } from "../node.js"
import { inTurn, type Most, repeated, waiting } from "./cost-most.js"
import { times } from "./cost-tally.js"

/**
 * What a limit leaves of a part. It can hold tokens and money only where every ask inside declares them: only then can
 * the runtime reserve them before it asks. Consumes the part.
 */
export function limited(part: Most, limits: Limits): Most {
  const { calls = Infinity, tokens = Infinity, usd = Infinity, concurrency = Infinity } = limits
  const asks = Math.min(part.asks, calls)
  const byCalls = (each: number): number => times(each, calls)
  const each = {
    requests: part.each.requests,
    tokens: part.each.tokens === Infinity ? Infinity : Math.min(part.each.tokens, tokens),
    usd: part.each.usd === Infinity ? Infinity : Math.min(part.each.usd, usd),
  }
  const atOnce = Math.min(part.concurrency + part.beside, concurrency, asks)
  const beside = Math.min(part.beside, atOnce)
  part.byAgent.clamp(calls)
  const figures = {
    asks,
    requests: Math.min(part.requests, byCalls(each.requests)),
    tokens: Math.min(part.tokens, byCalls(each.tokens), each.tokens === Infinity ? Infinity : tokens),
    usd: Math.min(part.usd, byCalls(each.usd), each.usd === Infinity ? Infinity : usd),
  }
  const { open } = part
  return {
    ...part,
    ...figures,
    others: Math.min(part.others, calls),
    concurrency: atOnce === Infinity ? part.concurrency : atOnce - beside,
    beside,
    each,
    open: {
      latency: open.latency,
      calls: asks === Infinity ? open.calls : undefined,
      requests: figures.requests === Infinity ? open.requests : undefined,
      tokens: figures.tokens === Infinity ? open.tokens : undefined,
      usd: figures.usd === Infinity ? open.usd : undefined,
      concurrency: atOnce === Infinity ? open.concurrency : undefined,
    },
  }
}

/** A part that is run again so many times, with a wait before each. Consumes the part. */
export function retried(part: Most, policy: RetryPolicy, tries: number, path: string): Most {
  // A fault of an agent may ask for a wait of its own, which the policy grants up to its `max`.
  const wait = part.asks > 0 ? times(policy.max, tries) : backoffs(policy, tries)
  return inTurn([repeated(part, { times: tries + 1 }, path), waiting(path, wait)])
}

/** The sum of the longest waits. */
function backoffs({ backoff, base, max }: RetryPolicy, tries: number): number {
  if (base === 0) return 0
  if (backoff === "constant") return times(Math.min(base, max), tries)
  let sum = 0
  let wait = base
  let left = tries
  for (; left > 0 && wait < max; left--, wait *= 2) sum += wait
  return sum + times(max, left)
}
