import { items, join, joinAll, type Rope, single } from "../../data/rope.js"
import { fold, type FlowAlgebra } from "../fold.js"
import { memberNames } from "../members.js"
import type { Agent, Node } from "../node.js"
import type { AnyFlow } from "../types.js"
import {
  choiceWords,
  codeWords,
  deadlineWords,
  exhaustedWords,
  faultWords,
  pureWords,
  quorumTerms,
  quorumWords,
  raceWords,
  turnsWords,
} from "./explain-words.js"

/** A line of the outline, or one level in or out for those after it. */
type Line = { readonly text: string; readonly path: string } | "in" | "out"

type Outline = Rope<Line>

const inside = (lines: Outline): Outline => joinAll([single("in"), lines, single("out")])

function line(node: Node, path: string, text: string): Outline {
  return single({ text: node.note === undefined ? text : `${text} (${node.note})`, path })
}

/** A line for a part, and the part below it. */
const part = (text: string, path: string, lines: Outline): Outline => join(single({ text, path }), inside(lines))

function agentWords({ ref, override }: Agent): string {
  const { prompt, systemPrompt, model, temperature, maxTokens } = override ?? {}
  const own = [
    prompt && "a prompt of its own",
    systemPrompt && "a system prompt of its own",
    model && `model ${model}`,
    temperature !== undefined && `temperature ${temperature}`,
    maxTokens !== undefined && `at most ${maxTokens} tokens`,
  ].filter((words) => typeof words === "string")
  return `ask ${ref.name}${own.length === 0 ? "" : `, with ${own.join(", ")}`}`
}

const outline: FlowAlgebra<Outline> = {
  Pure: (node, _, { path }) =>
    line(node, path, node.code._tag === "Constant" ? `give ${codeWords(node.code)}` : pureWords(node)),
  Agent: (node, _, { path }) => line(node, path, agentWords(node)),
  Fail: (node, _, { path }) => line(node, path, `fail with ${node.code}: ${node.message}`),
  Seq: (node, kids, { path }) => {
    if (node.id === undefined && node.note === undefined) return joinAll(kids)
    return join(line(node, path, `steps${node.id === undefined ? "" : ` ${node.id}`}`), inside(joinAll(kids)))
  },
  Let: (node, { of, body }, { path }) => joinAll([of, line(node, path, `call it ${node.name}`), body]),
  All: (node, kids, { path }) => {
    const parts = kids.map((kid, i) => part(node.keys?.[i] ?? `branch ${i}`, "", kid))
    return join(line(node, path, `all at the same time, on the same input`), inside(joinAll(parts)))
  },
  AtLeast: (node, kids, { path }) => {
    const names = memberNames(node)
    const terms = quorumTerms(node, names).map((term) => `; ${term}`)
    const parts = kids.map((kid, i) => part(names[i] ?? String(i), "", kid))
    return join(line(node, path, `at least ${quorumWords(node)}${terms.join("")}`), inside(joinAll(parts)))
  },
  Race: (node, kids, { path }) => {
    const parts = kids.map((kid, i) => part(`branch ${i}`, "", kid))
    return join(line(node, path, `race: ${raceWords(node)}`), inside(joinAll(parts)))
  },
  Branch: (node, { by, arms, otherwise }, { path }) => {
    const on = choiceWords(node)
    return joinAll([
      line(node, path, on === undefined ? "branch by the answer of" : `branch on ${on}`),
      inside(
        joinAll([
          by && inside(by),
          ...arms.map((arm, i) => part(`case ${node.tags[i] ?? ""}`, "", arm)),
          otherwise && part("otherwise", "", otherwise),
        ]),
      ),
    ])
  },
  Recover: (node, { of, handler }, { path }) =>
    join(
      of,
      part(`${faultWords(node)}, with ${node.gets === "fault" ? "the fault" : "the step's input"}`, path, handler),
    ),
  Loop: (node, body, { path }) =>
    join(line(node, path, `loop, ${turnsWords(node)}${exhaustedWords(node)}`), inside(body)),
  Within: (node, of, { path }) => join(line(node, path, `${deadlineWords(node)}:`), inside(of)),
}

/** Deeper lines are not indented further. */
const deepest = 20

/**
 * A flow in words: an indented outline, one line for a step, with its path in brackets.
 *
 * @example
 * ```ts
 * import { explain, pure } from "troupe/flow"
 * explain(pure(3)) // "give 3"
 * ```
 */
export function explain(flow: AnyFlow): string {
  const out: string[] = []
  let depth = 0
  for (const item of items(fold(flow.node, outline))) {
    if (item === "in") depth++
    else if (item === "out") depth--
    else {
      const text = item.text.replace(/\s+/g, " ").trim()
      const words = text.length > 100 ? `${text.slice(0, 99)}…` : text
      out.push(`${"  ".repeat(Math.min(depth, deepest))}${words}${item.path === "" ? "" : `  [${item.path}]`}`)
    }
  }
  return out.length === 0 ? "give what arrives" : out.join("\n")
}
