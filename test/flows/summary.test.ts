import { readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { compose } from "../../flows/summarizers/compose.js"
import { lead } from "../../flows/summarizers/lead.js"
import { marginalRelevance } from "../../flows/summarizers/marginal-relevance.js"
import { fuseRankings } from "../../flows/summarizers/reciprocal-rank-fusion.js"
import { Ballot, Draft, Ranked, Sentences, Shortlist } from "../../flows/summarizers/schemas.js"
import { sentencesOf } from "../../flows/summarizers/sentences.js"
import { termFrequency } from "../../flows/summarizers/term-frequency.js"
import { textRank } from "../../flows/summarizers/text-rank.js"
import { tighten } from "../../flows/summarizers/tighten.js"

const shipped = (name: string): string =>
  readFileSync(new URL(`../../flows/texts/${name}.txt`, import.meta.url), "utf8")

const SPARE = 6

/** The steps of `summarize.yaml` in plain code, each value checked by the schema that its agent declares. */
function summarize(text: string, limit: number): { summary: string; turns: number } {
  const { sentences } = Sentences.parse({ sentences: sentencesOf(text) })
  const votes = [lead, termFrequency, textRank, marginalRelevance].map((rank, index) => ({
    index,
    name: rank.name,
    value: Ranked.parse({ ranking: rank(sentences) }),
  }))
  const ballot = Ballot.parse({ sentences, votes, keep: limit + SPARE })
  const fused = fuseRankings(ballot.votes.map(({ value }) => value.ranking)).slice(0, ballot.keep)
  let draft = Shortlist.parse({ shortlist: fused.map((one) => ({ ...one, text: sentences[one.index] })) })
  let turns = 0
  do {
    const { shortlist } = tighten(Draft.parse({ ...draft, limit }).shortlist, limit)
    draft = { shortlist }
    turns++
  } while (draft.shortlist.length > limit)
  return { summary: compose(draft.shortlist), turns }
}

const candidates = fc
  .uniqueArray(fc.nat(99), { maxLength: 12 })
  .chain((indexes) =>
    fc.tuple(
      ...indexes.map((index) =>
        fc
          .constantFrom("Cats purr.", "Dogs bark.", "Red ink.", "猫。", "It is.")
          .map((text) => ({ index, text, score: 1 })),
      ),
    ),
  )

describe("reciprocal rank fusion", () => {
  it("sums 1 / (60 + rank)", () => {
    const fused = fuseRankings([
      [0, 1, 2],
      [1, 2, 0],
      [1, 0, 2],
    ])
    expect(fused.map(({ index }) => index)).toEqual([1, 0, 2])
    expect(fused[0]?.score).toBeCloseTo(1 / 62 + 1 / 61 + 1 / 61, 12)
    expect(fused[1]?.score).toBeCloseTo(1 / 61 + 1 / 63 + 1 / 62, 12)
    expect(fused[2]?.score).toBeCloseTo(1 / 63 + 1 / 62 + 1 / 63, 12)
  })

  it("takes k, partial rankings, repeated entries and none at all", () => {
    expect(fuseRankings([[7, 7, 3]], 0)).toEqual([
      { index: 7, score: 1 },
      { index: 3, score: 1 / 2 },
    ])
    expect(fuseRankings([[], []])).toEqual([])
    expect(fuseRankings([])).toEqual([])
  })

  it("prefers the lower index where scores are equal", () => {
    expect(
      fuseRankings([
        [5, 2],
        [2, 5],
      ]).map(({ index }) => index),
    ).toEqual([2, 5])
  })

  it("does not depend on the order of the rankings", () =>
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(12)), { maxLength: 6 }), fc.infiniteStream(fc.nat()), (rankings, keys) => {
        const moved = rankings
          .map((ranking) => ({ ranking, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ ranking }) => ranking)
        expect(fuseRankings(moved)).toEqual(fuseRankings(rankings))
      }),
    ))

  it("keeps a ranking on which all agree", () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50)), fc.integer({ min: 1, max: 5 }), (ranking, voters) => {
        const fused = fuseRankings(Array.from({ length: voters }, () => ranking))
        expect(fused.map(({ index }) => index)).toEqual(ranking)
      }),
    ))
})

