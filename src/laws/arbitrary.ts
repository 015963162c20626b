import { functions, thrower } from "./alphabet.js"
import { type Choices, pick } from "./choices.js"
import {
  applying,
  asking,
  binding,
  choosing,
  constant,
  failing,
  fallingBack,
  inOrder,
  inTime,
  looping,
  racing,
  recovering,
  recoveringTag,
  requiring,
  type Sample,
  zipped,
  zippedBy,
} from "./samples.js"

/** What random flows are made of besides combinators. Without agents they are pure, without faults they never fail. */
export interface Ingredients {
  readonly agents: boolean
  readonly faults: boolean
}

const everything: Ingredients = { agents: true, faults: true }

/**
 * A random closed flow over the alphabet of the laws, with what it means.
 *
 * @param size about how many nodes; 1 gives a leaf.
 *
 * @example
 * ```ts
 * import { sample, seeded } from "troupe/laws"
 * const { flow, means } = sample(seeded(7), 20)
 * ```
 */
export function sample(choices: Choices, size: number, ingredients: Ingredients = everything): Sample {
  return grown(choices, size, ingredients, [])
}

type Grow = (size: number, bound?: Sample) => Sample

function grown(choices: Choices, size: number, ingredients: Ingredients, names: readonly Sample[]): Sample {
  if (size <= 1) return leaf(choices, ingredients, names)
  const grow: Grow = (inner, bound) =>
    grown(choices, inner, ingredients, bound === undefined ? names : [...names, bound])
  return pick(choices, combinators)(choices, size - 1, grow, `name${names.length}`)
}

function leaf(choices: Choices, { agents, faults }: Ingredients, names: readonly Sample[]): Sample {
  const leaves: [() => Sample, ...(() => Sample)[]] = [
    () => constant(choices.below(101)),
    ...functions.map((fn) => () => applying(fn)),
    ...names.map((bound) => () => bound),
    ...(agents ? ["echo", "count"].map((name) => () => asking(name)) : []),
    ...(faults ? [() => applying(thrower), () => failing("odd", false), () => failing("passing", true)] : []),
    ...(agents && faults ? ["refuse", "falter"].map((name) => () => asking(name)) : []),
  ]
  return pick(choices, leaves)()
}

/** Members of a parallel node: 1 to 3, which share the size. */
function members(choices: Choices, size: number, grow: Grow): Sample[] {
  const count = 1 + choices.below(3)
  return Array.from({ length: count }, () => grow(Math.ceil(size / count)))
}

type Combine = (choices: Choices, size: number, grow: Grow, name: string) => Sample

const half = (size: number): number => Math.ceil(size / 2)

const combinators: readonly [Combine, ...Combine[]] = [
  (_, size, grow) => inOrder(grow(half(size)), grow(half(size))),
  (choices, size, grow) => zipped(members(choices, size, grow)),
  (choices, size, grow) => {
    const of = members(choices, size, grow)
    return zippedBy(
      of.map((_, i) => `key${i}`),
      of,
    )
  },
  (choices, size, grow) => racing(members(choices, size, grow), choices.below(4) === 3 ? "settled" : "success"),
  (choices, size, grow) => {
    const of = members(choices, size, grow)
    return requiring(1 + choices.below(of.length), of, choices.below(2) === 0 ? "all" : "quorum")
  },
  (_, size, grow) => choosing(grow(half(size)), grow(half(size))),
  (_, size, grow) => recovering(grow(half(size)), grow(half(size))),
  (_, size, grow) => fallingBack(grow(half(size)), grow(half(size))),
  (_, size, grow) => recoveringTag("AgentFailed", grow(half(size)), grow(half(size))),
  (choices, size, grow) => looping(grow(size), 1 + choices.below(3), choices.below(2) === 0 ? "fail" : "last"),
  (_, size, grow) => inTime(grow(size)),
  (_, size, grow, name) => binding(name, grow(half(size)), (bound) => grow(half(size), bound)),
]
