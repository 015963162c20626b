// @ts-check
import { defineAgent } from "troupe"
import { registry } from "troupe/serde"
import { z } from "zod"
import { compose } from "./summarizers/compose.js"
import { lead } from "./summarizers/lead.js"
import { marginalRelevance } from "./summarizers/marginal-relevance.js"
import { fuseRankings } from "./summarizers/reciprocal-rank-fusion.js"
import { Ballot, Draft, Ranked, Sentences, Shortlist } from "./summarizers/schemas.js"
import { sentencesOf } from "./summarizers/sentences.js"
import { termFrequency } from "./summarizers/term-frequency.js"
import { textRank } from "./summarizers/text-rank.js"
import { tighten } from "./summarizers/tighten.js"

/** The names that the documents of this folder may use. `troupe run` loads this file; `troupe check` never does. */

/** None of these agents calls a model, and saying so makes the predicted cost exact. */
const caps = { requests: 0, tokens: 0, usd: 0 }

const splitter = defineAgent({ name: "splitter", input: z.string(), output: Sentences, caps }, async (text) => ({
  sentences: sentencesOf(text),
}))

/**
 * An agent that ranks sentences by one method.
 * @param {string} name
 * @param {(sentences: readonly string[]) => number[]} rank
 */
const proposer = (name, rank) =>
  defineAgent({ name, input: Sentences, output: Ranked, caps }, async ({ sentences }) => ({ ranking: rank(sentences) }))

const fusion = defineAgent(
  { name: "fusion", input: Ballot, output: Shortlist, caps },
  async ({ sentences, votes, keep }, ctx) => {
    ctx.progress(`fusing ${votes.map(({ name }) => name).join(", ")}`)
    const fused = fuseRankings(votes.map(({ value }) => value.ranking)).slice(0, keep)
    return { shortlist: fused.map(({ index, score }) => ({ index, score, text: sentences[index] ?? "" })) }
  },
)

const tightener = defineAgent(
  { name: "tightener", input: Draft, output: Shortlist, caps },
  async ({ shortlist, limit }, ctx) => {
    const { shortlist: left, dropped, repeats } = tighten(shortlist, limit)
    if (dropped !== undefined) {
      const reason = repeats === undefined ? "the lowest in rank" : `much like sentence ${repeats.index + 1}`
      ctx.progress(`dropped sentence ${dropped.index + 1}, ${reason}`)
    }
    return { shortlist: left }
  },
)

/** The agent of hello.yaml, which `troupe init` writes as well. */
const wordCount = defineAgent(
  { name: "word_count", input: z.string(), output: z.object({ words: z.int().min(0) }), caps },
  async (text) => ({ words: text.split(/\s+/).filter((word) => word !== "").length }),
)

export default registry({
  agents: [
    wordCount,
    splitter,
    proposer("lead", lead),
    proposer("term_frequency", termFrequency),
    proposer("text_rank", textRank),
    proposer("marginal_relevance", marginalRelevance),
    fusion,
    tightener,
  ],
  functions: {
    /** @param {z.infer<typeof Shortlist>} value */
    compose: ({ shortlist }) => compose(shortlist),
  },
})
