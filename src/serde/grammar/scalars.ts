import { formatDuration, maxDuration, parseDuration } from "../../data/duration.js"
import { type FaultTag, faultTags } from "../../data/fault.js"
import { asText, type Json, own } from "../../data/json.js"
import type { Count, Param } from "../../flow/node.js"
import { identifier } from "../../flow/scope.js"
import { nearest } from "../../data/nearest.js"
import { suggestion } from "../suggest.js"
import { kindOf, plain, type Tree } from "../tree.js"
import { ofKind } from "./definitions.js"
import type { Field } from "./field.js"
import type { Reader } from "./reader.js"

const isText = (tree: Tree): tree is Extract<Tree, { kind: "scalar" }> & { readonly value: string } =>
  tree.kind === "scalar" && typeof tree.value === "string"

/** A text that is taken as it is. */
export const text: Field<string> = {
  schema: { type: "string" },
  decode: (tree, cx) =>
    isText(tree) ? tree.value : cx.wrong(tree, `this is ${kindOf(tree)}`, "a text", quoteIt(tree)),
  encode: (value) => value,
}

const quoteIt = (tree: Tree): string =>
  tree.kind === "scalar" && tree.value !== null ? `quote it: \`"${String(tree.value)}"\`` : "write one text"

/** A name that expressions can say. */
export const identifierField: Field<string> = {
  schema: { type: "string", pattern: identifier.source },
  decode(tree, cx) {
    if (isText(tree) && identifier.test(tree.value)) return tree.value
    return cx.wrong(tree, `this is ${kindOf(tree)}`, "a name of letters, digits and _, not beginning with a digit")
  },
  encode: (value) => value,
}

export const boolean: Field<boolean> = {
  schema: { type: "boolean" },
  decode: (tree, cx) =>
    tree.kind === "scalar" && typeof tree.value === "boolean"
      ? tree.value
      : cx.wrong(tree, `this is ${kindOf(tree)}`, "true or false"),
  encode: (value) => value,
}

/** The number that a text was likely meant as: `$5`, `10k`, `1_000`. */
function numberIn(text: string): number {
  const [, written = "", thousands] = /^\$?(.+?)(k?)$/i.exec(text.replace(/[_,]/g, "")) ?? []
  return written.trim() === "" ? Number.NaN : Number(written) * (thousands === "" ? 1 : 1_000)
}

/** A number that fits, in the place of what does not: the nearest to what is there. */
function digits(tree: Tree, minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): string {
  const meant = tree.kind === "scalar" ? numberIn(String(tree.value)) : Number.NaN
  const example = Math.min(Math.max(Number.isNaN(meant) ? 1 : Math.round(meant), minimum), maximum)
  return typeof tree.key === "string" ? `write \`${tree.key}: ${example}\`` : `write ${example}`
}

/** A number within bounds, both included. */
export function number(minimum: number, maximum: number): Field<number> {
  return {
    schema: { type: "number", minimum, maximum },
    decode(tree, cx) {
      if (tree.kind === "scalar" && typeof tree.value === "number" && tree.value >= minimum && tree.value <= maximum) {
        return tree.value
      }
      return cx.wrong(
        tree,
        `this is ${kindOf(tree)}`,
        maximum === Number.MAX_VALUE ? `a number, ${minimum} or more` : `a number from ${minimum} to ${maximum}`,
        digits(tree, minimum, maximum),
      )
    },
    encode: (value) => value,
  }
}

/** A whole number, `minimum` or more. */
export function integer(minimum: number): Field<number> {
  return {
    schema: { type: "integer", minimum },
    decode(tree, cx) {
      if (tree.kind === "scalar" && typeof tree.value === "number") {
        if (Number.isSafeInteger(tree.value) && tree.value >= minimum) return tree.value
      }
      return cx.wrong(tree, `this is ${kindOf(tree)}`, `a whole number, ${minimum} or more`, digits(tree, minimum))
    },
    encode: (value) => value,
  }
}

/** The unit that a word begins like: `sec`, `minutes`, `hrs`. */
const unitWords =
  /^(\d+(?:\.\d+)?)\s*(?:(ms|milli\w*)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hrs?|hours?)|(d|days?))$/i

/** The duration that a text was likely meant as. */
function durationIn(text: string): string {
  const [, number, ...found] = unitWords.exec(text) ?? []
  const unit = ["ms", "s", "m", "h", "d"].find((_, i) => found[i] !== undefined)
  const meant = `${number}${unit}`
  return parseDuration(meant) === undefined ? "write 30s" : `write ${meant}`
}

const inUnits = (number: string): string => `write ${number}s for seconds, ${number}ms for milliseconds`

/** Milliseconds, written with a unit. */
export const duration: Field<number> = {
  schema: ofKind("duration"),
  decode(tree, cx) {
    const ms = isText(tree) ? parseDuration(tree.value) : undefined
    if (ms !== undefined) return ms
    const longest = `a duration such as 250ms, 30s or 5m, at most ${Math.floor(maxDuration / 86_400_000)}d`
    const meant = isText(tree) ? durationIn(tree.value) : "write 30s"
    const bare = tree.kind === "scalar" && /^\d+(\.\d+)?$/.test(String(tree.value))
    return cx.wrong(tree, `this is ${kindOf(tree)}`, longest, bare ? inUnits(asText(plain(tree))) : meant)
  },
  encode: (ms) => formatDuration(ms),
}

