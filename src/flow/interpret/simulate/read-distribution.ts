import { parseDuration } from "../../../data/duration.js"
import { isRecord } from "../../../data/json.js"
import type { Issue } from "../../../data/schema.js"
import {
  constant,
  exponential,
  lognormal,
  mixture,
  normal,
  oneOf,
  type Sampler,
  sigmaOf,
  uniform,
} from "./distribution.js"

/** What an amount is of: texts of milliseconds are durations with a unit, others plain numbers. */
export type Unit = "ms" | "plain"

/** Where a value stands, and where what is wrong with it is written down. */
export interface Reading {
  readonly at: string
  readonly unit: Unit
  readonly issues: Issue[]
}

const inside = (reading: Reading, ...keys: readonly (string | number)[]): Reading => ({
  ...reading,
  at: [reading.at, ...keys].join("/"),
})

/** What stands in for a distribution that could not be read: its reader throws. */
const none: Sampler = constant(0)

export function wrong({ at, issues }: Reading, message: string): Sampler {
  issues.push({ at, message })
  return none
}

const example = ({ unit }: Reading): string =>
  unit === "ms" ? "250ms, 2s or lognormal(2s, 6s)" : "800 or uniform(500, 900)"

const amountText = (text: string, unit: Unit): number | undefined => {
  if (unit === "ms") return parseDuration(text)
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** An amount, 0 or more; `undefined` where it is none, which is then written down. */
function amount(value: unknown, reading: Reading): number | undefined {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value
  const read = typeof value === "string" ? amountText(value.trim(), reading.unit) : undefined
  if (read !== undefined) return read
  const expected = reading.unit === "ms" ? "milliseconds, or a duration such as 2s" : "a number, 0 or more"
  wrong(reading, `${JSON.stringify(value) ?? String(value)}: expected ${expected}`)
  return undefined
}

type Kind = (args: readonly number[], reading: Reading) => Sampler

/** The distributions that have a name, by what they take. */
const kinds: Readonly<Record<string, { readonly takes: readonly string[]; readonly make: Kind }>> = {
  uniform: {
    takes: ["from", "to"],
    make: ([from = 0, to = 0], reading) =>
      to < from ? wrong(reading, "uniform: from is above to") : uniform(from, to),
  },
  normal: { takes: ["mean", "sd"], make: ([mean = 0, sd = 0]) => normal(mean, sd) },
  lognormal: {
    takes: ["median", "p95"],
    make: ([median = 0, p95 = 0], reading) =>
      median > 0 && p95 >= median
        ? lognormal(median, sigmaOf(median, p95))
        : wrong(reading, "lognormal: expected a median above 0 and a p95 that is not below it"),
  },
  exponential: { takes: ["mean"], make: ([mean = 0]) => exponential(mean) },
}

const shapes = "uniform, normal, lognormal, exponential, empirical or mixture"

/** A distribution from data or from its text. What is wrong with it is written down, with its place. */
export function readDistribution(value: unknown, reading: Reading): Sampler {
  if (typeof value === "string") return readText(value, reading)
  if (typeof value === "number") return constant(amount(value, reading) ?? 0)
  const [name, ...others] = isRecord(value) ? Object.keys(value) : []
  if (!isRecord(value) || name === undefined || others.length > 0) {
    return wrong(
      reading,
      `expected an amount, a text such as ${example(reading)}, or an object with one key: ${shapes}`,
    )
  }
  const given = value[name]
  const below = inside(reading, name)
  if (name === "empirical") return empirical(given, below)
  if (name === "mixture") return parts(given, below)
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined) return wrong(reading, `there is no distribution ${name}: expected ${shapes}`)
  if (name === "uniform" && Array.isArray(given)) {
    if (given.length !== 2) return wrong(below, "expected two amounts: [from, to]")
    return made(kind, given, below, [0, 1])
  }
  if (name === "lognormal" && isRecord(given) && "sigma" in given) return bySigma(given, below)
  if (!isRecord(given) || !exactly(given, kind.takes)) return wrong(below, `expected { ${kind.takes.join(", ")} }`)
  return made(
    kind,
    kind.takes.map((key) => given[key]),
    below,
    kind.takes,
  )
}

