// What does not compile. Each line below is a mistake, and the comment above it says which; the compiler refuses them
// all, or this file would not build.
import { type AgentSystem, agent, atLeast, defineAgent, loop, race, zip } from "troupe"
import { z } from "zod"

type Question = { kind: "simple"; text: string } | { kind: "hard"; depth: number }

const researcher = defineAgent(
  { name: "researcher", input: z.string(), output: z.object({ facts: z.array(z.string()) }) },
  (q) => ({ facts: [q] }),
)
const analyst = defineAgent({ name: "analyst", input: z.string(), output: z.string() }, (q) => `view on ${q}`)
const numeric = defineAgent({ name: "numeric", input: z.number(), output: z.boolean() }, (n) => n > 0)
const classify = defineAgent({ name: "classify" }, (q: string): Question => ({ kind: "simple", text: q }))
const quick = defineAgent({ name: "quick" }, (q: { kind: "simple"; text: string }) => q.text)
const deep = defineAgent({ name: "deep" }, (q: { kind: "hard"; depth: number }) => q.depth)

export function mistakes(system: AgentSystem): unknown[] {
  return [
    // @ts-expect-error a wrong wire: the researcher gives facts, the analyst takes a string
    agent(researcher).andThen(agent(analyst)),
    // @ts-expect-error a wrong input: the pipeline takes a string
    system.run(agent(analyst), 42),
    // @ts-expect-error a missing case: what if the question is hard?
    agent(classify).branch("kind", { simple: agent(quick) }),
    // @ts-expect-error an unknown case: there is no third kind
    agent(classify).branch("kind", { simple: agent(quick), hard: agent(deep), third: agent(deep) }),
    // @ts-expect-error an arm for the other kind
    agent(classify).branch("kind", { simple: agent(deep), hard: agent(deep) }),
    // @ts-expect-error no input is a string and a number
    zip(agent(analyst), agent(numeric)),
    // @ts-expect-error a loop's body must say continue or done
    loop(agent(analyst)),
    // @ts-expect-error facts are no text
    agent(researcher).map((found) => found.toUpperCase()),
    // @ts-expect-error a promise is awaited before its value is one
    system.run(race(agent(analyst)), "q").length,
    // @ts-expect-error a quorum's members are flows
    atLeast(1, [analyst]),
  ]
}

export const unjoined = () =>
  // @ts-expect-error a generator that returns nothing is for strings
  defineAgent({ name: "unjoined", output: z.number() }, async function* (q: string) {
    yield q
  })

console.log("refused: 11 mistakes")
