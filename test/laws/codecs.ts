import { builtin } from "../../src/flow/builtin.js"
import { type AnyFlow, type Fn, walk } from "../../src/flow/index.js"
import { flow as typed } from "../../src/flow/build.js"
import type { AnyAgentRef } from "../../src/data/agent-ref.js"
import type { Codec } from "../../src/laws/index.js"
import { decode, encode, parse, print, type Registry, registry } from "../../src/serde/index.js"

/** The names that a flow is made of: what a host registers. */
function namesOf(flow: AnyFlow, withFlows: boolean): Registry {
  const functions = new Map<string, Fn>()
  const agents = new Map<string, AnyAgentRef>()
  const flows = new Map<string, AnyFlow>()
  walk(flow.node, (node, _, codes) => {
    if (node._tag === "Agent") agents.set(node.ref.name, node.ref)
    if (node._tag === "Call" && node.of !== undefined) flows.set(node.name, typed(node.of))
    for (const code of codes) {
      if (code._tag === "Fn" && code.name !== undefined && builtin(code.name) === undefined) {
        functions.set(code.name, code)
      }
    }
  })
  return registry({
    functions: [...functions.values()],
    agents: [...agents.values()],
    ...(withFlows ? { flows: Object.fromEntries(flows) } : {}),
  })
}

/** `encode` and `decode`. */
export const json: Codec = {
  write: (flow) => JSON.stringify(encode(flow)),
  read(text, given) {
    const read = decode(JSON.parse(text), namesOf(given, true))
    if (read._tag === "Left") throw new Error(JSON.stringify(read.left))
    return read.right
  },
}

/** `print` and `parse`: a document of its own. */
export const yaml: Codec = {
  write: print,
  read(text, given) {
    const read = parse(text, namesOf(given, false))
    if (read._tag === "Left") throw new Error(JSON.stringify(read.left))
    return read.right.flow
  },
}
