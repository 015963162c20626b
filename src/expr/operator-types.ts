import type { JsonSchema } from "../data/schema.js"
import type { Kind } from "./kind.js"
import { type Arm, armsOf, itemOf, type Shape, shape, unknownShape } from "./shape.js"
import type { Operator } from "./term.js"
import { listOf } from "./union.js"

/** What an operator gives; and, where its operands do not fit, what it needs instead. */
export interface OperatorType {
  readonly type: Shape
  readonly needs?: string
}

const boolean = shape({ type: "boolean" })
const ordered: readonly Kind[] = ["number", "string", "boolean"]

/** The type of an operator on operands of these types. Operands of unknown type fit everywhere. */
export function operatorType(operator: Operator, left: Shape, right: Shape): OperatorType {
  const a = armsOf(left)
  const b = armsOf(right)
  switch (operator) {
    case "==":
    case "!=":
      return equality(a, b)
    case "in":
      return membership(a, b)
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const fits = pairs(a, b, (x, y) => ordered.includes(x) && x === y) && all([...a, ...b], ordered)
      return fits ? { type: boolean } : { type: boolean, needs: "two numbers, two strings or two booleans" }
    }
    case "+":
      return plus(a, b)
    case "-":
    case "*":
    case "%":
    case "/": {
      const type = operator !== "/" && all([...a, ...b], ["number"]) ? numeric(a, b) : { type: "number" }
      const fits = all([...a, ...b], ["number"])
      return fits ? { type: shape(type) } : { type: shape(type), needs: "two numbers" }
    }
  }
}

/** Whether every pair of known kinds fits. */
function pairs(a: readonly Arm[], b: readonly Arm[], fits: (x: Kind, y: Kind) => boolean): boolean {
  return a.every((x) => b.every((y) => x.kind === "any" || y.kind === "any" || fits(x.kind, y.kind)))
}

const all = (arms: readonly Arm[], kinds: readonly Kind[]): boolean =>
  arms.every((arm) => arm.kind === "any" || kinds.includes(arm.kind))

function numeric(a: readonly Arm[], b: readonly Arm[]): JsonSchema {
  return { type: [...a, ...b].every((arm) => arm.schema["type"] === "integer") ? "integer" : "number" }
}

function equality(a: readonly Arm[], b: readonly Arm[]): OperatorType {
  const meets = a.some((x) => b.some((y) => x.kind === "any" || y.kind === "any" || x.kind === y.kind))
  const nothing = a.length === 0 || b.length === 0
  const withNull = [...a, ...b].some((arm) => arm.kind === "null")
  return meets || nothing || withNull ? { type: boolean } : { type: boolean, needs: "operands that can be equal" }
}

function membership(a: readonly Arm[], b: readonly Arm[]): OperatorType {
  const keyed = b.every((y) => y.kind !== "object") || all(a, ["string"])
  if (all(b, ["list", "object"]) && keyed) return { type: boolean }
  const text = b.length > 0 && b.every((y) => y.kind === "string")
  return {
    type: boolean,
    needs: text ? "a list (of a text ask `text.contains(part)`)" : "a list, or a key and an object",
  }
}

function plus(a: readonly Arm[], b: readonly Arm[]): OperatorType {
  const needs = "two numbers, two lists, or strings and numbers"
  const fits = (x: Kind, y: Kind): boolean =>
    (x === y && (x === "number" || x === "string" || x === "list")) ||
    (x === "string" && y === "number") ||
    (x === "number" && y === "string")
  const addable = all([...a, ...b], ["number", "string", "list"])
  const has = (arms: readonly Arm[], kind: Arm["kind"]): boolean => arms.some((arm) => arm.kind === kind)
  const only = (arms: readonly Arm[], kind: Arm["kind"]): boolean =>
    arms.length > 0 && arms.every((x) => x.kind === kind)
  if (!addable || !pairs(a, b, fits)) return { type: unknownShape, needs }
  if (only(a, "string") || only(b, "string")) return { type: shape({ type: "string" }) }
  if (only(a, "list") || only(b, "list")) {
    const lists = [...a, ...b].map((arm) => (arm.kind === "list" ? itemOf(arm) : unknownShape))
    return { type: listOf(lists) }
  }
  if (only(a, "number") && only(b, "number")) return { type: shape(numeric(a, b)) }
  if (has(a, "any") || has(b, "any")) return { type: unknownShape }
  return { type: shape({ anyOf: [{ type: "number" }, { type: "string" }] }) }
}
