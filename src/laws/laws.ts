import type { Law } from "./law.js"
import { applicative } from "./laws-applicative.js"
import { choices } from "./laws-choice.js"
import { composition } from "./laws-composition.js"
import { repetition } from "./laws-repetition.js"
import { parallel } from "./laws-parallel.js"
import { wrappers } from "./laws-wrappers.js"

/**
 * The laws of the algebra, by name: each gives two flows that end alike, whatever the samples. They hold for flows that
 * fail as well; faults are compared up to where they were and their words. `interchange` holds only for flows that can
 * neither fail nor be aborted nor observe time, as `interchangeOfTotal` says: waive it, with that reason, for an
 * interpreter that lets them.
 */
export const laws: Readonly<Record<string, Law>> = {
  ...composition,
  ...applicative,
  ...choices,
  ...parallel,
  ...repetition,
  ...wrappers,
}
