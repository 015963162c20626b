import type { Json, JsonObject } from "../../data/json.js"
import type { Node } from "../../flow/node.js"
import { kindOf, type Tree } from "../tree.js"
import { ofKind } from "./definitions.js"
import type { Field } from "./field.js"
import type { Reader } from "./reader.js"

const stepSchema: JsonObject = ofKind("step")

/** One flow: a step. */
export const flowField: Field<Node, Json> = {
  schema: stepSchema,
  decode: (tree, cx) => cx.step(tree),
  encode: (step) => step,
}

/** Members of a parallel node, with keys where they were written as a mapping. */
export interface Members<T> {
  readonly of: readonly T[]
  readonly keys?: readonly string[] | undefined
}

function decodeList(tree: Extract<Tree, { kind: "list" }>, cx: Reader): Members<Node> | undefined {
  const of = tree.items.map((item) => cx.step(item))
  return of.every((node) => node !== undefined) ? { of } : undefined
}

/** In the order that JavaScript gives an object's keys, which any of them went through if it came from TypeScript. */
function decodeRecord(tree: Extract<Tree, { kind: "mapping" }>, cx: Reader): Members<Node> | undefined {
  const found = Object.fromEntries(tree.entries.map(({ key, value }) => [key, cx.step(value)]))
  const of = Object.values(found)
  return of.every((node) => node !== undefined) ? { of, keys: Object.keys(found) } : undefined
}

export const isMembers = (tree: Tree): boolean => tree.kind === "list"

/** How steps are written where they stand in a list. */
export const inList = "write each step on a line of its own, after `- `"

/** Several flows, in a list. */
export const flowList: Field<readonly Node[], readonly Json[]> = {
  schema: { type: "array", items: stepSchema },
  decode(tree, cx) {
    if (tree.kind !== "list") return cx.wrong(tree, `this is ${kindOf(tree)}`, "a list of steps", inList)
    return decodeList(tree, cx)?.of
  },
  encode: (steps) => steps,
}

const recordSchema: JsonObject = { type: "object", additionalProperties: stepSchema }

/** Several flows, in a list or by name. */
export const flows: Field<Members<Node>, Members<Json>> = {
  schema: { anyOf: [{ type: "array", items: stepSchema }, recordSchema] },
  decode(tree, cx) {
    if (tree.kind === "list") return decodeList(tree, cx)
    if (tree.kind === "mapping") return decodeRecord(tree, cx)
    return cx.wrong(tree, `this is ${kindOf(tree)}`, "a list of steps, or a mapping of names to steps", inList)
  },
  encode: ({ of, keys }) => (keys === undefined ? of : byName(keys, of)),
}

/** Flows by name alone: the cases of a branch. */
export const cases: Field<Members<Node>, Members<Json>> = {
  schema: recordSchema,
  decode(tree, cx) {
    if (tree.kind !== "mapping")
      return cx.wrong(
        tree,
        `this is ${kindOf(tree)}`,
        "a mapping of tags to steps",
        "write each case as `tag: step`, on a line of its own",
      )
    return decodeRecord(tree, cx)
  },
  encode: ({ of, keys = [] }) => byName(keys, of),
}

const byName = (keys: readonly string[], steps: readonly Json[]): Json =>
  Object.fromEntries(keys.map((key, i) => [key, steps[i] ?? null]))
