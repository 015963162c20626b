// @ts-check
import { z } from "zod"

/** What the agents of `summarize.yaml` take and give, so that `troupe check` can compare each step with the next. */

const index = z.int().min(0)

/** A text cut into its sentences, in order. */
export const Sentences = z.object({ sentences: z.array(z.string()) })

/** Every sentence's index once, best first. */
export const Ranked = z.object({ ranking: z.array(index) })

/** The best sentences so far, best first. */
export const Shortlist = z.object({ shortlist: z.array(z.object({ index, text: z.string(), score: z.number() })) })

/** The sentences, the rankings as a quorum hands them over, and how many sentences to keep. */
export const Ballot = z.object({
  sentences: z.array(z.string()),
  votes: z.array(z.object({ index, name: z.string(), value: Ranked })),
  keep: z.int().min(1),
})

/** A shortlist and how many sentences it may have. */
export const Draft = Shortlist.extend({ limit: z.int().min(1) })
