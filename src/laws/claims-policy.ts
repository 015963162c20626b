import { holds, isEven, thrower } from "./alphabet.js"
import { claim } from "./claim.js"
import type { Claims } from "./law.js"
import { applying, asking, constant, failing, inOrder, recovering, sleeping } from "./samples.js"
import { racing, zipped } from "./samples-parallel.js"
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

const echo = asking("echo")
const later = inOrder(sleeping(50), constant("later"))

/** What the nodes mean that are put around a flow. */
export const policies: Pick<Claims, "Within" | "Retry" | "Limit" | "Divert" | "Guard"> = {
  Within: {
    inTime: claim(({ f }) => inTime(f)),
    tooLate: claim(({ f }) => within(3, inOrder(sleeping(4), f))),
    atTheDeadline: claim(({ f }) => within(4, inOrder(sleeping(4), f))),
    inside: claim(({ f, h }) => recovering(within(2, inOrder(sleeping(4), f)), h)),
  },
  Retry: {
    atTheThirdTry: claim(() => retrying({ times: 2 }, asking("third"))),
    givesUp: claim(() => retrying({ times: 1 }, asking("third"))),
    whole: claim(({ p }) => retrying({ times: 3 }, inOrder(applying(p), echo, asking("third")))),
    noneForGood: claim(() =>
      retrying({ times: 5 }, inOrder(recovering(asking("third"), constant(1)), asking("refuse"))),
    ),
    onItsTags: claim(() => retrying({ times: 2, on: ["AgentFailed"] }, asking("third"))),
    notOnOthers: claim(() => retrying({ times: 2, on: ["TimedOut"] }, asking("third"))),
    onTagsForGood: claim(() =>
      retrying({ times: 2, on: ["Failed"] }, recovering(asking("third"), failing("broken", false))),
    ),
    waits: claim(() =>
      racing([retrying({ times: 2, base: 2 }, asking("third")), inOrder(sleeping(5), constant("sooner"))], "success"),
    ),
    waitsNoLonger: claim(() =>
      racing([retrying({ times: 2, base: 2 }, asking("third")), inOrder(sleeping(7), constant("later"))], "success"),
    ),
    waitsAsAsked: claim(() =>
      racing([retrying({ times: 1, base: 1 }, asking("defer")), inOrder(sleeping(19), constant("sooner"))], "settled"),
    ),
    waitsNotThatLong: claim(() => racing([retrying({ times: 1, max: 19 }, asking("defer")), later], "settled")),
    noAbort: claim(() => retrying({ times: 2, on: ["AgentFailed", "Defect"] }, asking("stop"))),
    anyFlow: claim(({ f }) => retrying({ times: 2 }, f)),
  },
  Limit: {
    callsEnough: claim(() => limiting(2, inOrder(echo, asking("count")))),
    callsGone: claim(() => limiting(2, inOrder(echo, asking("count"), echo))),
    none: claim(() => limiting(0, echo)),
    notForPure: claim(({ p, q }) => limiting(0, inOrder(applying(p), applying(q)))),
    shared: claim(() => limiting(2, zipped([echo, inOrder(echo, echo)]))),
    nested: claim(() => limiting(3, inOrder(limiting(2, inOrder(echo, echo)), limiting(2, inOrder(echo, echo))))),
    afresh: claim(() => inOrder(limiting(1, echo), limiting(1, echo))),
    countsTries: claim(() => limiting(2, retrying({ times: 5 }, asking("third")))),
    concurrency: claim(({ f }) => queueing(1, f)),
    concurrencyOfMany: claim(() => queueing(1, zipped([echo, asking("count"), inOrder(echo, asking("count"))]))),
  },
  Divert: {
    tapPassesOn: claim(({ f, g }) => tapping(f, g)),
    tapFails: claim(({ f, g }) => tapping(f, inOrder(g, applying(thrower)))),
    tapGetsTheOutput: claim(({ f }) => tapping(f, inOrder(guarding(echo, isEven), failing("even", false)))),
    tapWaits: claim(({ p }) =>
      racing([tapping(applying(p), sleeping(5)), inOrder(sleeping(4), constant("sooner"))], "success"),
    ),
    notifyPassesBy: claim(({ f, g }) => notifying(f, g)),
    notifyFails: claim(({ f }) => notifying(f, asking("refuse"))),
    notifyDoesNotWait: claim(({ p }) =>
      racing([notifying(applying(p), sleeping(5)), inOrder(sleeping(4), constant("later"))], "success"),
    ),
    divertPassesBy: claim(({ f, g }) => diverting(f, g)),
    divertFails: claim(({ f }) => diverting(f, asking("refuse"))),
    ofAFailure: claim(({ f, g }) => notifying(inOrder(f, applying(thrower)), g)),
  },
  Guard: {
    passes: claim(({ f }) => guarding(f, holds)),
    passesOrRejects: claim(({ f }) => guarding(f, isEven)),
    byAFlow: claim(({ f, g }) => guardingBy(f, g)),
  },
}