const exactly = (given: object, keys: readonly string[]): boolean =>
  Object.keys(given).length === keys.length && keys.every((key) => Object.hasOwn(given, key))

function made(
  { make }: { readonly make: Kind },
  given: readonly unknown[],
  reading: Reading,
  keys: readonly (string | number)[],
): Sampler {
  const args = given.map((one, i) => amount(one, inside(reading, keys[i] ?? i)))
  const known = args.filter((arg) => arg !== undefined)
  return known.length < args.length ? none : make(known, reading)
}

function bySigma(given: Readonly<Record<string, unknown>>, reading: Reading): Sampler {
  if (!exactly(given, ["median", "sigma"])) return wrong(reading, "expected { median, p95 } or { median, sigma }")
  const median = amount(given["median"], inside(reading, "median"))
  const sigma = amount(given["sigma"], { ...inside(reading, "sigma"), unit: "plain" })
  return lognormal(median ?? 0, sigma ?? 0)
}

function empirical(given: unknown, reading: Reading): Sampler {
  if (!Array.isArray(given) || given.length === 0) return wrong(reading, "expected a list of measured values")
  return oneOf(given.map((one: unknown, i) => amount(one, inside(reading, i)) ?? 0))
}

function parts(given: unknown, reading: Reading): Sampler {
  if (!Array.isArray(given) || given.length === 0) return wrong(reading, "expected a list of { weight, of }")
  const read = given.map((part: unknown, i) => {
    const at = inside(reading, i)
    if (!isRecord(part) || !exactly(part, ["weight", "of"])) {
      wrong(at, "expected { weight, of }")
      return { weight: 1, of: none }
    }
    return {
      weight: weightOf(part["weight"], inside(at, "weight")),
      of: readDistribution(part["of"], inside(at, "of")),
    }
  })
  return mixed(read, reading)
}

/** A share of a whole, in any scale. */
export const weightOf = (value: unknown, reading: Reading): number => amount(value, { ...reading, unit: "plain" }) ?? 0

function mixed(of: readonly { readonly weight: number; readonly of: Sampler }[], reading: Reading): Sampler {
  return of.some(({ weight }) => weight > 0) ? mixture(of) : wrong(reading, "expected a weight above 0")
}

function readText(text: string, reading: Reading): Sampler {
  const pieces = text.split("+").map((piece) => /^(?:(\d+(?:\.\d+)?)\s*%\s*)?(.*)$/s.exec(piece.trim()))
  const read = pieces.map((piece) => ({ share: piece?.[1], of: readOne(piece?.[2] ?? "", reading) }))
  const [first] = read
  if (first !== undefined && read.length === 1 && first.share === undefined) return first.of
  const shares = read.map(({ share }) => (share === undefined ? Number.NaN : Number(share)))
  const sum = shares.reduce((a, b) => a + b, 0)
  if (!(Math.abs(sum - 100) < 1e-6)) {
    return wrong(reading, `${text}: expected shares that make 100%, such as 98% 2s + 2% 60s`)
  }
  return mixture(read.map(({ of }, i) => ({ weight: shares[i] ?? 0, of })))
}

function readOne(text: string, reading: Reading): Sampler {
  const plain = amountText(text, reading.unit)
  if (plain !== undefined) return constant(plain)
  const [, name = "", list = ""] = /^([a-z]+)\s*\((.*)\)$/s.exec(text) ?? []
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined)
    return wrong(reading, `${JSON.stringify(text)}: expected an amount such as ${example(reading)}`)
  const args = list.split(",").map((arg) => arg.trim())
  if (args.length !== kind.takes.length) return wrong(reading, `${text}: expected ${name}(${kind.takes.join(", ")})`)
  return made(kind, args, reading, [])
}
