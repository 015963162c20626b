import type { JsonSchema } from "../../data/schema.js"
import { alternatives } from "../../data/schema-alternatives.js"
import { isJsonArray, isJsonObject, record, tuple, union } from "../../data/schema-build.js"
import { isBuiltin } from "../builtin.js"
import type { Fn } from "../node.js"
import { elementType } from "./check-lists.js"
import { answer } from "./check-shapes.js"
import { fieldOf, narrowed, tagsOf } from "./check-tags.js"
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
  "attempt.failed": (fault) => record({ ok: { const: false }, fault }),
  "loop.state": (turn) => {
    const [step, state] = [elementType(turn, 0), elementType(turn, 1)]
    const again = narrowed(step, "_tag", (tag) => tag === "Continue")
    const ends = narrowed(step, "_tag", (tag) => tag !== "Continue")
    return union([...alternatives(again).map((one) => goesOn(one, state)), ends])
  },
  "fp.from_left": (either) => field(either, "left"),
  "fp.from_right": (either) => field(either, "right"),
  "fp.left": (value) => tagged("Left", "left", value),
  "fp.right": (value) => tagged("Right", "right", value),
}

/** A turn that goes on takes the state along; what may be none stays as it is, for the loop to tell. */
function goesOn(step: JsonSchema, state: JsonSchema): JsonSchema {
  const value = fieldOf(step, "value")
  const certain = value !== "missing" && tagsOf(field(step, "_tag"))[0] === "Continue"
  return certain ? answer("Continue", tuple([value, state])) : step
}

/** A record with one more field. */
function extended(pair: JsonSchema, name: string): JsonSchema {
  const [of, value] = [elementType(pair, 0), elementType(pair, 1)]
  return union(
    alternatives(of).map((one): JsonSchema => {
      if (one === true || one["type"] !== "object" || ["const", "allOf"].some((word) => Object.hasOwn(one, word)))
        return true
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
  if (!isBuiltin(fn)) return undefined
  if (fn.name.startsWith("bind.")) return { ...value, type: extended(value.type, fn.name.slice("bind.".length)) }
  const type = derived[fn.name]?.(value.type)
  return type === undefined ? undefined : { ...value, type }
}
