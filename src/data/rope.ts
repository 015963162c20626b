/** A list that is joined in constant time and read once, at the end. */
export type Rope<T> = undefined | { readonly of: T } | { readonly left: Rope<T>; readonly right: Rope<T> }

export const single = <T>(of: T): Rope<T> => ({ of })

export function join<T>(left: Rope<T>, right: Rope<T>): Rope<T> {
  if (left === undefined) return right
  return right === undefined ? left : { left, right }
}

export function joinAll<T>(ropes: readonly Rope<T>[]): Rope<T> {
  let all: Rope<T>
  for (const rope of ropes) all = join(all, rope)
  return all
}

/** The items, from left to right, however the rope hangs. Never recurses. */
export function items<T>(rope: Rope<T>): T[] {
  const out: T[] = []
  const stack: Rope<T>[] = [rope]
  while (stack.length > 0) {
    const top = stack.pop()
    if (top === undefined) continue
    if ("of" in top) out.push(top.of)
    else stack.push(top.right, top.left)
  }
  return out
}
