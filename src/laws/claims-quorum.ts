import { atLeast, type QuorumOptions } from "../flow/index.js"
import { claim } from "./claim.js"
import type { Claim, Claims } from "./law.js"
import { failed, gave, type Outcome } from "./outcome.js"
import { type Sample, untyped } from "./sample.js"
import { asking, constant, fallingBack, failing, inOrder, sleeping } from "./samples.js"
import { requiring } from "./samples-parallel.js"

/** A member that gives its own name after so many milliseconds. */
const at = (ms: number, name: string): Sample => inOrder(sleeping(ms), constant(name))

type Members = Readonly<Record<string, Sample>>

/** How members stand: those that are not among the others are aborted. */
function standing(of: Members, succeeded: Readonly<Record<string, unknown>>): Outcome {
  const names = Object.keys(of).map((name, index) => ({ index, name }))
  return gave({
    succeeded: names.filter(({ name }) => name in succeeded).map((one) => ({ ...one, value: succeeded[one.name] })),
    failed: [],
    aborted: names.filter(({ name }) => !(name in succeeded)),
  })
}

/** What is decided by an option, for members whose times are known. */
const decided =
  (n: number, of: Members, options: QuorumOptions, means: Outcome): Claim =>
  ({ input }) => {
    const flows = Object.fromEntries(Object.entries(of).map(([name, { flow }]) => [name, flow]))
    return { flow: untyped(atLeast(n, flows, { settle: "quorum", ...options })), input, means }
  }

const three = { a: at(2, "a"), b: at(4, "b"), c: at(9, "c") }
const weak = { a: at(2, "a"), b: inOrder(sleeping(1), failing("weak", true)), c: at(9, "c") }
const weakness = { _tag: "Failed", path: "", message: "", code: "weak", retry: "yes" } as const

/** A member that falters twice among its copies, and then takes its time; the third answers at once. */
const slow = fallingBack(inOrder(asking("third"), constant("at once")), at(8, "late"))
const slowly = { a: slow, b: slow }

/** What quorums mean: how many, by when, with whom. */
export const quorums: Claims["AtLeast"] = {
  all: claim(({ f, g, h }) => requiring(3, [f, g, h], "all")),
  two: claim(({ f, g, h }) => requiring(2, [f, g, h], "all")),
  firstTwo: claim(({ f, g, h }) => requiring(2, [f, g, h], "quorum")),
  inTheirTime: claim(({ f }) =>
    requiring(
      2,
      [inOrder(sleeping(5), f), inOrder(sleeping(2), constant(2)), inOrder(sleeping(1), constant(1))],
      "quorum",
    ),
  ),
  abort: claim(({ f, h }) => requiring(1, [inOrder(sleeping(1), f), asking("stop"), h], "all")),
  atTheFirst: decided(1, three, {}, standing(three, { a: "a" })),
  grace: decided(1, three, { grace: 3 }, standing(three, { a: "a", b: "b" })),
  graceNotNeeded: decided(3, three, { grace: 3 }, standing(three, { a: "a", b: "b", c: "c" })),
  required: decided(1, three, { required: ["b"] }, standing(three, { a: "a", b: "b" })),
  requiredFails: decided(
    1,
    weak,
    { required: ["b"] },
    failed({ _tag: "QuorumNotMet", needed: 1, succeeded: 0, faults: [weakness], retry: "yes" }),
  ),
  hedge: decided(1, slowly, { hedge: { after: 2, max: 1 } }, standing(slowly, { a: "at once" })),
  hedgeTooLate: decided(1, slowly, { hedge: { after: 9, max: 1 } }, standing(slowly, { a: "late" })),
}
