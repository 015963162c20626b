import type { NodeOf, Tag } from "./node.js"
import type { Place } from "./place.js"

/** The results for a node's children, by their role. */
export interface Kids<R> {
  Pure: null
  Agent: null
  Fail: null
  Seq: readonly R[]
  Let: { readonly of: R; readonly body: R }
  FlatMap: { readonly of: R; readonly among: readonly R[] | undefined }
  All: readonly R[]
  Traverse: R
  AtLeast: readonly R[]
  Race: readonly R[]
  Branch: { readonly by: R | undefined; readonly arms: readonly R[]; readonly otherwise: R | undefined }
  Recover: { readonly of: R; readonly handler: R }
  Loop: R
  Within: R
  Retry: R
  Limit: R
  Divert: { readonly of: R; readonly side: R }
  Guard: { readonly of: R; readonly by: R | undefined }
  Graph: readonly R[]
  /** Of the flow that is called; undefined where the call is not linked. */
  Call: R | undefined
  Suspend: null
  Sleep: null
}

/** An interpreter: one entry per node, from the results for its children to the result for it. */
export type FlowAlgebra<R> = { readonly [T in Tag]: (node: NodeOf<T>, kids: Kids<R>[T], at: Place) => R }
