import type { Fault } from "../data/fault.js"
import * as flows from "../flow/index.js"
import type { Fn } from "../flow/node.js"
import { agents, ask, digest, isEven, step } from "./alphabet.js"
import * as meaning from "./meaning.js"
import type { Means } from "./meaning.js"
import { failed } from "./outcome.js"

/** A flow, and what it comes to where everything answers at once. */
export interface Sample {
  readonly flow: flows.Flow<unknown, unknown>
  readonly means: Means
  /** Its only agent, by which it is called as a member of a quorum; null: there are several, or members. */
  readonly agent?: string | null
}

const flowsOf = (of: readonly Sample[]): flows.Flow<unknown, unknown>[] => of.map(({ flow }) => flow)
const meansOf = (of: readonly Sample[]): Means[] => of.map(({ means }) => means)
type Main = Sample["agent"]

const about = (agent: Main): { readonly agent?: string | null } => (agent === undefined ? {} : { agent })
const only = (of: readonly Sample[]): Main => {
  const known = of.map(({ agent }) => agent).filter((agent) => agent !== undefined)
  return known.length > 1 ? null : known[0]
}
const members = (of: readonly Sample[]): { readonly agent?: null } =>
  of.some(({ agent }) => agent !== undefined) ? { agent: null } : {}

export const constant = (value: unknown): Sample => ({ flow: flows.pure(value), means: meaning.constant(value) })

export const applying = (fn: Fn<unknown>): Sample => ({
  flow: flows.lift(fn),
  means: meaning.applied(fn.name ?? "", fn.run),
})

export const asking = (name: string): Sample => ({
  flow: ask(name),
  means: meaning.asked(name, agents[name] ?? ((value) => value)),
  agent: name,
})

export const failing = (code: string, retry: boolean): Sample => ({
  flow: flows.fail({ code, message: `it is ${code}`, retry }),
  means: () => failed({ _tag: "Failed", code, retry: retry ? "yes" : "no" }),
})

/** Each on the output of the one before. */
export const inOrder = (...of: readonly Sample[]): Sample => ({
  flow: of.reduce<flows.Flow<unknown, unknown>>((so, { flow }) => so.andThen(flow), flows.identity<unknown>()),
  means: meaning.followed(...meansOf(of)),
  ...about(only(of)),
})

/** `of`, its result called `name` in what `body` makes of that name. */
export function binding(name: string, of: Sample, body: (bound: Sample) => Sample): Sample {
  let inside: Sample = of
  const flow = flows.letIn(name, of.flow, (bound) => {
    inside = body({ flow: bound, means: meaning.bound(name) })
    return inside.flow
  })
  return { flow, means: meaning.named(name, of.means, inside.means), ...about(only([of, inside])) }
}

export const zipped = (of: readonly Sample[]): Sample => ({
  flow: flows.zipAll(flowsOf(of)),
  means: meaning.together(meansOf(of)),
  ...members(of),
})

export const zippedBy = (keys: readonly string[], of: readonly Sample[]): Sample => ({
  flow: flows.zipAll(Object.fromEntries(keys.map((key, i) => [key, of[i]?.flow ?? flows.pure(i)]))),
  means: meaning.together(meansOf(of), keys),
  ...members(of),
})

export const racing = (of: readonly Sample[], wins: "success" | "settled"): Sample => ({
  flow: flows.race(flowsOf(of), { wins }),
  means: meaning.raced(meansOf(of), wins),
  ...members(of),
})

export function requiring(n: number, of: readonly Sample[], settle: "all" | "quorum"): Sample {
  const counts = new Map<string, number>()
  const names = of.map(({ agent }, i) => {
    if (agent === undefined || agent === null) return String(i)
    const nth = (counts.get(agent) ?? 0) + 1
    counts.set(agent, nth)
    return nth === 1 ? agent : `${agent}#${nth}`
  })
  const means = meaning.quorum(n, meansOf(of), names, settle)
  return { flow: flows.atLeast(n, flowsOf(of), { settle }), means, ...members(of) }
}

/** By whether the digest is even. */
export const choosing = (yes: Sample, no: Sample): Sample => ({
  flow: flows.identity<unknown>().branchOn(isEven, yes.flow, no.flow),
  means: meaning.chosen((value) => String(digest(value) % 2 === 0), { true: yes.means, false: no.means }),
  ...members([yes, no]),
})

export const recovering = (of: Sample, handler: Sample): Sample => ({
  flow: of.flow.recoverWith(handler.flow),
  means: meaning.recovered(of.means, handler.means, "fault"),
  ...about(of.agent),
})

export const fallingBack = (of: Sample, other: Sample): Sample => ({
  flow: of.flow.fallbackTo(other.flow),
  means: meaning.recovered(of.means, other.means, "input"),
  ...about(of.agent),
})

export const recoveringTag = (tag: Fault["_tag"], of: Sample, handler: Sample): Sample => ({
  flow: of.flow.recoverTag(tag, handler.flow),
  means: meaning.recovered(of.means, handler.means, "fault", (fault) => fault._tag === tag),
  ...about(of.agent),
})

/** Turns of a body until its output's digest is a multiple of three. */
export const looping = (body: Sample, max: number, exhausted: "fail" | "last"): Sample => ({
  flow: flows.loop(body.flow.map(step), { max, exhausted }),
  means: meaning.repeated(meaning.followed(body.means, meaning.applied("laws.step", step.run)), max, exhausted),
  ...about(body.agent),
})

/** With a deadline that is never met. */
export const inTime = (of: Sample): Sample => ({
  flow: of.flow.timeout(3_600_000),
  means: of.means,
  ...about(of.agent),
})
