import { functions, holds, isEven, thrower } from "./alphabet.js"
import { type Choices, pick } from "./choices.js"
import type { Sample } from "./sample.js"
import {
  applying,
  asking,
  attempting,
  binding,
  bindingField,
  calling,
  choosing,
  constant,
  failing,
  fallingBack,
  flatMapping,
  inOrder,
  looping,
  loopingWithState,
  recovering,
  recoveringTag,
  routing,
  sleeping,
  suspending,
} from "./samples.js"
import { graphing, racing, requiring, splitting, traversingList, zipped, zippedBy } from "./samples-parallel.js"
import {
  diverting,
  guarding,
  guardingBy,
  inTime,
  limiting,
  notifying,
  queueing,
  retrying,
  tapping,
  within,
} from "./samples-policy.js"

/** What random flows are made of besides combinators. */
export interface Ingredients {
  /** Without agents they are pure. */
  readonly agents: boolean
  /** Without faults they never fail, whatever the order in which agents answer. */
  readonly faults: boolean
  /** Races and quorums that do not wait for every member. Default true. Without faults as well, timing changes no value. */
  readonly races?: boolean
  /** Sleeps, waits between tries, and deadlines that are met. Default false: then they take no time but their agents'. */
  readonly waits?: boolean
  /** Suspends, answered by `answerTo`; only where neither faults nor races are. Default false. */
  readonly suspends?: boolean
  /** Side flows that are not waited for. Default true. */
  readonly sides?: boolean
}

const everything: Ingredients = { agents: true, faults: true }

/**
 * A random closed flow over the alphabet of the laws, with what it means. The same choices make the same flow.
 *
 * @param size about how many nodes at most; 1 gives a leaf. Bodies that are run repeatedly get half of what is left, so
 *   that a run stays short.
 *
 * @example
 * ```ts
 * import { meant, sample, seeded } from "troupe/laws"
 * const { flow, means } = sample(seeded(7), 20)
 * meant(means, 1) // how a run of the flow on 1 must end
 * ```
 */
export function sample(choices: Choices, size: number, ingredients: Ingredients = everything): Sample {
  return garden(choices, ingredients)(size)
}

/** Random flows that may stand side by side: no suspend of one has the name of another's. */
export function garden(choices: Choices, ingredients: Ingredients = everything): (size: number) => Sample {
  let suspends = 0
  const { races = true, waits = false, suspends: answers = false, sides = true } = ingredients
  const rules: Rules = { ...ingredients, races, waits, sides, suspends: answers && !races && !ingredients.faults }
  return (size) => new Garden(choices, rules, [], () => suspends++).grow(size)
}

type Rules = Required<Ingredients>

const half = (size: number): number => Math.ceil(size / 2)
const third = (size: number): number => Math.ceil(size / 3)

class Garden {
  readonly choices: Choices
  readonly rules: Rules
  readonly #bound: readonly Sample[]
  readonly #count: () => number

  constructor(choices: Choices, rules: Rules, bound: readonly Sample[], count: () => number) {
    this.choices = choices
    this.rules = rules
    this.#bound = bound
    this.#count = count
  }

  get name(): string {
    return `name${this.#bound.length}`
  }

  grow(size: number): Sample {
    return size <= 1 ? this.leaf() : pick(this.choices, ways(this.rules))(this, size - 1)
  }

