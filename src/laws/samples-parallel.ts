import { flow } from "../flow/build.js"
import * as flows from "../flow/index.js"
import * as make from "../flow/make-parallel.js"
import { list } from "./alphabet.js"
import * as meaning from "./meaning-parallel.js"
import { applied, followed } from "./meaning.js"
import { about, flowsOf, meansOf, members, type Sample, untyped } from "./sample.js"

// The same for what runs at the same time.

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

export interface Elements {
  readonly concurrency?: number
  readonly atLeast?: number
}

/** The body on each element of what arrives. */
export function traversing(body: Sample, { concurrency, atLeast }: Elements): Sample {
  const lanes = concurrency === undefined ? {} : { concurrency }
  return {
    flow: untyped(
      atLeast === undefined ? flows.traverse(body.flow, lanes) : flows.traverse(body.flow, { ...lanes, atLeast }),
    ),
    means: meaning.traversed(body.means, concurrency ?? Infinity, atLeast),
    ...about(body.agent),
  }
}

/** The body on each element of a list that is made of what arrives. */
export const traversingList = (body: Sample, options: Elements): Sample => {
  const { flow, means, agent } = traversing(body, options)
  return {
    flow: flows.lift(list).andThen(flow),
    means: followed(applied("", list.run), means),
    ...about(agent),
  }
}

/** Each on its own element of what arrives. */
export const splitting = (of: readonly Sample[]): Sample => ({
  flow: untyped(flows.split(...flowsOf(of))),
  means: meaning.split(meansOf(of)),
  ...members(of),
})

/** A member of a sample graph; those that it depends on come before it. */
export interface Part {
  readonly id: string
  readonly of: Sample
  readonly dependsOn?: readonly string[]
}

export const graphing = (parts: readonly Part[]): Sample => ({
  flow: flow(make.graph(parts.map(({ id, of, dependsOn = [] }) => ({ id, of: of.flow.node, dependsOn })))),
  means: meaning.graphed(parts.map(({ id, of: { means }, dependsOn = [] }) => ({ id, means, dependsOn }))),
  ...members(parts.map(({ of }) => of)),
})
