/**
 * The algebra's laws, free of any test framework: run them against `run`, or against an interpreter of your own.
 *
 * @packageDocumentation
 */
export { agents, answerTo, cast, functions } from "./alphabet.js"
export { type Ingredients, sample } from "./arbitrary.js"
export { type Choices, seeded } from "./choices.js"
export { claims } from "./claims.js"
export { type Codec, type Loss, roundTrips } from "./codec.js"
export type { Claim, Claims, Law, Laws, Meaning, Samples, Sides } from "./law.js"
export { laws } from "./laws.js"
export { equal, type Outcome } from "./outcome.js"
export type { Sample } from "./sample.js"
export { samples } from "./sampled.js"
export { type Finding, type Reading, type Running, type Subject, verify } from "./verify.js"
export { type Ended, type Means, meant, type World } from "./world.js"
