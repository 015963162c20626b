import type { JsonSchema } from "../../data/schema.js"
import { isJsonArray, isJsonObject, members, record, union } from "../../data/schema-build.js"
import { isBuiltin } from "../builtin.js"
import type { Fn } from "../node.js"
import { elementType } from "./check-lists.js"
import { answer, faultType } from "./check-shapes.js"
import { fieldOf, narrowed } from "./check-tags.js"
import type { Wire } from "./check-typing.js"

const field = (type: JsonSchema, name: string): JsonSchema => {
  const found = fieldOf(type, name)
  return found === "missing" ? true : found
}

const tagged = (tag: string, key: string, value: JsonSchema): JsonSchema =>
  record({ _tag: { const: tag }, [key]: value })

/** What the functions of derived constructors give, by their names. */
const derived: Readonly<Record<string, (value: JsonSchema) => JsonSchema>> = {
  "attempt.ok": (value) => record({ ok: { const: true }, value }),
  "attempt.failed": (fault) => record({ ok: { const: false }, fault: fault === true ? faultType() : fault }),
  "loop.state": (turn) => {
    const [step, state] = [elementType(turn, 0), elementType(turn, 1)]
    return union(
      members(step).map((one) => {
        const again = narrowed(one, "_tag", (tag) => tag === "Continue")
        const ends = narrowed(one, "_tag", (tag) => tag !== "Continue")
        const next = members(again).map((each) => goesOn(each, state))
        return union([...next, ends])
      }),
    )
  },
  "fp.from_left": (either) => field(either, "left"),
  "fp.from_right": (either) => field(either, "right"),
  "fp.left": (value) => tagged("Left", "left", value),
  "fp.right": (value) => tagged("Right", "right", value),
}

/** A turn that goes on takes the state along; of which tag it is may not be known. */
function goesOn(step: JsonSchema, state: JsonSchema): JsonSchema {
  const tag = fieldOf(step, "_tag")
  const value = fieldOf(step, "value")
  if (tag === "missing" || value === "missing") return step
  if (tag === true || tag["const"] !== "Continue") {
    const only = tag !== true && isJsonArray(tag["enum"]) && tag["enum"].every((one) => one === "Continue")
    if (!only) return true
  }
  return answer("Continue", { type: "array", prefixItems: [value, state], items: false, minItems: 2, maxItems: 2 })
}

/** A record with one more field. */
function extended(pair: JsonSchema, name: string): JsonSchema {
  const [of, value] = [elementType(pair, 0), elementType(pair, 1)]
  return union(
    members(of).map((one): JsonSchema => {
      if (one === true || one["allOf"] !== undefined || one["$ref"] !== undefined) return true
      const { properties = {}, required = [], additionalProperties } = one
      if (!isJsonObject(properties) || !isJsonArray(required)) return true
      const open = additionalProperties ?? one["properties"] === undefined
      return {
        type: "object",
        properties: { ...properties, [name]: value },
        required: [...required.filter((key) => key !== name), name],
        additionalProperties: open,
      }
    }),
  )
}

/** The type of what a function of a derived constructor gives; `undefined` for any other function. */
export function derivedType(fn: Fn, value: Wire): Wire | undefined {
  if (fn.name === undefined || !isBuiltin(fn)) return undefined
  if (fn.name.startsWith("bind.")) return { ...value, type: extended(value.type, fn.name.slice("bind.".length)) }
  const type = derived[fn.name]?.(value.type)
  return type === undefined ? undefined : { ...value, type }
}
