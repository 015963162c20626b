// @ts-check
import { runsOn } from "./abbreviations.js"

/**
 * Characters looked at together. The time of `Intl.Segmenter` grows faster than its text, so a long paragraph is read
 * through a window; a stretch this long without the end of a sentence is cut at its last space.
 */
const WINDOW = 2_000

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" })

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，！？；：」』）]/u
const SENTENCE_END = /[.!?…。！？]["'”’)\]」』）]*(?:\s|$)|[。！？]/u
const NUMBERED_PART = /^(?:chapter|section|part|book|act|scene)\s+(?:\d+|[ivxlcdm]+)\b/iu

/**
 * A run of lines that belong together: a paragraph, an item of a list, a heading.
 * @typedef {{ kind: "prose" | "item" | "heading", lines: string[] }} Block
 */

/**
 * Splits a text into its sentences, in order, each on one line.
 *
 * Wrapped lines are joined; a blank line, a heading and an item of a list end a sentence. Headings, fenced code and
 * lines without a letter or a digit are left out, headings only where the text has something else. A paragraph of
 * several lines without any end of a sentence gives one sentence per line.
 *
 * @param {string} text
 * @returns {string[]} empty for a text without words
 *
 * @example
 * sentencesOf("Mr. Smith came\nhome. He slept.") // ["Mr. Smith came home.", "He slept."]
 */
export function sentencesOf(text) {
  const blocks = blocksOf(text)
  const body = blocks.filter((block) => !isHeading(block)).flatMap(sentencesOfBlock)
  return body.length > 0 ? body : blocks.flatMap(sentencesOfBlock)
}

/** @param {string} text @returns {Block[]} */
function blocksOf(text) {
  /** @type {Block[]} */
  const blocks = []
  /** @type {Block | undefined} */
  let open
  let fenced = false
  /** @param {Block["kind"]} kind @param {string} line */
  const begin = (kind, line) => {
    open = { kind, lines: [line] }
    blocks.push(open)
  }
  for (const raw of text.replace(/^\uFEFF/u, "").split(/\r\n|[\n\r\u0085\u2028\u2029\f]/u)) {
    const line = raw.replace(/\s+/gu, " ").trim()
    const bullet = /^[-*+•] +(.*)$/u.exec(line)
    const number = open === undefined || open.kind === "item" ? /^\d{1,3}[.)] +(.*)$/u.exec(line) : null
    const title = /^#{1,6} +(.*)$/u.exec(line)
    if (/^(?:```|~~~)/u.test(line)) {
      fenced = !fenced
      open = undefined
    } else if (fenced || line === "") {
      open = undefined
    } else if (/^(?:=+|-{3,})$/u.test(line)) {
      if (open !== undefined && open.lines.length === 1) open.kind = "heading"
      open = undefined
    } else if (title !== null) {
      begin("heading", title[1] ?? "")
      open = undefined
    } else if (bullet !== null || number !== null) {
      begin("item", bullet?.[1] ?? number?.[1] ?? "")
    } else if (open === undefined) {
      begin("prose", line)
    } else {
      open.lines.push(line)
    }
  }
  return blocks
}

/** @param {Block} block */
function isHeading({ kind, lines }) {
  const [line = ""] = lines
  if (kind !== "prose" || lines.length > 1) return kind === "heading"
  if (line.length > 80 || line.split(" ").length > 12) return false
  return NUMBERED_PART.test(line) || !/[\p{P}]$/u.test(line)
}

/** @param {Block} block @returns {string[]} */
function sentencesOfBlock({ kind, lines }) {
  const apart = kind === "prose" && lines.length > 1 && !lines.some((line) => SENTENCE_END.test(line))
  return (apart ? lines : [joined(lines)]).flatMap((line) => [...whole(pieces(line))]).filter(hasWords)
}

/** @param {string[]} lines */
function joined(lines) {
  const parts = lines.map((line, i) => {
    const next = lines[i + 1] ?? ""
    return next === "" || (UNSPACED.test(line.slice(-1)) && UNSPACED.test(next.slice(0, 1))) ? line : `${line} `
  })
  return parts.join("")
}

/**
 * What the segmenter takes for sentences, window by window.
 * @param {string} text
 * @returns {Generator<string>}
 */
function* pieces(text) {
  let start = 0
  while (start < text.length) {
    const view = text.slice(start, start + WINDOW)
    const parts = [...segmenter.segment(view)].map((part) => part.segment)
    const last = start + view.length >= text.length
    if (!last && parts.length > 1)
      parts.pop() // it may go on beyond the window
    else if (!last) parts[0] = view.slice(0, cut(view))
    for (const part of parts) {
      start += part.length
      yield part
    }
  }
}

/** Where to cut a view without an end of a sentence: after its last space, never inside a character. @param {string} view */
function cut(view) {
  const space = view.lastIndexOf(" ") + 1
  if (space > 0) return space
  return /[\uD800-\uDBFF]$/.test(view) ? view.length - 1 : view.length
}

/**
 * Joins what the segmenter took apart after an abbreviation.
 * @param {Iterable<string>} parts
 * @returns {Generator<string>}
 */
function* whole(parts) {
  let sentence = ""
  for (const part of parts) {
    if (sentence !== "" && (sentence.length > WINDOW || !runsOn(sentence, part))) {
      yield sentence.trim()
      sentence = ""
    }
    sentence += part
  }
  yield sentence.trim()
}

/** @param {string} sentence */
function hasWords(sentence) {
  return /[\p{L}\p{N}]/u.test(sentence)
}
