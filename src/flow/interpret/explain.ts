import { nodeOf } from "../build.js"
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
import { unfinished } from "../unfinished.js"

/** A line of the outline, or one level in or out for those after it. */
type Line = { readonly text: string; readonly path: string } | "in" | "out"

/** The outline of a part; `only` is its line when it has no other. */
interface Outline {
  readonly lines: Rope<Line>
  readonly only?: { readonly text: string; readonly path: string }
}

const many = (lines: Rope<Line>): Outline => ({ lines })
const one = (text: string, path: string): Outline => ({ lines: single({ text, path }), only: { text, path } })

const inside = (lines: Rope<Line>): Rope<Line> => joinAll([single("in"), lines, single("out")])

const line = (node: Node, path: string, text: string): Outline =>
  one(node.note === undefined ? text : `${text} (${node.note})`, path)

const under = (head: Outline, below: readonly Outline[]): Outline =>
  many(join(head.lines, inside(joinAll(below.map((outline) => outline.lines)))))

/** A part with a heading: on one line where it has one. */
const titled = (title: string, { only, lines }: Outline): Outline =>
  only === undefined
    ? many(join(single({ text: title, path: "" }), inside(lines)))
    : one(`${title}: ${only.text}`, only.path)

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
    const [first] = kids
    if (node.id === undefined && node.note === undefined) {
      return kids.length === 1 && first !== undefined ? first : many(joinAll(kids.map((kid) => kid.lines)))
    }
    return under(line(node, path, `steps${node.id === undefined ? "" : ` ${node.id}`}`), kids)
  },
  Let: (node, { of, body }) => {
    const head = of.only === undefined ? join(of.lines, one(`call it ${node.name}`, "").lines) : undefined
    return many(join(head ?? one(`${of.only?.text ?? ""}, as ${node.name}`, of.only?.path ?? "").lines, body.lines))
  },
  All: (node, kids, { path }) =>
    under(
      line(node, path, "all at the same time, on the same input"),
      kids.map((kid, i) => titled(node.keys?.[i] ?? `branch ${i}`, kid)),
    ),
  AtLeast: (node, kids, { path }) => {
    const names = memberNames(node)
    const terms = quorumTerms(node, names).map((term) => `; ${term}`)
    return under(
      line(node, path, `at least ${quorumWords(node)}${terms.join("")}`),
      kids.map((kid, i) => titled(names[i] ?? String(i), kid)),
    )
  },
  Race: (node, kids, { path }) =>
    under(
      line(node, path, `race: ${raceWords(node)}`),
      kids.map((kid, i) => titled(`branch ${i}`, kid)),
    ),
  Branch: (node, { by, arms, otherwise }, { path }) => {
    const on = choiceWords(node)
    return under(line(node, path, on === undefined ? "branch by an answer" : `branch on ${on}`), [
      ...(by === undefined ? [] : [titled("the answer of", by)]),
      ...arms.map((arm, i) => titled(`case ${node.tags[i] ?? ""}`, arm)),
      ...(otherwise === undefined ? [] : [titled("otherwise", otherwise)]),
    ])
  },
  Recover: (node, { of, handler }, { path }) => {
    const what = `${faultWords(node)}, with ${node.gets === "fault" ? "the fault" : "the step's input"}`
    const tried = of.only === undefined ? under(one("try", path), [of]) : of
    return many(join(tried.lines, titled(what, handler).lines))
  },
  Loop: (node, body, { path }) => under(line(node, path, `loop, ${turnsWords(node)}${exhaustedWords(node)}`), [body]),
  FlatMap: () => unfinished("explain FlatMap"),
  Traverse: () => unfinished("explain Traverse"),
  Retry: () => unfinished("explain Retry"),
  Limit: () => unfinished("explain Limit"),
  Divert: () => unfinished("explain Divert"),
  Guard: () => unfinished("explain Guard"),
  Graph: () => unfinished("explain Graph"),
  Call: () => unfinished("explain Call"),
  Suspend: () => unfinished("explain Suspend"),
  Sleep: () => unfinished("explain Sleep"),
  Within: (node, of, { path }) =>
    of.only === undefined
      ? under(line(node, path, deadlineWords(node)), [of])
      : line(node, of.only.path, `${of.only.text}, ${deadlineWords(node)}`),
}

/** A path that nobody reads to its end is cut at its beginning. */
const cutTail = (path: string): string => (path.length > 200 ? `…${path.slice(-199)}` : path)

/** Deeper lines are not indented further. */
const deepest = 20

/**
 * A flow in words: an indented outline, one line for a step, with its path in brackets.
 *
 * @example
 * ```ts
 * import { explain, pure } from "troupe/flow"
 * explain(pure(3)) // "give 3"
 * explain(pure(3).timeout(1_000)) // "give 3, at most 1s"
 * ```
 */
export function explain(flow: AnyFlow): string {
  const out: string[] = []
  let depth = 0
  for (const item of items(fold(nodeOf(flow), outline).lines)) {
    if (item === "in") depth++
    else if (item === "out") depth--
    else {
      const text = item.text.replace(/\s+/g, " ").trim()
      const words = text.length > 100 ? `${text.slice(0, 99)}…` : text
      out.push(`${"  ".repeat(Math.min(depth, deepest))}${words}${item.path === "" ? "" : `  [${cutTail(item.path)}]`}`)
    }
  }
  return out.length === 0 ? "give what arrives" : out.join("\n")
}
