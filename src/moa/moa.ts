import type { InOf, OutOf } from "../data/agent-ref.js"
import { flow, codeOf } from "../flow/build.js"
import { InvalidFlow } from "../flow/invalid.js"
import * as make from "../flow/make.js"
import type { Node } from "../flow/node.js"
import { list } from "../flow/refuse.js"
import type { AnyFlow, Flow } from "../flow/types.js"
import { planOf } from "./layer.js"
import { question, refer } from "./seats.js"

type Last<Ls extends readonly unknown[]> = Ls extends readonly [...unknown[], infer L] ? L : Ls[number]

/**
 * A Mixture of Agents: layers one on top of the other. Every layer gets the question; from the second on its proposers
 * also get the answer of the layer below, as its `prompt` puts it. The output is the last aggregator's.
 *
 * @example
 * ```ts
 * import { AgentSystem, defineAgent } from "troupe"
 * import { layer, moa } from "troupe/moa"
 * const voice = (name: string) => defineAgent({ name }, (text: string) => `${name} on ${text.split("\n")[0]}`)
 * const editor = defineAgent({ name: "editor" }, (text: string) => text.match(/\w+ on \w+/g)?.join("; ") ?? "")
 * const below = layer({ proposers: [voice("hope"), voice("doubt")], aggregator: editor })
 * const ensemble = moa([below, layer({ proposers: [voice("critic")], aggregator: editor })])
 * await using system = new AgentSystem()
 * await system.run(ensemble, "bees") // "critic on bees"
 * ```
 */
export function moa<const Ls extends readonly AnyFlow[]>(layers: Ls): Flow<InOf<Ls[0]>, OutOf<Last<Ls>>> {
  list(layers, "what moa takes", "layers")
  const [first, ...rest] = layers
  if (first === undefined) throw new InvalidFlow("moa_empty", "an ensemble needs at least one layer")
  const { name: bottom } = planOf(first)
  let below = { node: first.node, name: bottom }
  let asked: Node = make.seq([])
  const parts: Node[] = []
  for (const next of rest) {
    const name = below.name === "question" ? "answer" : below.name
    parts.push(make.all([asked, below.node], ["question", name]), make.pure(codeOf(refer)))
    const { briefed, name: aggregator } = planOf(next)
    below = { node: briefed, name: aggregator }
    asked = make.pure(codeOf(question))
  }
  return flow(make.seq([...parts, below.node]))
}
