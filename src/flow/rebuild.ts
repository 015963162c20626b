import type { FlowAlgebra } from "./fold.js"
import type { Branch, Guard, Node } from "./node.js"

const classified = (on: Branch["on"], by: Node | undefined): Branch["on"] => (by === undefined ? on : { by })
const checked = (check: Guard["check"], by: Node | undefined): Guard["check"] => (by === undefined ? check : { by })

/** Each node again, with other children: what changes some nodes of a flow replaces their entries. */
export const rebuild: FlowAlgebra<Node> = {
  Pure: (node) => node,
  Agent: (node) => node,
  Fail: (node) => node,
  Seq: (node, parts) => ({ ...node, parts }),
  Let: (node, kids) => ({ ...node, ...kids }),
  FlatMap: (node, { of, among }) => ({ ...node, of, ...(among === undefined ? {} : { among }) }),
  All: (node, of) => ({ ...node, of }),
  Traverse: (node, body) => ({ ...node, body }),
  AtLeast: (node, of) => ({ ...node, of }),
  Race: (node, of) => ({ ...node, of }),
  Branch: (node, { by, arms, otherwise }) => ({
    ...node,
    on: classified(node.on, by),
    arms,
    ...(otherwise === undefined ? {} : { otherwise }),
  }),
  Recover: (node, kids) => ({ ...node, ...kids }),
  Loop: (node, body) => ({ ...node, body }),
  Within: (node, of) => ({ ...node, of }),
  Retry: (node, of) => ({ ...node, of }),
  Limit: (node, of) => ({ ...node, of }),
  Divert: (node, kids) => ({ ...node, ...kids }),
  Guard: (node, { of, by }) => ({ ...node, of, check: checked(node.check, by) }),
  Graph: (node, of) => ({ ...node, of }),
  Call: (node, of) => (of === undefined ? node : { ...node, of }),
  Suspend: (node) => node,
  Sleep: (node) => node,
}
