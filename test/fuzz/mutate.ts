import { parse, stringify } from "yaml"
import type { Random } from "./random.js"
import { mutateTree } from "./mutate-tree.js"
import { pieces, terms } from "./words.js"

type Mutation = (text: string, random: Random, another: () => string) => string

/** Beyond this a mutant is cut: what is large is tested for its own sake elsewhere. */
const longest = 60_000

const spliced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to)

const token = /\w+|[^\s\w]|\s+/g

const onLines =
  (change: (lines: string[], random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split("\n")
    change(lines, random)
    return lines.join("\n")
  }

/** One place of the text, replaced by what `change` makes of it. */
const onMatch =
  (pattern: RegExp, change: (found: string, random: Random) => string): Mutation =>
  (text, random) => {
    const found = [...text.matchAll(pattern)]
    const one = found[random.below(found.length)]
    return one === undefined ? text : spliced(text, one.index, one.index + one[0].length, change(one[0], random))
  }

function inExpression(expression: string, random: Random): string {
  const tokens = expression.match(token) ?? []
  const at = random.below(tokens.length + 1)
  const term = random.of(terms, "")
  const kind = random.below(5)
  if (kind === 0) tokens.splice(at, 0, term)
  else if (kind === 1) tokens.splice(at, 1, term)
  else if (kind === 2) tokens.splice(at, 1)
  else if (kind === 3) tokens.splice(at, 0, ...tokens.slice(random.below(at + 1), at))
  else return `${random.of(["(", "!", "[", "size(", "-"], "").repeat(1 + random.below(40))}${expression}`
  return tokens.join("")
}

const numbers = [
  "0",
  "-1",
  "1e3",
  "1e999",
  "4294967296",
  "9007199254740993",
  "0.5",
  "99999999999999999999999",
  ".5",
  "0x10",
  "1_0",
  "1s",
]

const mutations: readonly Mutation[] = [
  // Bytes
  (text, random) => {
    const at = random.below(text.length)
    return spliced(text, at, at + 1, String.fromCharCode(random.below(random.below(2) === 0 ? 128 : 65_536)))
  },
  (text, random) => {
    const at = random.below(text.length)
    return spliced(text, at, at + 1 + random.below(8), "")
  },
  (text, random) => text.slice(0, random.below(text.length)),
  // Tokens
  (text, random) => {
    const at = random.below(text.length + 1)
    return spliced(text, at, at, random.of(pieces, ""))
  },
  onMatch(token, (_, random) => random.of(pieces, "")),
  onMatch(/\b\d[\w.]*/g, (_, random) => random.of(numbers, "1")),
  onMatch(/\w+/g, (word, random) => {
    const at = random.below(word.length)
    return random.below(2) === 0 ? spliced(word, at, at + 1, "") : spliced(word, at, at, word.charAt(at))
  }),
  onMatch(/: /g, (_, random) =>
    random.of([":", ": &a ", ": *a ", ": !!str ", ": |\n", ": [", ": {", ":\t", ": '", ": - "], ":"),
  ),
  // Lines
  onLines((lines, random) => void lines.splice(random.below(lines.length), 1 + random.below(3))),
  onLines((lines, random) => void lines.splice(random.below(lines.length), 0, lines[random.below(lines.length)] ?? "")),
  onLines((lines, random) => {
    const moved = lines.splice(random.below(lines.length), 1 + random.below(4))
    lines.splice(random.below(lines.length + 1), 0, ...moved)
  }),
  onLines((lines, random) => {
    const from = random.below(lines.length)
    const to = from + 1 + random.below(5)
    const by = random.of([-4, -2, -1, 1, 2, 4, 40], 1)
    for (let i = from; i < Math.min(to, lines.length); i++) {
      const line = lines[i] ?? ""
      lines[i] = by > 0 ? " ".repeat(by) + line : line.replace(new RegExp(`^ {0,${-by}}`), "")
    }
  }),
  // Whole documents
  (text) => text.replaceAll("\n", "\r\n"),
  (text, random) => text.replace(/\n/g, () => random.of(["\n", "\r", "\r\n"], "\n")),
  (text) => `\uFEFF${text}`,
  (text, random, another) => {
    const other = another().split("\n")
    const lines = text.split("\n")
    return [...lines.slice(0, random.below(lines.length)), ...other.slice(random.below(other.length))].join("\n")
  },
  (text, random, another) => {
    const other = another().split("\n")
    const from = random.below(other.length)
    const lines = text.split("\n")
    lines.splice(random.below(lines.length), random.below(3), ...other.slice(from, from + 1 + random.below(6)))
    return lines.join("\n")
  },
  onMatch(
    /[^\s].*/g,
    (rest, random) => random.of(["[", "{a: ", "- ", "? ", "(", "!!"], "[").repeat(1 + random.below(300)) + rest,
  ),
]

const expressions: readonly Mutation[] = [
  onMatch(/(?<=\$\{)[^}\n]*/g, inExpression),
  onMatch(/(?<=\b(?:until|when|guard|map|with|on): )\S.*/g, inExpression),
]

/** What mutants are made of: a text, and the value that it says. */
export interface Seed {
  readonly text: string
  readonly value: unknown
}

export const seedOf = (text: string): Seed => ({ text, value: parse(text, { logLevel: "silent" }) })

/** The value of a document, changed and written anew: these mutants are still YAML, and reach the grammar. */
function rebuilt({ value }: Seed, random: Random, another: () => Seed): string {
  let mutant = value
  for (let left = 1 + random.below(3); left > 0; left--) mutant = mutateTree(mutant, another().value, random)
  return random.below(3) === 0
    ? JSON.stringify(mutant, null, random.below(3))
    : stringify(mutant, { aliasDuplicateObjects: false })
}

/** A document with some things changed: in its structure, in its expressions, or anywhere in its text. */
export function mutate(seed: Seed, random: Random, another: () => Seed): string {
  const structural = random.below(2) === 0
  let mutant = structural ? rebuilt(seed, random, another) : seed.text
  for (let left = structural ? random.below(2) : 1 + random.below(3); left > 0; left--) {
    const mutation = random.of(random.below(2) === 0 ? expressions : mutations, unchanged)
    mutant = mutation(mutant, random, () => another().text).slice(0, longest)
  }
  return mutant
}

const unchanged: Mutation = (text) => text
