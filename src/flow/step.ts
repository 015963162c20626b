import { createRequire } from "node:module"
import type * as Zod from "zod"
import type { ZodType } from "zod"
import type { Continue, Done } from "./types.js"

/**
 * Asks a loop for another turn, with what the turn gets.
 *
 * @example
 * ```ts
 * import { continueWith } from "troupe"
 * continueWith(3) // { _tag: "Continue", value: 3 }
 * ```
 */
export const continueWith = <const A>(value: A): Continue<A> => ({ _tag: "Continue", value })

/**
 * Ends a loop with its result.
 *
 * @example
 * ```ts
 * import { done } from "troupe"
 * done("bees") // { _tag: "Done", value: "bees" }
 * ```
 */
export const done = <const B>(value: B): Done<B> => ({ _tag: "Done", value })

/**
 * The schema of what the body of a loop answers, for an agent that answers it: `next` of what another turn gets, `result`
 * of what the loop gives.
 *
 * @example
 * ```ts
 * import { agent, continueOrDone, continueWith, defineAgent, done, loop } from "troupe"
 * import { z } from "zod"
 * const output = continueOrDone(z.string(), z.number())
 * const grow = defineAgent({ name: "grow", input: z.string(), output }, (text) =>
 *   text.length < 4 ? continueWith(`${text}!`) : done(text.length),
 * )
 * const flow = loop(agent(grow), { max: 5 }) // Flow<string, number>
 * ```
 */
export function continueOrDone<A, B>(next: ZodType<A>, result: ZodType<B>): ZodType<Continue<A> | Done<B>> {
  // Loaded here and not above: zod takes long to load, and programs that only read documents never need it.
  const { z }: typeof Zod = createRequire(import.meta.url)("zod")
  return z.discriminatedUnion("_tag", [
    z.object({ _tag: z.literal("Continue"), value: next }),
    z.object({ _tag: z.literal("Done"), value: result }),
  ])
}
