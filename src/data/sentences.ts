/** A text cut into sentences, ready to be ranked. */
export interface Sentences {
  /** In their order in the text, trimmed; none is empty. */
  readonly all: readonly string[]
  /** The indexes of all sentences, the best for the query first. Equal ones keep their order. */
  rank(query: string): readonly number[]
}

/**
 * Cuts a text into sentences (as Unicode does, and at line breaks) and ranks them by the words that they share with a
 * query. A word counts by how rare it is among the sentences; a sentence that shares nothing is ranked, below all that
 * do, by how much it has in common with the rest of the text.
 */
export function sentencesOf(text: string): Sentences {
  const all = split(text)
  const words = all.map(wordsOf)
  const frequency = new Map<string, number>()
  for (const set of words) for (const word of set) frequency.set(word, (frequency.get(word) ?? 0) + 1)

  const rarity = (word: string): number => Math.log(1 + all.length / (frequency.get(word) ?? 1))
  const centrality = words.map((set) => {
    let sum = 0
    for (const word of set) sum += (frequency.get(word) ?? 1) - 1
    return sum / Math.sqrt(set.size + 1) / (all.length + 1)
  })
  return {
    all,
    rank(query) {
      const asked = wordsOf(query)
      const overlap = words.map((set) => {
        let sum = 0
        for (const word of set) if (asked.has(word)) sum += rarity(word)
        return sum / Math.sqrt(set.size + 1)
      })
      const at = (scores: readonly number[], i: number): number => scores[i] ?? 0
      return all
        .map((_, i) => i)
        .sort((a, b) => at(overlap, b) - at(overlap, a) || at(centrality, b) - at(centrality, a) || a - b)
    },
  }
}

/** Made on first use: it takes milliseconds, which a command that asks no such model need not wait for. */
let segmenter: Intl.Segmenter | undefined

function split(text: string): readonly string[] {
  const sentence = (segmenter ??= new Intl.Segmenter("en", { granularity: "sentence" }))
  return text
    .split(/[\r\n]+/)
    .flatMap((line) => Array.from(sentence.segment(line), ({ segment }) => segment.trim()))
    .filter((piece) => piece !== "")
}

/** The words of a text, each once, in lower case, without those of one or two letters and the commonest. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return new Set(words.filter((word) => !common.has(word)))
}

const common = new Set(
  (
    "the and for that this with you your are was were will from have has had not but its his her their they them " +
    "one who what which when where how all any can may into out than then there these those she him our ours about"
  ).split(" "),
)
