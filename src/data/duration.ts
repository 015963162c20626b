import { tidy } from "./tidy.js"

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The longest duration a document may write: beyond it a timer would overflow. About 24.8 days, in milliseconds. */
export const maxDuration = 2_147_483_647

const isUnit = (unit: string): unit is keyof typeof units => Object.hasOwn(units, unit)

/**
 * A duration such as `250ms`, `30s` or `5m` in milliseconds, or `undefined` when the text is none (or overflows).
 *
 * `parseDuration("1.5s")` gives `1500`.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,100})?)(ms|s|m|h|d)$/.exec(text)
  const unit = match?.[2]
  if (match === null || unit === undefined || !isUnit(unit)) return undefined
  const ms = unit === "ms" ? Number(match[1]) : tidy(Number(match[1]) * units[unit])
  return ms <= maxDuration ? ms : undefined
}

/** Milliseconds as the shortest duration that reads back to the same number: `1.5s`, but `1234ms`. */
export function formatDuration(ms: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (ms > 0 && ms % units[unit] === 0) return `${ms / units[unit]}${unit}`
  }
  const seconds = `${ms / units.s}s`
  if (ms > units.s && Number.isInteger(ms) && seconds.length < `${ms}ms`.length) return seconds
  const [digits = "", zeros] = String(ms).split("e-") // 1.5e-7
  return zeros === undefined ? `${digits}ms` : `0.${"0".repeat(Number(zeros) - 1)}${digits.replace(".", "")}ms`
}
