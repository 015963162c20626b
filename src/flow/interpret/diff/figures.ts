import { formatDuration } from "../../../data/duration.js"
import type { Cost, Figure, Figures } from "../cost.js"

/** A figure of the cost that is not what it was. `null` is unbounded. */
export interface Moved {
  readonly bound: "least" | "most"
  readonly figure: "calls" | "requests" | "tokens" | "usd" | "latency" | "concurrency"
  readonly before: number | null
  readonly after: number | null
}

const figures: ReadonlyArray<readonly [Moved["figure"], (of: Figures) => Figure]> = [
  ["calls", (of) => of.calls.total],
  ["requests", (of) => of.requests],
  ["tokens", (of) => of.tokens],
  ["usd", (of) => of.usd],
  ["latency", (of) => of.latency],
  ["concurrency", (of) => of.concurrency],
]

export function movedFigures(before: Cost, after: Cost): Moved[] {
  return (["least", "most"] as const).flatMap((bound) =>
    figures.flatMap(([figure, of]) => {
      const [was, is] = [of(before[bound]).value, of(after[bound]).value]
      return was === is ? [] : [{ bound, figure, before: was, after: is }]
    }),
  )
}

const words: Readonly<Record<Moved["figure"], string>> = {
  calls: "calls",
  requests: "model calls",
  tokens: "tokens",
  usd: "money",
  latency: "latency",
  concurrency: "at one time",
}

function amount(figure: Moved["figure"], value: number | null): string {
  if (value === null) return "unbounded"
  if (figure === "latency") return formatDuration(value)
  return figure === "usd" ? `$${value}` : value.toLocaleString("en-US")
}

/** A figure that moved, by its name and its two amounts, for a table. */
export const movedRow = ({ bound, figure, before, after }: Moved): readonly [string, string, string] => [
  `${words[figure]}, ${bound === "least" ? "at least" : "at most"}`,
  amount(figure, before),
  amount(figure, after),
]

/** As "at most 4 calls instead of 3". */
export function movedWords({ bound, figure, before, after }: Moved): string {
  const [name, was, is] = movedRow({ bound, figure, before, after })
  return `${name}: ${is} instead of ${was}`
}
