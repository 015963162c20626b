import { readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lead } from "../../flows/summarizers/lead.js"
import { marginalRelevance } from "../../flows/summarizers/marginal-relevance.js"
import { bestFirst } from "../../flows/summarizers/ranking.js"
import { sentencesOf } from "../../flows/summarizers/sentences.js"
import { significances, termFrequency } from "../../flows/summarizers/term-frequency.js"
import { centralities, textRank } from "../../flows/summarizers/text-rank.js"
import { tfIdf } from "../../flows/summarizers/vectors.js"
import { isContent, wordsOf } from "../../flows/summarizers/words.js"

const address = sentencesOf(readFileSync(new URL("../../flows/texts/four-freedoms.txt", import.meta.url), "utf8"))

const word = fc.constantFrom("cats", "dogs", "purr", "bark", "the", "and", "red", "blue", "猫が鳴く", "don't", "42")
const sentence = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "))
const sentences = fc.array(sentence, { maxLength: 30 })
const shuffled = sentences.chain((list) =>
  fc.record({ list: fc.constant(list), order: fc.shuffledSubarray([...list.keys()], { minLength: list.length }) }),
)

describe("words", () => {
  it.each([
    ["The cat's tail", ["the", "cat", "tail"]],
    ["Don’t STOP, well-known 3.5", ["don't", "stop", "well", "known", "3", "5"]],
    ["ﬁne café", ["fine", "café"]],
    ["東京都 猫", ["東京", "京都", "猫"]],
    ["— … !", []],
  ])("of %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it("tells content from stop words", () => {
    expect(["the", "don't", "cat"].map(isContent)).toEqual([false, false, true])
  })
})

describe("tfIdf", () => {
  it("weighs terms by count and rarity, to unit length", () => {
    // cats: 1 × (ln(2/2) + 1) = 1; purr: 2 × (ln(2/1) + 1) = 3.386294
    const { vectors, terms } = tfIdf(["Cats purr, purr.", "Cats."])
    expect(terms).toBe(2)
    expect(vectors[0]?.[0]?.weight).toBeCloseTo(1 / Math.hypot(1, 3.386294), 6)
    expect(vectors[0]?.[1]?.weight).toBeCloseTo(3.386294 / Math.hypot(1, 3.386294), 6)
    expect(vectors[1]).toEqual([{ term: 0, weight: 1 }])
  })

  it("gives a sentence of stop words the empty vector", () => {
    expect(tfIdf(["It is what it is."]).vectors).toEqual([[]])
  })
})

describe("bestFirst", () => {
  it("keeps the order of the text for equal scores and for noise", () => {
    expect(bestFirst([1, 3, 3 + 1e-12, 2])).toEqual([1, 2, 3, 0])
  })
})

describe("term frequency", () => {
  it("scores the densest cluster of frequent words", () => {
    // ship 3, sail 2, the rest once: mean (3 + 2 + 1 + 1 + 1) / 5 = 1.6, so ship and sail are significant.
    const text = ["Ship sail.", "A ship of red sail.", "Ship, blue whale."]
    expect(significances(text)).toEqual([(2 * 2) / 2, (2 * 2) / 4, 1])
    expect(termFrequency(text)).toEqual([0, 1, 2])
  })

  it("begins a new cluster after more than four words without significance", () => {
    const apart = (n: number): number => significances([`ship ${"the ".repeat(n)}ship`, "ship ship"])[0] ?? 0
    expect(apart(4)).toBeCloseTo(4 / 6)
    expect(apart(5)).toBe(1)
  })
})

