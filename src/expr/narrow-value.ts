import type { JsonSchema } from "../data/schema.js"
import type { Types } from "../flow/expr.js"
import type { Facts } from "./facts.js"
import { outcomeOf } from "./infer.js"
import { type Arm, armsOf, fieldsOf, fieldOf, isSchemaObject, type Shape, shape } from "./shape.js"
import type { Term } from "./term.js"
import { inline, union } from "./union.js"

/**
 * The type of `value` where a test is true, or false: of its alternatives those that may have passed, each with what the
 * test shows of its fields. `undefined` where it shows nothing.
 */
export function narrow(term: Term, types: Types, holds: boolean): JsonSchema | undefined {
  const declared = types.get("value")
  if (declared === undefined || declared === true) return undefined
  const shown = (value: JsonSchema): Facts => {
    const get = (name: string): JsonSchema | undefined => (name === "value" ? value : types.get(name))
    const { yes, no } = outcomeOf(term, { names: types.names, get })
    return holds ? yes : no
  }
  const facts = shown(declared)
  if (![...facts.keys()].some(isOfValue)) return undefined
  const alternatives = armsOf(facts.get("value") ?? shape(declared)).map((arm): Shape => {
    const alone = inline(arm)
    const own = shown(alone)
    const [known = arm, ...more] = armsOf(own.get("value") ?? shape(alone))
    return more.length > 0 ? shape(alone) : withFields(known, "value", own)
  })
  return alternatives.length === 0 ? declared : inline(union(alternatives))
}

const isOfValue = (path: string): boolean => path === "value" || path.startsWith("value[")

/** An alternative whose fields have the types that tests have shown; within unions no deeper than the field itself. */
function withFields(arm: Arm, path: string, facts: Facts): Shape {
  const fields = arm.schema["properties"]
  if (!isSchemaObject(fields)) return arm
  const narrowed = fieldsOf(arm).flatMap((name) => {
    const at = `${path}[${JSON.stringify(name)}]`
    if (![...facts.keys()].some((key) => key.startsWith(at))) return []
    const found = facts.get(at) ?? fieldOf(arm, name).shape
    const [only, ...more] = armsOf(found)
    const type = inline(only === undefined || more.length > 0 ? found : withFields(only, at, facts))
    return [[name, type] as const]
  })
  if (narrowed.length === 0) return arm
  return { ...arm, schema: { ...arm.schema, properties: { ...fields, ...Object.fromEntries(narrowed) } } }
}
