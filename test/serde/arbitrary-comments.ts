import * as fc from "fast-check"
import { isMap, isNode, isScalar, isSeq, parseDocument, visit } from "yaml"

/** Where a comment may stand: at the beginning of a line that a key or an item begins, and behind a text. */
function spots(text: string): { readonly at: number; readonly comment: (said: string) => string }[] {
  const found: { at: number; comment: (said: string) => string }[] = []
  const own = (start: number): void => {
    const line = text.lastIndexOf("\n", start - 1) + 1
    const before = text.slice(line, start)
    if (/^ *(?:- )*$/.test(before)) {
      const indent = /^ */.exec(before)?.[0] ?? ""
      found.push({ at: line, comment: (said) => `${indent}# ${said}\n` }, { at: line, comment: () => "\n" })
    }
  }
  visit(parseDocument(text), {
    Pair: (_, { key, value }, path) => {
      if (path.some((one) => isNode(one) && "flow" in one && one.flow === true)) return
      if (isScalar(key) && key.range) own(key.range[0])
      const end = isScalar(value) && value.range ? value.range[1] : undefined
      const line = end === undefined ? "" : text.slice(0, end).split("\n").at(-1)
      if (end !== undefined && text[end] === "\n" && !/^\s*$/.test(line ?? "") && isScalar(value)) {
        if (!text.slice(value.range?.[0] ?? 0, end).includes("\n"))
          found.push({ at: end, comment: (said) => ` # ${said}` })
      }
    },
    Seq: (_, node, path) => {
      if (node.flow === true || path.some((one) => isNode(one) && "flow" in one && one.flow === true)) return
      for (const item of node.items) {
        const range = isMap(item) || isSeq(item) || isScalar(item) ? item.range : undefined
        if (range) own(range[0])
      }
    },
  })
  found.push({ at: text.length, comment: (said) => `# ${said}\n` })
  return found
}

/** A text with comments and blank lines in some of the places where they may be. */
export const commented = (text: string): fc.Arbitrary<string> => {
  const places = spots(text)
  return fc
    .array(fc.tuple(fc.nat(places.length - 1), fc.constantFrom("a", "b: c", "# d", "'e", "- f")), { maxLength: 6 })
    .map((chosen) => {
      const used = new Set<number>()
      const added = chosen.flatMap(([i, said], n) => {
        const place = places[i]
        if (place === undefined || used.has(i)) return []
        used.add(i)
        return [{ at: place.at, text: place.comment(`${said} ${n}`) }]
      })
      return added
        .toSorted((a, b) => b.at - a.at)
        .reduce((whole, { at, text: comment }) => whole.slice(0, at) + comment + whole.slice(at), text)
    })
}
