import type { Json } from "../../data/json.js"
import type { Node } from "../../flow/node.js"
import type { Tree } from "../tree.js"
import type { Field, Fields } from "./field.js"
import type { Reader } from "./reader.js"

/** A node key: what stands under it, what may stand beside it, and the node that comes of it. */
export interface NodeForm {
  readonly about: string
  /** What may stand under the key, for the reference. */
  readonly example: Json
  readonly body: Field<unknown, never>
  /** Keys of the step that belong to this node. */
  readonly beside: Fields
  read(body: Tree, step: Extract<Tree, { kind: "mapping" }>, cx: Reader): Node | undefined
}

/** The form of a node key that has nothing beside it. */
export function form<D, E>(
  about: string,
  body: Field<D, E>,
  example: Json,
  build: (body: D, tree: Tree, cx: Reader) => Node | undefined,
): NodeForm & { readonly body: Field<D, E> } {
  return {
    about,
    example,
    body,
    beside: {},
    read(tree, _step, cx) {
      const value = body.decode(tree, cx)
      return value === undefined ? undefined : build(value, tree, cx)
    },
  }
}