describe("TextRank", () => {
  it("gives two alike sentences 1 and a lonely one 1 − d", () => {
    expect([...centralities(["Cats purr.", "Cats sleep.", "Dogs bark."])].map((rank) => rank.toFixed(6))).toEqual([
      "1.000000",
      "1.000000",
      "0.150000",
    ])
  })

  it("solves the star: the hub is 0.15 + 0.85 (b + c), each end 0.15 + 0.85 a / 2", () => {
    const [hub, ...ends] = centralities(["Red blue.", "Red.", "Blue."])
    expect(hub).toBeCloseTo(0.405 / 0.2775, 5)
    for (const end of ends) expect(end).toBeCloseTo(0.15 + (0.425 * 0.405) / 0.2775, 5)
  })

  it("equals power iteration on the explicit graph", () => {
    const some = address.slice(0, 40)
    const vectors = tfIdf(some).vectors.map((vector) => new Map(vector.map(({ term, weight }) => [term, weight])))
    const cosine = (a: number, b: number): number =>
      [...(vectors[a] ?? [])].reduce((sum, [term, weight]) => sum + weight * (vectors[b]?.get(term) ?? 0), 0)
    const edges = some.map((_, a) => some.map((_, b) => (a === b ? 0 : cosine(a, b))))
    const strength = edges.map((row) => row.reduce((sum, weight) => sum + weight, 0))
    let ranks = some.map(() => 1)
    for (let turn = 0; turn < 200; turn++) {
      const before = ranks
      const share = (from: number, to: number): number =>
        strength[from] ? ((edges[from]?.[to] ?? 0) / strength[from]) * (before[from] ?? 0) : 0
      ranks = some.map((_, to) => 0.15 + 0.85 * some.reduce((sum, _, from) => sum + share(from, to), 0))
    }
    for (const [i, rank] of centralities(some).entries()) expect(rank).toBeCloseTo(ranks[i] ?? Number.NaN, 4)
  })
})

describe("maximal marginal relevance", () => {
  it("puts a repetition after something new", () => {
    expect(marginalRelevance(["Cats purr.", "Cats purr.", "Dogs bark."])).toEqual([0, 2, 1])
    expect(textRank(["Cats purr.", "Cats purr.", "Dogs bark."])).toEqual([0, 1, 2])
  })

  it("equals the definition: each time the most of cosine to the text less the greatest cosine to a chosen one", () => {
    const vectors = tfIdf(address).vectors.map((vector) => new Map(vector.map(({ term, weight }) => [term, weight])))
    const text = new Map<number, number>()
    for (const [term, weight] of vectors.flatMap((vector) => [...vector]))
      text.set(term, (text.get(term) ?? 0) + weight)
    const length = Math.hypot(...text.values())
    const product = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number> = new Map()): number =>
      [...a].reduce((sum, [term, weight]) => sum + weight * (b.get(term) ?? 0), 0)
    const chosen: number[] = []
    while (chosen.length < 20) {
      const values = vectors.map((vector, i) =>
        chosen.includes(i)
          ? -Infinity
          : product(vector, text) / length - Math.max(0, ...chosen.map((one) => product(vector, vectors[one]))),
      )
      chosen.push(values.indexOf(Math.max(...values)))
    }
    expect(marginalRelevance(address).slice(0, 20)).toEqual(chosen)
  })

  it("ranks sentences beyond its candidates by relevance", () => {
    const many = Array.from({ length: 450 }, (_, i) => `Word${i} and word${i % 7}.`)
    expect(marginalRelevance(many).toSorted((a, b) => a - b)).toEqual([...many.keys()])
  })
})

describe.each([
  ["lead", lead],
  ["term frequency", termFrequency],
  ["TextRank", textRank],
  ["maximal marginal relevance", marginalRelevance],
] as const)("%s", (_, rank) => {
  it("gives every index once, for any sentences", () =>
    fc.assert(
      fc.property(sentences, (list) => {
        expect([...rank(list)].sort((a, b) => a - b)).toEqual([...list.keys()])
      }),
    ))

  it("gives the same ranking each time and leaves its input alone", () =>
    fc.assert(
      fc.property(sentences, (list) => {
        const copy = [...list]
        expect(rank(list)).toEqual(rank(copy))
        expect(list).toEqual(copy)
      }),
    ))

  it("takes no sentences, one, and a thousand that are the same", () => {
    expect(rank([])).toEqual([])
    expect(rank(["Cats purr."])).toEqual([0])
    const same = Array.from({ length: 1_000 }, () => "Cats purr.")
    expect(rank(same)).toEqual([...same.keys()])
  })
})

describe.each([
  ["term frequency", significances],
  ["TextRank", (list: readonly string[]) => [...centralities(list)]],
] as const)("%s", (_, score) => {
  it("scores a sentence the same wherever it stands", () =>
    fc.assert(
      fc.property(shuffled, ({ list, order }) => {
        const scores = score(list)
        const moved = score(order.map((i) => list[i] ?? ""))
        for (const [at, i] of order.entries()) expect(moved[at]).toBeCloseTo(scores[i] ?? Number.NaN, 5)
      }),
    ))
})

describe("four methods on an address", () => {
  it("disagree, so that fusing them means something", () => {
    const tops = [lead, termFrequency, textRank, marginalRelevance].map((rank) => rank(address).slice(0, 10).join())
    expect(new Set(tops).size).toBe(4)
  })
})
