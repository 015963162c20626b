import { expect, it } from "vitest"
import { Cancel } from "../../src/data/cancel.js"
import { Jobs } from "../../src/flow/interpret/run/jobs.js"

const cancel = new Cancel()
/** Does the jobs, while `held` says so only those that start nothing; gives the order. */
function order(jobs: Jobs, done: string[], held: () => boolean): void {
  for (;;) {
    jobs.stack()
    const job = jobs.next(held())
    if (job === undefined) return
    job.work()
    if (done.length > 100) throw new Error("without end")
  }
}

it("work goes on as calls would have done it; what has arrived waits for it", () => {
  const jobs = new Jobs()
  const done: string[] = []
  const say = (word: string) => () => void done.push(word)
  jobs.arrive({ cancel: undefined, starts: false, work: say("arrived") })
  jobs.postpone(cancel, true, () => {
    done.push("a")
    jobs.postpone(cancel, false, say("a1"))
    jobs.postpone(cancel, true, say("a2"))
  })
  jobs.postpone(cancel, true, say("b"))
  order(jobs, done, () => false)
  expect(done).toEqual(["a", "a1", "a2", "b", "arrived"])
})

it("what may not start keeps its place, also where the hold ends in between", () => {
  const jobs = new Jobs()
  const done: string[] = []
  let held = true
  const say = (word: string) => () => void done.push(word)
  jobs.arrive({ cancel: undefined, starts: false, work: say("arrived") })
  jobs.postpone(cancel, true, say("a"))
  jobs.postpone(cancel, true, say("b"))
  order(jobs, done, () => held)
  expect(done).toEqual(["arrived"])
  expect([jobs.waits(true), jobs.waits(false)]).toEqual([false, true])

  jobs.postpone(cancel, true, say("c"))
  jobs.postpone(cancel, false, () => {
    done.push("outcome")
    held = false
  })
  jobs.postpone(cancel, true, say("d"))
  order(jobs, done, () => held)
  expect(done).toEqual(["arrived", "outcome", "c", "d", "a", "b"])
  expect(jobs.waits(false)).toBe(false)
})
