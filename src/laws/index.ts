/**
 * The algebra's laws, free of any test framework: run them against `run`, or against an interpreter of your own.
 *
 * @packageDocumentation
 */
export { agents, functions } from "./alphabet.js"
export { type Ingredients, sample } from "./arbitrary.js"
export { type Choices, seeded } from "./choices.js"
export { claims } from "./claims.js"
export type { Claim, Claims, Law, Meaning, Samples, Sides } from "./law.js"
export { laws } from "./laws.js"
export type { Means } from "./meaning.js"
export { equal, type Outcome } from "./outcome.js"
export type { Sample } from "./samples.js"
export { type Finding, samples, type Subject, verify } from "./verify.js"
