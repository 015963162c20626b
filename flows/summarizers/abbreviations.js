// @ts-check

/** Abbreviations that a name or a word follows. */
const BEFORE_WORDS = new Set(
  `mr mrs ms mx dr prof st gen sen rep hon gov pres capt cmdr col lt maj sgt adm rev fr sr jr messrs mme mlle mt ft
   vs cf viz e.g i.e esp approx`.split(/\s+/u),
)

/** Abbreviations that a number follows. */
const BEFORE_NUMBERS = new Set(
  `no nos nr vol vols fig figs p pp ch sec art al ca c jan feb mar apr jun jul aug sep sept oct nov dec`.split(/\s+/u),
)

/** Words that begin a sentence far more often than a name. */
const OPENERS = new Set(
  `the a an this that these those he she it we they i you but and or so yet for nor in on at as if when while there here
   his her its our their my your what why how then now not no`.split(/\s+/u),
)

/**
 * Whether a sentence goes on after a full stop that ends an abbreviation ("Mr.", "J. F.", "U.S.", "No. 5").
 *
 * @param {string} before what was taken for a sentence, with its full stop
 * @param {string} after what follows it
 * @returns {boolean}
 *
 * @example
 * runsOn("He met Mr. ", "Smith.") // true
 * runsOn("He lives in the U.S. ", "The house is small.") // false
 */
export function runsOn(before, after) {
  const word = /([\p{L}\p{N}.]+)\.\s*$/u.exec(before.slice(-40))?.[1]
  if (word === undefined) return false
  if (/^\p{N}/u.test(after)) return BEFORE_NUMBERS.has(word.toLowerCase())
  const next = /^["'“‘(]*(\p{L}+)/u.exec(after)?.[1]
  if (next === undefined || OPENERS.has(next.toLowerCase())) return false
  if (BEFORE_WORDS.has(word.toLowerCase())) return true
  return /^(?:\p{Lu}\.)*\p{Lu}$/u.test(word) && word !== "I"
}
