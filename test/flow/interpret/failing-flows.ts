import * as fc from "fast-check"
import type { AnyAgentRef } from "../../../src/data/agent-ref.js"
import type * as F from "../../../src/flow/index.js"
import * as make from "../../../src/flow/make.js"
import type { Node } from "../../../src/flow/node.js"

/** How often each agent fails. */
export const failures: Readonly<Record<string, number>> = { a: 0.25, b: 0.5, c: 0.125 }
const agents: readonly AnyAgentRef[] = Object.keys(failures).map((name) => ({ _tag: "AgentRef", name }))

const truth: F.Fn = { _tag: "Fn", name: "truth", run: () => true }

/** Random flows that fail by their agents and by nothing else, on a list of two; each such failure is worth another try. */
export const failingFlows: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => {
  const node = tie("node")
  const list = fc.array(node, { minLength: 1, maxLength: 3 })
  return {
    node: fc.oneof(
      { maxDepth: 2, depthSize: "small", withCrossShrink: true },
      fc.constantFrom(...agents).map((ref) => make.agent(ref)),
      fc.constantFrom<Node>(make.seq([]), make.fail({ code: "no", message: "no" })),
      fc.array(node, { maxLength: 3 }).map((parts) => make.seq(parts)),
      list.map((members) => make.all(members)),
      fc
        .tuple(list, fc.nat(), fc.boolean())
        .map(([members, n, required]) =>
          make.atLeast(
            1 + (n % members.length),
            members,
            undefined,
            required ? { required: [members.length - 1] } : {},
          ),
        ),
      list.map((members) => make.race(members)),
      fc.tuple(node, node).map(([k, handler]) => make.recover(k, handler, "input", undefined)),
      fc
        .tuple(node, fc.nat(2))
        .map(([k, times]) => make.retry(k, { times, base: 0, on: ["Unavailable", "AllFailed", "QuorumNotMet"] })),
      fc
        .tuple(node, fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }))
        .map(([body, atLeast]) =>
          make.seq([
            make.pure({ _tag: "Constant", value: ["x", "y"] }),
            make.traverse(body, atLeast === undefined ? {} : { atLeast }),
          ]),
        ),
      fc.tuple(node, node).map(([k, side]) => make.divert(k, side, "tap")),
      fc.tuple(node, node).map(([k, by]) => make.guard(k, { by: make.seq([by, make.pure(truth)]) })),
      fc.tuple(node, node).map(([x, y]) =>
        make.graph([
          { id: "x", of: x, dependsOn: [] },
          { id: "y", of: y, dependsOn: ["x"] },
        ]),
      ),
    ),
  }
}).node
