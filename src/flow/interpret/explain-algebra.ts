import { join, joinAll, type Rope, single } from "../../data/rope.js"
import type { FlowAlgebra } from "../fold.js"
import { memberNames } from "../members.js"
import type { Agent, Count, Node } from "../node.js"
import type { Params } from "../runtime.js"
import {
  choiceWords,
  codeWords,
  cut,
  deadlineWords,
  elementsWords,
  exhaustedWords,
  faultWords,
  guardWords,
  limitWords,
  pureWords,
  quorumTerms,
  quorumWords,
  raceWords,
  retryWords,
  sideWords,
  sleepWords,
  suspendWords,
  turnsWords,
} from "./explain-words.js"

/** A line of the outline, or one level in or out for those after it. */
export type Line = { readonly text: string; readonly path: string } | "in" | "out"

/** The outline of a part: its first line, and those after it where it has more. */
export interface Outline {
  readonly first: Exclude<Line, string>
  readonly rest: Rope<Line>
}

const one = (text: string, path: string): Outline => ({ first: { text, path }, rest: undefined })

export const linesOf = ({ first, rest }: Outline): Rope<Line> => join(single(first), rest)

const inside = (outlines: readonly Outline[]): Rope<Line> =>
  joinAll([single("in"), ...outlines.map(linesOf), single("out")])

/** A remark stands behind the words of its step. */
const noted = ({ note }: Node, text: string): string => (note === undefined ? text : `${text} (${cut(note, 80)})`)

const line = (node: Node, path: string, text: string): Outline => one(noted(node, text), path)

const under = ({ first }: Outline, below: readonly Outline[]): Outline => ({ first, rest: inside(below) })

/** Whether a part is told in one line. */
const isShort = ({ rest }: Outline): boolean => rest === undefined

/** A part with a heading: on one line where it has one. */
const titled = (title: string, of: Outline): Outline =>
  isShort(of) ? one(`${title}: ${of.first.text}`, of.first.path) : under(one(title, ""), [of])

/** The part itself, then what comes after it. */
const after = (of: Outline, next: Outline): Outline => ({ first: of.first, rest: join(of.rest, linesOf(next)) })

/** Words that belong to a part as a whole: behind its only line, else above it. */
const worded = (node: Node, of: Outline, words: string, path: string): Outline =>
  isShort(of) ? line(node, of.first.path, `${of.first.text}, ${words}`) : under(line(node, path, words), [of])

/** Steps, under a heading where they have an id or a remark. */
const steps = (node: Node, path: string, of: Outline): Outline =>
  node.id === undefined && node.note === undefined
    ? of
    : under(line(node, path, `steps${node.id === undefined ? "" : ` ${node.id}`}`), [of])

/** How a part stands that was told before. */
export const again = ({ first: { text, path } }: Outline): Outline => one(`${text}, as above`, path)

function agentWords({ ref, override }: Agent): string {
  const { prompt, systemPrompt, model, temperature, maxTokens } = override ?? {}
  const own = [
    prompt && "its own prompt",
    systemPrompt && "its own system prompt",
    model && `model ${model}`,
    temperature !== undefined && `temperature ${temperature}`,
    maxTokens !== undefined && `at most ${maxTokens} tokens`,
  ].filter((words) => typeof words === "string")
  return `ask ${ref.name}${own.length === 0 ? "" : `, with ${own.join(", ")}`}`
}

/** What is said of each node; a number that is a parameter by its value, where `params` has it. */
export function outline(params: Params = {}): FlowAlgebra<Outline> {
  const called = new Set<Node | undefined>()
  const known = (count: Count): Count => {
    const value = typeof count === "number" ? count : params[count.name]
    return typeof value === "number" ? value : count
  }
  return {
    Pure: (node, _, { path }) =>
      line(node, path, node.code._tag === "Constant" ? `give ${codeWords(node.code)}` : pureWords(node)),
    Agent: (node, _, { path }) => line(node, path, agentWords(node)),
    Fail: (node, _, { path }) => line(node, path, `fail with ${node.code}: ${node.message}`),
    Seq: (node, kids, { path }) => {
      const [first, ...others] = kids
      if (first === undefined) return line(node, path, "give what arrives")
      return steps(node, path, others.reduce(after, first))
    },
    Let: (node, { of, body }, { path }) => {
      const { text, path: ofFirst } = of.first
      const bound = isShort(of) ? one(`${text}, as ${node.name}`, ofFirst) : after(of, one(`call it ${node.name}`, ""))
      return steps(node, path, after(bound, body))
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
        line(node, path, `at least ${quorumWords({ ...node, n: known(node.n) })}${terms.join("")}`),
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
        ...arms.map((arm, i) => titled(`case ${node.tags[i] ?? i}`, arm)),
        ...(otherwise === undefined ? [] : [titled("otherwise", otherwise)]),
      ])
    },
    Recover: (node, { of, handler }, { path }) => {
      const what = `${noted(node, faultWords(node))}, with ${node.gets === "fault" ? "the fault" : "the step's input"}`
      return after(isShort(of) ? of : under(one("try", path), [of]), titled(what, handler))
    },
    Loop: (node, body, { path }) => {
      const turns = turnsWords({ ...node, max: known(node.max) })
      return under(line(node, path, `loop, ${turns}${exhaustedWords(node)}`), [body])
    },
    FlatMap: (node, { of, among }, { path }) => {
      const name = codeWords(node.using)
      const words = among === undefined ? `a flow that ${name} makes` : `${name} chooses one of ${among.length} flows`
      const head = line(node, path, `${words}, on the same input`)
      const choices = (among ?? []).map((choice, i) => titled(`choice ${i}`, choice))
      return after(of, under(head, choices))
    },
    Traverse: (node, body, { path }) => {
      const { atLeast } = node
      const words = elementsWords(atLeast === undefined ? node : { ...node, atLeast: known(atLeast) })
      return under(line(node, path, words), [body])
    },
    Within: (node, of, { path }) => worded(node, of, deadlineWords(node), path),
    Retry: (node, of, { path }) => worded(node, of, retryWords({ ...node, times: known(node.times) }), path),
    Limit: (node, of, { path }) => worded(node, of, limitWords(node), path),
    Divert: (node, { of, side }) => after(of, titled(noted(node, sideWords(node)), side)),
    Guard: (node, { of, by }, { path }) => {
      const head = line(node, path, `${guardWords(node)} else fail with Rejected`)
      return after(of, by === undefined ? head : after(titled("check", by), head))
    },
    Graph: (node, kids, { path }) =>
      under(
        line(node, path, "graph: each starts when those that it depends on have ended"),
        kids.map((kid, i) => {
          const before = (node.dependsOn[i] ?? []).map((on) => node.ids[on] ?? String(on))
          const id = node.ids[i] ?? String(i)
          return titled(before.length === 0 ? id : `${id}, after ${before.join(", ")}`, kid)
        }),
      ),
    Call: (node, of, { path }) => {
      const head = `flow ${node.name}`
      if (of === undefined) return line(node, path, head)
      if (called.has(node.of)) return line(node, path, `${head}, as above`)
      called.add(node.of)
      return under(line(node, path, head), [of])
    },
    Suspend: (node, _, { path }) => line(node, path, suspendWords(node)),
    Sleep: (node, _, { path }) => line(node, path, sleepWords(node)),
  }
}
