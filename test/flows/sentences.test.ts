import { readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sentencesOf } from "../../flows/summarizers/sentences.js"

const shipped = (name: string): string =>
  readFileSync(new URL(`../../flows/texts/${name}.txt`, import.meta.url), "utf8")

const cases: ReadonlyArray<readonly [string, string, readonly string[]]> = [
  ["nothing", "", []],
  ["white space alone", " \n\t\r\n ", []],
  ["marks alone", "* * *\n\n---\n\n!!!", []],
  ["one sentence", "Cats purr.", ["Cats purr."]],
  ["one sentence without a full stop", "Cats purr", ["Cats purr"]],
  ["wrapped lines", "Cats\npurr. Dogs\r\nbark!", ["Cats purr.", "Dogs bark!"]],
  ["paragraphs", "Cats purr;\n\nDogs bark.", ["Cats purr;", "Dogs bark."]],
  ["titles before names", "Mr. Smith met Dr. Who. They ran.", ["Mr. Smith met Dr. Who.", "They ran."]],
  [
    "initials",
    "J. F. Kennedy spoke. So did I. Everyone heard.",
    ["J. F. Kennedy spoke.", "So did I.", "Everyone heard."],
  ],
  ["acronyms", "The U.S. Congress sat in the U.S. The end.", ["The U.S. Congress sat in the U.S.", "The end."]],
  [
    "numbers",
    "See No. 5 and Fig. 2. It cost $3.50. No. He left.",
    ["See No. 5 and Fig. 2.", "It cost $3.50.", "No.", "He left."],
  ],
  ["quoted speech", 'He said "Go." Then he went.', ['He said "Go."', "Then he went."]],
  ["Markdown headings", "# Cats\nCats purr.\n## Dogs\nDogs bark.", ["Cats purr.", "Dogs bark."]],
  ["underlined headings", "Cats\n====\nCats purr.", ["Cats purr."]],
  ["plain headings", "On cats\n\nCats purr.\n\nCHAPTER 2. Dogs.\n\nDogs bark.", ["Cats purr.", "Dogs bark."]],
  ["headings alone", "# Cats\n\n# Dogs", ["Cats", "Dogs"]],
  [
    "lists",
    "We need:\n- milk\n- brown\n  bread\n\n1. Go.\n2. Buy.",
    ["We need:", "milk", "brown bread", "Go.", "Buy."],
  ],
  ["a wrapped number", "It happened in\n41. Then peace came.", ["It happened in 41.", "Then peace came."]],
  ["fenced code", "Run it.\n\n```sh\nrm x. Then y.\n```\n\nDone.", ["Run it.", "Done."]],
  ["lines without full stops", "cats purr\ndogs bark\nbirds sing", ["cats purr", "dogs bark", "birds sing"]],
  ["Japanese", "猫が鳴く。犬が\n吠える！東京は大きい", ["猫が鳴く。", "犬が吠える！", "東京は大きい"]],
  ["a byte order mark", "\uFEFFCats purr.", ["Cats purr."]],
]

describe("sentencesOf", () => {
  it.each(cases)("splits %s", (_, text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences)
  })

  it("keeps every sentence of a shipped text whole, salutation included", () => {
    const sentences = sentencesOf(shipped("four-freedoms"))
    expect(sentences).toHaveLength(148)
    expect(sentences[0]).toMatch(/^Mr\. President, Mr\. Speaker, .* history of the Union\.$/)
    expect(sentences.join(" ")).toBe(shipped("four-freedoms").trim().replaceAll(/\s+/g, " "))
    expect(sentencesOf(shipped("nantucket")).join(" ")).not.toContain("CHAPTER")
  })

  it("is not changed by how lines are wrapped or ended", () => {
    const text = shipped("nantucket")
    const unwrapped = text.replaceAll(/(\S)\n(\S)/g, "$1 $2")
    expect(sentencesOf(unwrapped)).toEqual(sentencesOf(text))
    expect(sentencesOf(text.replaceAll("\n", "\r\n"))).toEqual(sentencesOf(text))
  })

  it("cuts a megabyte without a full stop into bounded pieces and loses no word", () => {
    const words = "lorem ipsum dolor ".repeat(60_000)
    const sentences = sentencesOf(words)
    expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(2_000)
    expect(sentences.join(" ")).toBe(words.trim())
  })

  it("does not join abbreviations without end", () => {
    const sentences = sentencesOf("Mr. Smith met ".repeat(10_000))
    expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThan(2_100)
  })

  it("never cuts inside a character", () => {
    const sentences = sentencesOf(`a${"𝒳".repeat(5_000)}`)
    expect(sentences.length).toBeGreaterThan(1)
    expect(() => sentences.map((sentence) => encodeURIComponent(sentence))).not.toThrow()
  })

  it("gives trimmed, single-line sentences with words, for any text", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        for (const sentence of sentencesOf(text)) {
          expect(sentence).toBe(sentence.trim())
          expect(sentence).toMatch(/[\p{L}\p{N}]/u)
          expect(sentence).not.toMatch(/\n/)
        }
      }),
    ))

  it("finds the sentences that a text was made of, however they are joined", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("Cats", "Dogs", "Birds"), fc.constantFrom("purr.", "bark!", "sing?")), {
          minLength: 1,
        }),
        fc.constantFrom(" ", "\n\n", "  \n"),
        (pairs, gap) => {
          const sentences = pairs.map((pair) => pair.join(" "))
          expect(sentencesOf(sentences.join(gap))).toEqual(sentences)
        },
      ),
    ))
})
