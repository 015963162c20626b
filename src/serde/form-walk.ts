import { isMap, isScalar, isSeq, type Scalar, type YAMLMap } from "yaml"
import { isRecord, type Json, type JsonObject } from "../data/json.js"

/** What is done at the places of a document that the grammar knows. */
export interface Visitor {
  /** A mapping of closed keys, which are given in their order. */
  record(map: YAMLMap, keys: readonly string[]): void
  /** A text where the grammar wants an expression. */
  expression(scalar: Scalar): void
}

/** Goes through a YAML document along the JSON Schema of the format. */
export class FormWalk {
  readonly #format: JsonObject
  readonly #kinds: JsonObject

  constructor(format: JsonObject) {
    this.#format = format
    const { $defs } = format
    this.#kinds = isRecord($defs) ? $defs : {}
  }

  visit(document: unknown, visitor: Visitor): void {
    this.#walk(document, this.#format, visitor)
  }

  #walk(node: unknown, schema: Json | undefined, visitor: Visitor): void {
    for (const one of this.#alternatives(schema)) {
      if (one["$comment"] === expressionMark) {
        if (isScalar(node)) visitor.expression(node)
      } else if (isSeq(node)) {
        for (const item of one["items"] === undefined ? [] : node.items) this.#walk(item, one["items"], visitor)
      } else if (isMap(node)) this.#mapping(node, one, visitor)
    }
  }

  #mapping(map: YAMLMap, { properties, additionalProperties }: JsonObject, visitor: Visitor): void {
    if (isRecord(properties)) {
      if (!map.items.every(({ key }) => isScalar(key) && Object.hasOwn(properties, String(key.value)))) return
      visitor.record(map, Object.keys(properties))
      for (const { key, value } of map.items) {
        if (isScalar(key)) this.#walk(value, properties[String(key.value)], visitor)
      }
    } else if (isRecord(additionalProperties)) {
      for (const { value } of map.items) this.#walk(value, additionalProperties, visitor)
    }
  }

  /** The schemas that a value may fit, references followed. Of templates and schemas nothing inside is the grammar's. */
  #alternatives(schema: Json | undefined): readonly JsonObject[] {
    if (!isRecord(schema)) return []
    const { $ref, anyOf, properties } = schema
    if (typeof $ref === "string") {
      const name = $ref.replace("#/$defs/", "")
      if (name === "expression") return [{ $comment: expressionMark }]
      return name === "step" ? this.#alternatives(this.#kinds[name]) : []
    }
    if (Array.isArray(anyOf) && !isRecord(properties)) return anyOf.flatMap((one: Json) => this.#alternatives(one))
    return [schema]
  }
}

const expressionMark = "expression"
