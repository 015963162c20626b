import type { JsonSchema } from "../../src/data/schema.js"
import type { Scope, Types } from "../../src/flow/expr.js"

/** A scope of these values. */
export const scopeOf = (values: Readonly<Record<string, unknown>>): Scope => ({
  has: (name) => Object.hasOwn(values, name),
  get: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
})

/** Types of these names. */
export const typesOf = (types: Readonly<Record<string, JsonSchema>>): Types => ({
  names: Object.keys(types),
  get: (name) => (Object.hasOwn(types, name) ? types[name] : undefined),
})
