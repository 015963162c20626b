import { blocksOf } from "./blocks.js"

/** @typedef {import("../architecture/source.js").Source} Source */

/**
 * A docstring: its words without the stars, and the lines that it begins and ends on.
 *
 * @typedef {{ text: string, line: number, lastLine: number }} Docstring
 */

/**
 * The docstrings of a file, in order.
 *
 * @param {Source} source
 * @returns {Docstring[]}
 */
export function docstringsOf({ comments, line }) {
  return comments
    .filter(({ value }) => value.startsWith("*"))
    .map(({ value, start }) => {
      const lines = value.split("\n").map((words) => words.replace(/^\s*\* ?/, ""))
      return { text: lines.join("\n").trimEnd(), line: line(start), lastLine: line(start) + lines.length - 1 }
    })
}

/**
 * The fenced blocks in the docstrings of a file, by their line in the file.
 *
 * @param {Source} source
 * @returns {import("./blocks.js").Block[]}
 */
export const examplesOf = (source) =>
  docstringsOf(source).flatMap(({ text, line }) =>
    blocksOf(source.file, text).map((block) => ({ ...block, line: block.line + line - 1 })),
  )
