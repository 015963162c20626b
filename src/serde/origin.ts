import type { Position } from "../data/diagnostic.js"
import { staticPath } from "../data/path.js"
import type { Document } from "../flow/document.js"
import type { Expr } from "../flow/expr.js"
import { walk } from "../flow/fold.js"
import type { Node } from "../flow/node.js"
import type { Places } from "./grammar/reader.js"
import type { Source } from "./source.js"
import type { Tree } from "./tree.js"

/** Where the parts of a flow were written: from paths and expressions back to the text. */
export class Origin {
  readonly source: Source | undefined
  readonly #flows: readonly Node[]
  readonly #places: Places
  #byPath: Map<string, Tree> | undefined

  constructor(source: Source | undefined, flows: readonly Node[], places: Places) {
    this.source = source
    this.#flows = flows
    this.#places = places
  }

  expr(expr: Expr): Tree | undefined {
    return this.#places.get(expr)
  }

  /** What was written for a path of the flow, or for the nearest path above it. */
  at(path: string): Tree | undefined {
    this.#byPath ??= this.#index()
    for (let at = staticPath(path); ; at = above(at)) {
      const tree = this.#byPath.get(at)
      if (tree !== undefined || at === "") return tree
    }
  }

  position(path: string): Position | undefined {
    const range = this.at(path)?.range
    return range === undefined ? undefined : this.source?.position(range.start)
  }

  /** The first place is the outermost: a step before the node inside its decorators. */
  #index(): Map<string, Tree> {
    const found = new Map<string, Tree>()
    for (const flow of this.#flows) {
      walk(flow, (node, at) => {
        const path = staticPath(at.path)
        const tree = found.has(path) ? undefined : this.#places.get(node)
        if (tree !== undefined) found.set(path, tree)
      })
    }
    return found
  }
}

/** The path without its last segment, or without the suffix of a flow that was called or chosen. */
const above = (path: string): string => path.replace(/(?:^|[/@:])[^/@:]*$/, "")

const origins = new WeakMap<Document, Origin>()

export const remember = (document: Document, origin: Origin): Document => {
  origins.set(document, origin)
  return document
}

/** Where a document came from; undefined for one made in TypeScript. */
export const originOf = (document: Document): Origin | undefined => origins.get(document)