/** One of a closed set of words. */
export function oneOf<const T extends string>(words: readonly T[]): Field<T> {
  const known = (value: unknown): value is T => words.some((word) => word === value)
  return {
    schema: { enum: words },
    decode(tree, cx) {
      const value = tree.kind === "scalar" ? tree.value : undefined
      if (known(value)) return value
      const meant = typeof value === "string" ? nearest(value, words) : undefined
      return cx.wrong(
        tree,
        `this is ${kindOf(tree)}`,
        `one of ${words.join(", ")}`,
        meant === undefined ? undefined : `did you mean \`${meant}\`?`,
      )
    },
    encode: (value) => value,
  }
}

/** The name of a fault. */
export const faultTag: Field<FaultTag> = { ...oneOf(faultTags), schema: ofKind("fault") }

/** A list, or one item alone in its place. */
export function listOf<D, E>(item: Field<D, E>, what: string): Field<readonly D[], readonly E[]> {
  return {
    schema: { type: "array", items: item.schema },
    decode(tree, cx) {
      if (tree.kind !== "list") return cx.wrong(tree, `this is ${kindOf(tree)}`, `a list of ${what}`, asList(tree))
      const items = tree.items.map((one) => item.decode(one, cx))
      return items.every((one) => one !== undefined) ? items : undefined
    },
    encode: (items) => items.map((one) => item.encode(one)),
  }
}

/** A name that stands where a list of names should. */
const asList = ({ key, ...tree }: Tree): string | undefined =>
  tree.kind === "scalar" && typeof tree.value === "string" && typeof key === "string" && /^\w+$/.test(tree.value)
    ? `write \`${key}: [${tree.value}]\``
    : undefined

/** Any JSON, taken as it is. */
export const json: Field<Json> = { schema: {}, decode: plain, encode: (value) => value }

/** A member of a quorum: its index, or its name. */
export const member: Field<number | string> = {
  schema: { type: ["string", "integer"] },
  decode(tree, cx) {
    if (tree.kind === "scalar" && (typeof tree.value === "string" || Number.isSafeInteger(tree.value))) {
      return typeof tree.value === "string" ? tree.value : Number(tree.value)
    }
    return cx.wrong(tree, `this is ${kindOf(tree)}`, "the name or the index of a member")
  },
  encode: (value) => value,
}

const parameter = /^\s*\$\{\s*params\.([A-Za-z_]\w*)\s*\}\s*$/

/** A whole number, or one parameter whose schema has both a `minimum`, which may not be less, and a `maximum`. */
export function count(minimum: number): Field<Count> {
  const literal = integer(minimum)
  return {
    schema: { anyOf: [literal.schema, ofKind("parameter")] },
    decode(tree, cx) {
      const name = isText(tree) ? parameter.exec(tree.value)?.[1] : undefined
      if (name !== undefined) return param(name, minimum, tree, cx)
      if (tree.kind === "scalar" && typeof tree.value === "number") return literal.decode(tree, cx)
      return cx.wrong(
        tree,
        `this is ${kindOf(tree)}`,
        `a whole number, ${minimum} or more, or one parameter such as "\${params.n}"`,
        isText(tree) && tree.value.includes("params.")
          ? "a parameter stands alone here: it is not computed with"
          : digits(tree, minimum),
      )
    },
    encode: (value) => (typeof value === "number" ? value : `\${params.${value.name}}`),
  }
}

function param(name: string, minimum: number, tree: Tree, cx: Reader): Param | undefined {
  const { params } = cx.known
  if (params === undefined) return { _tag: "Param", name }
  const schema = own(params, name)
  const wrong = (code: string, message: string, hint: string): undefined => cx.report.at(tree, { code, message, hint })
  if (schema === undefined) {
    return wrong("unknown_param", `no parameter is called \`${name}\``, suggestion(name, Object.keys(params)))
  }
  if (schema === true || schema["type"] !== "integer") {
    const hint = `write its schema so: \`${name}: { type: integer, minimum: ${Math.max(1, minimum)}, maximum: 10 }\``
    return wrong("param_bounds", `the parameter \`${name}\` is no whole number, which is needed here`, hint)
  }
  const low = schema["minimum"]
  const high = schema["maximum"]
  if (typeof low !== "number" || typeof high !== "number") {
    const lacking =
      typeof low === "number" ? "maximum" : typeof high === "number" ? "minimum" : "minimum and no maximum"
    const hint = `add them to its schema: \`${name}: { type: integer, minimum: ${Math.max(1, minimum)}, maximum: 10 }\``
    return wrong("param_bounds", `the parameter \`${name}\` has no ${lacking}, which a number in a flow needs`, hint)
  }
  if (low < minimum) {
    return wrong(
      "param_bounds",
      `the parameter \`${name}\` may be ${low}: expected ${minimum} or more`,
      `set its minimum to ${minimum}`,
    )
  }
  return { _tag: "Param", name, minimum: low, maximum: high }
}
