import { flow } from "../flow/build.js"
import { hash } from "../flow/index.js"
import * as make from "../flow/make.js"
import { functions, list, thrower } from "./alphabet.js"
import { claim } from "./claim.js"
import { policies } from "./claims-policy.js"
import { quorums } from "./claims-quorum.js"
import type { Claims } from "./law.js"
import { failed } from "./outcome.js"
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
import { graphing, racing, splitting, traversing, traversingList, zipped, zippedBy } from "./samples-parallel.js"

const [increment] = functions
/** A list of two. */
const two = zipped([constant(1), constant(2)])

/**
 * What each node means: the laws say how nodes relate, these how a run of one ends, where agents answer at once. An
 * interpreter that does nothing obeys every equation; hardly one of these.
 */
export const claims: Claims = {
  Pure: {
    constant: claim(({ input }) => constant(input)),
    function: claim(({ p }) => applying(p)),
    throws: claim(() => applying(thrower)),
    splits: claim(({ f, g }) => inOrder(two, splitting([f, g]))),
    splitsNothingElse: claim(({ f, g, p }) => inOrder(applying(p), splitting([f, g]))),
    splitsAsMany: claim(({ f, g, h }) => inOrder(two, splitting([f, g, h]))),
  },
  Agent: {
    answers: claim(() => asking("echo")),
    fails: claim(() => asking("refuse")),
    falters: claim(() => asking("falter")),
    defers: claim(() => asking("defer")),
    aborts: claim(({ f }) => inOrder(f, asking("stop"))),
  },
  Fail: {
    forGood: claim(() => failing("broken", false)),
    worthAnotherTry: claim(() => failing("busy", true)),
  },
  Seq: {
    empty: claim(() => inOrder()),
    inOrder: claim(({ f, g, h }) => inOrder(f, g, h)),
    bindsAField: claim(({ f, g }) => bindingField(f, "field", g)),
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
  FlatMap: {
    onTheInput: claim(({ f, g, h }) => flatMapping(f, g, h, false)),
    oneOfTheChoices: claim(({ f, g, h }) => flatMapping(f, g, h, true)),
    noneOfTheChoices: ({ f, g, input }) => {
      const [known, chosen] = [inOrder(g, constant("known")), inOrder(f, constant("chosen"))]
      const [tag, other] = [chosen, known].map(({ flow }) => hash(flow).value.slice(0, 8))
      return {
        flow: constant(1).flow.flatMap(
          { _tag: "Fn", name: "laws.choose.another", run: () => chosen.flow },
          { among: [known.flow] },
        ),
        input,
        means: failed({ _tag: "NoMatch", tag, known: [String(other)], retry: "no" }),
      }
    },
  },
  All: {
    tuple: claim(({ f, g, h }) => zipped([f, g, h])),
    record: claim(({ f, g }) => zippedBy(["b", "a"], [f, g])),
    empty: claim(() => zipped([])),
    firstFailure: claim(({ f }) =>
      zipped([sleeping(5), inOrder(sleeping(2), asking("refuse")), inOrder(f, sleeping(9))]),
    ),
    abort: claim(({ f, h }) => recovering(zipped([f, asking("stop")]), h)),
  },
  Traverse: {
    inOrder: claim(({ f, g }) => inOrder(f, traversingList(g, {}))),
    elements: claim(() => inOrder(applying(list), traversing(zipped([asking("echo"), asking("count")]), {}))),
    fewAtATime: claim(({ f, g }) => inOrder(f, traversingList(g, { concurrency: 2 }))),
    atLeast: claim(({ f, g }) => inOrder(f, traversingList(g, { atLeast: 2 }))),
    atLeastFewAtATime: claim(({ f, g }) => inOrder(f, traversingList(g, { atLeast: 1, concurrency: 2 }))),
    noList: claim(({ f, g }) => inOrder(f, traversing(g, {}))),
    oneAfterTheOther: claim(() =>
      racing(
        [inOrder(two, traversing(sleeping(3), { concurrency: 1 })), inOrder(sleeping(5), constant("sooner"))],
        "success",
      ),
    ),
  },
  AtLeast: quorums,
  Race: {
    firstSuccess: claim(({ f, g, h }) => racing([f, g, h], "success")),
    firstToSettle: claim(({ f, g }) => racing([f, g], "settled")),
    sooner: claim(({ f, g }) => racing([inOrder(sleeping(2), f), inOrder(sleeping(1), g)], "success")),
    soonerToSettle: claim(({ f, g }) => racing([inOrder(sleeping(2), f), inOrder(sleeping(1), g)], "settled")),
    abort: claim(({ f }) => racing([inOrder(sleeping(1), f), asking("stop")], "success")),
  },
  Branch: {
    oneArm: claim(({ f, g, p }) => inOrder(applying(p), choosing(f, g))),
    byAClassifier: claim(({ f, g, h }) => routing(f, g, h)),
  },
  Recover: {
    withFault: claim(({ f, h }) => recovering(f, h)),
    withInput: claim(({ f, h }) => fallingBack(f, h)),
    byTag: claim(({ f, h }) => recoveringTag("AgentFailed", f, h)),
    attempt: claim(({ f }) => attempting(f)),
    noAbort: claim(({ f, h }) => recovering(inOrder(f, asking("stop")), h)),
    noAbortAttempted: claim(({ f }) => attempting(inOrder(f, asking("stop")))),
  },
  Loop: {
    failing: claim(({ f }) => looping(f, 3, "fail")),
    last: claim(({ f }) => looping(f, 3, "last")),
    once: claim(({ f }) => looping(f, 1, "fail")),
    withState: claim(({ f }) => loopingWithState(f, 5, 3)),
    noTurn: ({ input }) => ({
      flow: flow(make.loop(applying(increment).flow.node)),
      input,
      means: failed({ _tag: "InvalidOutput", value: increment.run(input), issues: [], retry: "yes" }),
    }),
  },
  Graph: {
    dependencies: claim(({ f, g, h }) =>
      graphing([
        { id: "a", of: f },
        { id: "b", of: g, dependsOn: ["a"] },
        { id: "c", of: h, dependsOn: ["a", "b"] },
      ]),
    ),
    sinks: claim(({ f, g, h }) =>
      graphing([
        { id: "a", of: f },
        { id: "b", of: g },
        { id: "c", of: h, dependsOn: ["a"] },
      ]),
    ),
    results: claim(({ p, q }) =>
      graphing([
        { id: "a", of: applying(p) },
        { id: "b", of: applying(q) },
        { id: "c", of: asking("echo"), dependsOn: ["b", "a"] },
      ]),
    ),
    atTheLastDependency: claim(() =>
      racing(
        [
          graphing([
            { id: "a", of: sleeping(2) },
            { id: "slow", of: sleeping(8) },
            { id: "b", of: asking("refuse"), dependsOn: ["a"] },
          ]),
          inOrder(sleeping(4), constant("later")),
        ],
        "settled",
      ),
    ),
  },
  Call: {
    itsFlow: claim(({ f }) => calling(f)),
    onWhatArrives: claim(({ f, g }) => inOrder(f, calling(inOrder(asking("echo"), g)))),
  },
  Suspend: {
    answer: claim(({ f }) => inOrder(f, suspending("approval"))),
    answers: claim(() => zipped([suspending("first"), suspending("second"), sleeping(2)])),
  },
  Sleep: {
    passesOn: claim(({ f }) => inOrder(f, sleeping(5))),
    takesItsTime: claim(() =>
      racing([inOrder(sleeping(5), constant("later")), inOrder(sleeping(4), constant("sooner"))], "success"),
    ),
  },
  ...policies,
}
