import type { Claim, Claims, Samples } from "./law.js"
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
import { thrower } from "./alphabet.js"

const nothing: ReadonlyMap<string, unknown> = new Map()

const claim =
  (of: (samples: Samples) => Sample): Claim =>
  (samples) => {
    const { flow, means } = of(samples)
    return { flow, input: samples.input, means: means(samples.input, nothing) }
  }

/**
 * What each node means: the laws say how nodes relate, these how a run of one ends, where agents answer at once. An
 * interpreter that does nothing obeys every equation; none of these.
 */
export const claims: Claims = {
  Pure: {
    constant: claim(({ input }) => constant(input)),
    function: claim(({ p }) => applying(p)),
    throws: claim(() => applying(thrower)),
  },
  Agent: {
    answers: claim(() => asking("echo")),
    fails: claim(() => asking("refuse")),
    falters: claim(() => asking("falter")),
  },
  Fail: {
    forGood: claim(() => failing("broken", false)),
    worthAnotherTry: claim(() => failing("busy", true)),
  },
  Seq: {
    empty: claim(() => inOrder()),
    inOrder: claim(({ f, g, h }) => inOrder(f, g, h)),
  },
  Let: {
    binds: claim(({ f, g }) => binding("kept", f, (bound) => inOrder(g, bound))),
    passesOn: claim(({ f, g }) => binding("kept", f, (bound) => zipped([g, bound]))),
    shadowsNothing: claim(({ f, g, h }) =>
      binding("outer", f, (outer) =>
        inOrder(
          binding("inner", g, (inner) => zipped([inner, outer, h])),
          outer,
        ),
      ),
    ),
  },
  All: {
    tuple: claim(({ f, g, h }) => zipped([f, g, h])),
    record: claim(({ f, g }) => zippedBy(["b", "a"], [f, g])),
    empty: claim(() => zipped([])),
  },
  AtLeast: {
    all: claim(({ f, g, h }) => requiring(3, [f, g, h], "all")),
    two: claim(({ f, g, h }) => requiring(2, [f, g, h], "all")),
    firstTwo: claim(({ f, g, h }) => requiring(2, [f, g, h], "quorum")),
  },
  Race: {
    firstSuccess: claim(({ f, g, h }) => racing([f, g, h], "success")),
    firstToSettle: claim(({ f, g }) => racing([f, g], "settled")),
  },
  Branch: {
    oneArm: claim(({ f, g, p }) => inOrder(applying(p), choosing(f, g))),
  },
  Recover: {
    withFault: claim(({ f, h }) => recovering(f, h)),
    withInput: claim(({ f, h }) => fallingBack(f, h)),
    byTag: claim(({ f, h }) => recoveringTag("AgentFailed", f, h)),
  },
  Loop: {
    failing: claim(({ f }) => looping(f, 3, "fail")),
    last: claim(({ f }) => looping(f, 3, "last")),
    once: claim(({ f }) => looping(f, 1, "fail")),
  },
  Within: {
    inTime: claim(({ f }) => inTime(f)),
  },
  FlatMap: {},
  Traverse: {},
  Retry: {},
  Limit: {},
  Divert: {},
  Guard: {},
  Graph: {},
  Call: {},
  Suspend: {},
  Sleep: {},
}
