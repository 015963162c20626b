import type { AnyAgentRef } from "../data/agent-ref.js"
import { asText } from "../data/json.js"
import { named } from "../flow/build.js"
import type { Fn } from "../flow/node.js"
import type { AnyFlow } from "../flow/types.js"

/** A seat of an ensemble: an agent, or any flow. */
export type Seat = AnyAgentRef | AnyFlow

/** What a colleague answered. */
export interface Reference {
  readonly index: number
  readonly name: string
  readonly value: unknown
}

/** What a seat has before it: the question, and the answers of those before. */
export interface Briefing<Q = unknown> {
  readonly question: Q
  readonly references: readonly Reference[]
}

interface Answered {
  readonly succeeded: readonly Reference[]
}

/** The question, and the answers below it, numbered: what a seat gets where no other prompt is given. */
export const references: Fn<Briefing, string> = named("moa.references", ({ question, references }: Briefing) =>
  [
    asText(question),
    "Answers of others, to be weighed, corrected and joined into one better answer:",
    ...references.map(({ name, value }, i) => `${i + 1}. ${name}:\n${asText(value)}`),
  ].join("\n\n"),
)

/** The question and a panel's outcome as what the next seat has before it. */
export const gather: Fn<readonly [unknown, Answered], Briefing> = named(
  "moa.gather",
  ([question, { succeeded }]: readonly [unknown, Answered]) => ({
    question,
    references: succeeded.map(({ index, name, value }) => ({ index, name, value })),
  }),
)

/** The question and one layer's answer, which is the next layer's only reference. */
export const refer: Fn<Readonly<Record<string, unknown>>, Briefing> = named(
  "moa.refer",
  ({ question, ...answers }: Readonly<Record<string, unknown>>) => ({
    question,
    references: Object.entries(answers).map(([name, value], index) => ({ index, name, value })),
  }),
)

/** The question alone. */
export const question: Fn<Briefing> = named("moa.question", ({ question }: Briefing) => question)
