import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

/**
 * A fenced block of a Markdown file. `line`: the line of its opening fence, from 1. `language`: "" where none is given.
 * `prints`: what it must print, where the next block is marked `text output`.
 *
 * @typedef {{ file: string, line: number, language: string, text: string, prints?: string }} Block
 */

/** What a block may be written in. `ts`, `yaml` and `sh` are executed, `json` is parsed, the others are only shown. */
export const languages = ["ts", "yaml", "sh", "json", "text", "mermaid", "diff"]

/** The set-up of a fresh machine: the only commands in the documentation that its tests do not run. */
const setUp = ["npm ci && npm run demo", "npm cit"]

/**
 * The fenced blocks of a Markdown text, in order.
 *
 * @param {string} file
 * @param {string} markdown
 * @returns {Block[]}
 */
export function blocksOf(file, markdown) {
  /** @type {Block[]} */
  const blocks = []
  /** @type {{ fence: string, indent: number, line: number, info: string, lines: string[] } | undefined} */
  let open
  for (const [i, line] of markdown.split(/\r?\n/).entries()) {
    const [, indent = "", fence, info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(line) ?? []
    if (open === undefined) {
      if (fence === undefined) continue
      open = { fence, indent: indent.length, line: i + 1, info, lines: [] }
    } else if (fence?.startsWith(open.fence) && info === "") {
      const text = `${open.lines.join("\n")}\n`
      const before = blocks.at(-1)
      if (open.info === "text output" && before !== undefined) before.prints = text
      blocks.push({ file, line: open.line, language: open.info.split(/\s/)[0] ?? "", text })
      open = undefined
    } else {
      const leading = line.length - line.trimStart().length
      open.lines.push(line.slice(Math.min(open.indent, leading)))
    }
  }
  if (open !== undefined) throw new SyntaxError(`${file}:${open.line}: this block is never closed`)
  return blocks
}

/**
 * A block's text, pushed down so that a line number in a message is the line number in the Markdown file.
 *
 * @param {Block} block
 */
export const inPlace = ({ line, text }) => "\n".repeat(line) + text

/**
 * The commands of a `sh` block without those that set a machine up.
 *
 * @param {Block} block
 */
export const commandsOf = ({ text }) =>
  text
    .split("\n")
    .map((line) => (setUp.includes(line.trim()) ? "" : line))
    .join("\n")
    .trim()

/**
 * The Markdown files whose blocks are executed: README.md and docs, but for the decisions, which are a record.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function markdownFiles(root) {
  const docs = existsSync(join(root, "docs"))
    ? readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    : []
  return ["README.md", ...docs.map((name) => `docs/${name.replaceAll("\\", "/")}`).sort()].filter(
    (file) => file.endsWith(".md") && !file.startsWith("docs/decisions/"),
  )
}
