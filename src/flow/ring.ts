/** How many names of a ring are shown: of a longer one, the first and the last. */
const shown = 12

/** `a -> b -> a`: a ring in words, from the name that it comes round to. What is in the middle of a long one is left out. */
export function ringOf(length: number, name: (i: number) => string): string {
  const half = shown / 2
  const names =
    length <= shown
      ? Array.from({ length }, (_, i) => name(i))
      : [
          ...Array.from({ length: half }, (_, i) => name(i)),
          "…",
          ...Array.from({ length: half }, (_, i) => name(length - half + i)),
        ]
  return [...names, name(0)].join(" -> ")
}