describe("tighten", () => {
  const list = (...texts: string[]): { index: number; text: string; score: number }[] =>
    texts.map((text, index) => ({ index, text, score: 1 / (index + 1) }))

  it("drops the lower of the two most alike, and says which it repeats", () => {
    const [a, b, c, d] = list("Cats purr loudly.", "Dogs bark.", "Cats purr.", "Birds sing.")
    expect(
      tighten(
        [a, b, c, d].filter((one) => one !== undefined),
        3,
      ),
    ).toEqual({ shortlist: [a, b, d], dropped: c, repeats: a })
  })

  it("drops the last where no two are alike", () => {
    const [a, b, c] = list("Cats purr.", "Dogs bark.", "Birds sing.")
    expect(
      tighten(
        [a, b, c].filter((one) => one !== undefined),
        1,
      ),
    ).toEqual({ shortlist: [a, b], dropped: c })
  })

  it("leaves alone what fits, and an empty list", () => {
    expect(tighten(list("Cats purr.", "Cats purr."), 2)).toEqual({ shortlist: list("Cats purr.", "Cats purr.") })
    expect(tighten([], 1)).toEqual({ shortlist: [] })
  })

  it("drops exactly one of too many, never the first, and keeps the order", () =>
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 12 }), (shortlist, limit) => {
        const after = tighten(shortlist, limit).shortlist
        expect(after).toHaveLength(shortlist.length > limit ? shortlist.length - 1 : shortlist.length)
        expect(after).toEqual(shortlist.filter((one) => after.includes(one)))
        expect(after[0]).toEqual(shortlist[0])
      }),
    ))
})

describe("compose", () => {
  it("joins in the order of the text", () => {
    expect(
      compose([
        { index: 4, text: "Then home." },
        { index: 1, text: "Up." },
      ]),
    ).toBe("Up. Then home.")
    expect(
      compose([
        { index: 0, text: "猫が鳴く。" },
        { index: 1, text: "犬。" },
      ]),
    ).toBe("猫が鳴く。犬。")
    expect(
      compose([
        { index: 0, text: "milk" },
        { index: 1, text: "bread" },
      ]),
    ).toBe("milk\nbread")
    expect(compose([])).toBe("")
  })
})

describe("a summary", () => {
  it("is made of sentences of the text, as many as asked, in their order", () => {
    const text = shipped("four-freedoms").replaceAll(/\s+/g, " ")
    const { summary } = summarize(text, 5)
    const places = sentencesOf(summary).map((sentence) => text.indexOf(sentence))
    expect(places).toHaveLength(5)
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it("is another one for another text, and for the same text cut short", () => {
    const address = shipped("four-freedoms")
    const chapter = shipped("nantucket")
    const summaries = [address, chapter, address.slice(address.length / 2)].map((text) => summarize(text, 3).summary)
    expect(new Set(summaries).size).toBe(3)
    expect(summarize(chapter, 3).summary).toBe(summaries[1])
  })

  it("ends within the loop's turns for every length asked", () => {
    const text = shipped("nantucket")
    const count = sentencesOf(text).length
    for (const limit of [1, 2, count - 1, count, count + 1, 50]) {
      const { summary, turns } = summarize(text, limit)
      expect(turns).toBeLessThanOrEqual(SPARE)
      expect(sentencesOf(summary)).toHaveLength(Math.min(limit, count))
    }
  })

  it("exists for any text", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const { summary, turns } = summarize(text, limit)
        expect(turns).toBeLessThanOrEqual(SPARE)
        expect(summary === "").toBe(sentencesOf(text).length === 0)
      }),
    ))

  it.each([
    ["prose", shipped("four-freedoms")],
    ["words without a full stop", "lorem ipsum dolor sit amet "],
    ["one word over and over", "whale. "],
    ["Chinese", "中国的首都是北京。上海是一座大城市！你好吗？"],
    ["letters without a space", "x"],
    ["full stops", "a. "],
  ])("of a megabyte of %s is made without growing with the square of the text", (_, part) => {
    const { summary } = summarize(part.repeat(Math.ceil(1_000_000 / part.length)), 3)
    expect(summary.length).toBeGreaterThan(0)
    expect(summary.length).toBeLessThan(10_000)
  })
})