  /** Where this name is bound as well. */
  binding(bound: Sample): Garden {
    return new Garden(this.choices, this.rules, [...this.#bound, bound], this.#count)
  }

  /** Where no name is bound. */
  alone(): Garden {
    return new Garden(this.choices, this.rules, [], this.#count)
  }

  with(rules: Partial<Rules>): Garden {
    return new Garden(this.choices, { ...this.rules, ...rules }, this.#bound, this.#count)
  }

  below(n: number): number {
    return this.choices.below(n)
  }

  /** Members of a parallel node: 1 to 3, which share the size. */
  members(size: number): Sample[] {
    const count = 1 + this.below(3)
    return Array.from({ length: count }, () => this.grow(Math.ceil(size / count)))
  }

  leaf(): Sample {
    const { agents, faults, waits, suspends } = this.rules
    const leaves: [() => Sample, ...(() => Sample)[]] = [
      () => constant(this.below(101)),
      ...functions.map((fn) => () => applying(fn)),
      ...this.#bound.map((bound) => () => bound),
      ...(agents ? ["echo", "count"].map((name) => () => asking(name)) : []),
      ...(waits ? [() => sleeping(1 + this.below(9))] : []),
      ...(suspends ? [() => suspending(`answer${this.#count()}`)] : []),
      ...(faults ? [() => applying(thrower), () => failing("odd", false), () => failing("passing", true)] : []),
      ...(agents && faults ? ["refuse", "falter"].map((name) => () => asking(name)) : []),
      ...(agents && faults && waits ? [() => asking("defer")] : []),
    ]
    return pick(this.choices, leaves)()
  }
}

type Way = (garden: Garden, size: number) => Sample

/** How to make a flow of smaller ones. */
const always: readonly [Way, ...Way[]] = [
  (at, size) => inOrder(at.grow(half(size)), at.grow(half(size))),
  (at, size) => zipped(at.members(size)),
  (at, size) => {
    const of = at.members(size)
    return zippedBy(
      of.map((_, i) => `key${i}`),
      of,
    )
  },
  (at, size) => {
    const of = at.members(size)
    return requiring(1 + at.below(of.length), of, "all")
  },
  (at, size) => choosing(at.grow(half(size)), at.grow(half(size))),
  (at, size) => routing(at.grow(third(size)), at.grow(third(size)), at.grow(third(size))),
  (at, size) => flatMapping(at.grow(third(size)), at.grow(third(size)), at.grow(third(size)), at.below(2) === 0),
  (at, size) => recovering(at.grow(half(size)), at.grow(half(size))),
  (at, size) => fallingBack(at.grow(half(size)), at.grow(half(size))),
  (at, size) => recoveringTag("AgentFailed", at.grow(half(size)), at.grow(half(size))),
  (at, size) => attempting(at.grow(size)),
  (at, size) => looping(at.grow(half(size)), 1 + at.below(3), at.rules.faults && at.below(2) === 0 ? "fail" : "last"),
  (at, size) => inTime(at.grow(size)),
  (at, size) => binding(at.name, at.grow(half(size)), (bound) => at.binding(bound).grow(half(size))),
  (at, size) => bindingField(at.grow(half(size)), "field", at.grow(half(size))),
  (at, size) => {
    const { faults, suspends } = at.rules
    const body = at.with({ suspends: false }).grow(half(size))
    const concurrency = at.below(4)
    const atLeast = faults && at.below(2) === 0 ? 1 + at.below(3) : undefined
    const options = { ...(concurrency === 0 ? {} : { concurrency }), ...(atLeast === undefined ? {} : { atLeast }) }
    return suspends && at.below(4) === 0 ? at.grow(size) : traversingList(body, options)
  },
  (at, size) =>
    inOrder(zipped([at.grow(third(size)), at.leaf()]), splitting([at.grow(third(size)), at.grow(third(size))])),
  (at, size) =>
    graphing([
      { id: "left", of: at.grow(third(size)) },
      { id: "right", of: at.leaf() },
      ...(at.below(2) === 0 ? [] : [{ id: "after", of: at.grow(third(size)), dependsOn: ["left"] }]),
      { id: "both", of: at.grow(third(size)), dependsOn: ["left", "right"] },
    ]),
  (at, size) => {
    const base = at.rules.waits ? 1 + at.below(3) : 0
    const tries = { times: at.below(3), base, backoff: at.below(2) === 0 ? "exponential" : "constant" } as const
    return retrying(at.below(3) === 0 ? { ...tries, on: ["Failed"] } : tries, at.grow(half(size)))
  },
  (at, size) => limiting(at.rules.faults && !at.rules.waits ? at.below(6) : 1_000_000, at.grow(size)),
  (at, size) => queueing(1 + at.below(2), at.grow(size)),
  (at, size) => tapping(at.grow(half(size)), at.grow(half(size))),
  (at, size) => guarding(at.grow(size), at.rules.faults ? isEven : holds),
  (at, size) => calling(at.alone().grow(size)),
]

const withFaults: readonly Way[] = [
  (at, size) => guardingBy(at.grow(half(size)), at.grow(half(size))),
  (at, size) => loopingWithState(at.grow(half(size)), at.below(9), 1 + at.below(3)),
]

const withRaces: readonly Way[] = [
  (at, size) => racing(at.members(size), at.below(4) === 3 ? "settled" : "success"),
  (at, size) => {
    const of = at.members(size)
    return requiring(1 + at.below(of.length), of, at.below(2) === 0 ? "all" : "quorum")
  },
]

const withSides: readonly Way[] = [
  // Asks of a side flow count towards the limits around it, at an instant that nobody promises.
  (at, size) => notifying(at.grow(half(size)), at.with({ agents: false, suspends: false }).grow(half(size))),
  (at, size) => diverting(at.grow(half(size)), at.with({ agents: false, suspends: false }).grow(half(size))),
]

const tooLate: Way = (at, size) => within(1 + at.below(12), at.grow(size))

const ways = ({ faults, races, waits, sides }: Rules): readonly [Way, ...Way[]] => [
  ...always,
  ...(faults ? withFaults : []),
  ...(races ? withRaces : []),
  ...(sides ? withSides : []),
  ...(faults && waits ? [tooLate] : []),
]
