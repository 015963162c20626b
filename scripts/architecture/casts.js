import { nameOf, walk } from "./source.js"

/** @import { Source, Syntax } from "./source.js" */

/**
 * How many casts each file has, files without any left out: `as T` (but not `as const`), `<T>x`, `any`, `x!`, and
 * comments that silence the compiler.
 *
 * @param {readonly Source[]} sources
 * @returns {Record<string, number>}
 */
export function countCasts(sources) {
  /** @type {Record<string, number>} */
  const counts = {}
  for (const { file, program, comments } of sources) {
    let count = comments.filter((comment) => /^[\s*/]*@ts-(ignore|expect-error|nocheck)/.test(comment.value)).length
    walk(program, (node) => {
      if (isCast(node)) count++
    })
    if (count > 0) counts[file] = count
  }
  return counts
}

/** @param {Syntax} node */
function isCast(node) {
  switch (node.type) {
    case "TSAsExpression":
      return !isConst(node["typeAnnotation"])
    case "TSTypeAssertion":
    case "TSNonNullExpression":
    case "TSAnyKeyword":
      return true
    default:
      return false
  }
}

/** @param {unknown} type */
const isConst = (type) =>
  typeof type === "object" && type !== null && "typeName" in type && nameOf(type.typeName) === "const"

/**
 * What the counts say against the baseline: a count that rose, and one that fell without the baseline following.
 *
 * @param {Readonly<Record<string, number>>} counts
 * @param {Readonly<Record<string, number>>} baseline
 * @returns {string[]}
 */
export function compareCasts(counts, baseline) {
  return [...new Set([...Object.keys(counts), ...Object.keys(baseline)])].sort().flatMap((file) => {
    const now = counts[file] ?? 0
    const before = baseline[file] ?? 0
    if (now > before) {
      return [
        `${file}: ${now} casts, ${before} allowed. Do without the new one; where that is impossible, raise the number in ` +
          "test/casts.json by hand and say why in the commit",
      ]
    }
    return now < before ? [`${file}: ${now} casts, ${before} allowed. Well done: run \`node scripts/casts.js\``] : []
  })
}
