import { type FlowAlgebra, fold } from "../../fold.js"
import type { Node } from "../../node.js"
import { ask } from "./ask.js"
import { calling } from "./call.js"
import { branch, recovering } from "./control.js"
import { looping } from "./loop.js"
import { diverting } from "./divert.js"
import { choosing } from "./flat-map.js"
import { graphing } from "./graph.js"
import { guarding } from "./guard.js"
import { limiting } from "./limit.js"
import { type Exec, Failed } from "./machine.js"
import { gated } from "./nested.js"
import { all, race } from "./parallel.js"
import { evaluatorOf } from "./pure.js"
import { quorum } from "./quorum.js"
import { retrying } from "./retry.js"
import { binding, sequence } from "./sequence.js"
import { sleeping } from "./sleep.js"
import { suspending } from "./suspend.js"
import { traversing } from "./traverse.js"
import { within } from "./within.js"

/** The agents that closures ask: a fault of their time names them. */
const asked = new WeakMap<Exec, string>()

/** `run` as an interpreter: each node becomes a closure over those of its children. */
const running: FlowAlgebra<Exec> = {
  Pure: ({ code }, _, { local }) => {
    const evaluate = evaluatorOf(code)
    return (frame, input) => evaluate(code, frame, input, local)
  },
  Agent: (node, _, { local }) => {
    const { name, timeout } = node.ref
    const asking = gated(ask(node, local))
    const exec = timeout === undefined ? asking : within(timeout, asking, local, name)
    asked.set(exec, name)
    return exec
  },
  Fail: ({ code, message, data, retry }, _, { local }) => {
    const fault = { _tag: "Failed", code, message, ...(data === undefined ? {} : { data }) } as const
    return (frame) => new Failed({ ...fault, path: frame.path(local), retry: retry ? "yes" : "no" })
  },
  Seq: (_, steps) => sequence(steps),
  Let: ({ name }, { of, body }) => binding(name, of, body),
  All: (node, members) => all(node, members),
  AtLeast: (node, members, { local }) => quorum(node, members, local),
  Race: (node, members, { local }) => race(node, members, local),
  Branch: (node, kids, { local }) => branch(node, kids, local),
  Recover: (node, { of, handler }, { local }) => recovering(node, of, handler, local),
  Loop: (node, body, { local }) => looping(node, body, local),
  FlatMap: (node, { of, among }, { local }) => choosing(node, of, among, local, compile),
  Traverse: (node, body, { local }) => traversing(node, body, local),
  Retry: (node, of, { local }) => retrying(node, of, local),
  Limit: (node, of, { local }) => limiting(node, of, local),
  Divert: (node, { of, side }, { local }) => diverting(node, of, side, local),
  Guard: (node, { of, by }, { local }) => guarding(node, of, by, local),
  Graph: (node, members) => graphing(node, members),
  Call: (node, of, { local }) => calling(node, of, local),
  Suspend: (node, _, { local }) => suspending(node, local),
  Sleep: (node, _, { local }) => sleeping(node, local),
  Within: (node, of, { local }) => within(node.ms, of, local, asked.get(of)),
}

const compiled = new WeakMap<Node, Exec>()

/** A flow as a closure, compiled once however often it is run. */
export function compile(node: Node): Exec {
  let exec = compiled.get(node)
  if (exec === undefined) {
    exec = fold(node, running)
    compiled.set(node, exec)
  }
  return exec
}
