import { describe, expect, it } from "vitest"
import { Actor, ActorFailed, ActorSystem, actor, type Directive, never, oneForOne } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

const hooks = ["constructor", "onStarted", "stopPolicy", "onReceive", "onRestart", "onTerminated", "onStopped"] as const
type Hook = (typeof hooks)[number]

/** One actor that throws once in a hook, under a parent that decides: what it lived through, and what is left. */
const crash = async (hook: Hook, directive: Directive, late: boolean) => {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock, supervisor: oneForOne({ decide: () => directive }) })
  const log: Hook[] = []
  const decided: string[] = []
  app.bus.subscribe(ActorFailed, (failure) => {
    decided.push(`${failure.error instanceof Error ? failure.error.message : ""}: ${failure.directive}`)
  })
  let armed = true
  const at = (here: Hook): void | Promise<void> => {
    log.push(here)
    if (here !== hook || !armed) return undefined
    armed = false
    if (late) return Promise.reject(new Error("crash"))
    throw new Error("crash")
  }
  const other = app.spawn(actor(() => {}))
  class Fragile extends Actor<string, string> {
    constructor() {
      super()
      void at("constructor")
    }
    override onStarted() {
      this.context.watch(other)
      return at("onStarted")
    }
    override stopPolicy() {
      void at("stopPolicy")
      return never
    }
    override onRestart() {
      return at("onRestart")
    }
    override onTerminated() {
      return at("onTerminated")
    }
    override onStopped() {
      return at("onStopped")
    }
    override onReceive(text: string): string | Promise<string> {
      // The new instance of a restart is there only after a failure, and the last hook runs only before an end.
      if (hook === "onRestart" && armed && text === "x") throw new Error("first crash")
      const failed = at("onReceive")
      return failed === undefined ? text : failed.then(() => text)
    }
  }
  const ref = app.spawn(Fragile, "fragile")
  const first = ref.ask("x").then(String, () => "failed")
  await clock.settle()
  if (hook === "onTerminated") await other.stop()
  if (hook === "onStopped") void ref.stop()
  await clock.settle()
  const second = await ref.ask("y").then(String, () => "failed")
  const left = app.get("/app/fragile") === ref
  await app.shutdown()
  expect(app.stats()).toMatchObject({ actors: 0, timers: 0, asks: 0, abandoned: 0 })
  return { log, decided, first: await first, second, left }
}

const begin = ["constructor", "onStarted", "stopPolicy"]
const anew = ["constructor", "onRestart", "onStarted", "stopPolicy"]
const end = ["onStopped"]

/** What happens until the first message, and how much of an instance there is to end. */
const early = {
  constructor: { until: ["constructor"], ended: [] },
  onStarted: { until: ["constructor", "onStarted"], ended: end },
  stopPolicy: { until: begin, ended: end },
}

describe("a crash", () => {
  it("in a constructor, onStarted or stopPolicy: restart begins anew, all else ends the actor, which never was live", async () => {
    for (const hook of ["constructor", "onStarted", "stopPolicy"] as const) {
      const { until, ended } = early[hook]
      for (const late of hook === "onStarted" ? [false, true] : [false]) {
        expect(await crash(hook, "restart", late), hook).toEqual({
          log: [...until, ...ended, ...anew, "onReceive", "onReceive", ...end],
          decided: ["crash: restart"],
          first: "x",
          second: "y",
          left: true,
        })
        for (const directive of ["resume", "stop", "escalate"] as const) {
          expect(await crash(hook, directive, late), `${hook} ${directive}`).toEqual({
            log: [...until, ...ended],
            decided: [`crash: ${directive}`],
            first: "failed",
            second: "failed",
            left: false,
          })
        }
      }
    }
  })

  it("in onReceive or onTerminated: each directive does what it says, the hooks in order", async () => {
    for (const hook of ["onReceive", "onTerminated"] as const) {
      const noticed = hook === "onTerminated" ? [hook] : []
      const before = [...begin, "onReceive", ...noticed]
      const ends = { log: [...before, ...end], second: "failed", left: false }
      const expected = {
        resume: { log: [...before, "onReceive", ...end], second: "y", left: true },
        // The new instance watches anew, and hears of the end again.
        restart: { log: [...before, ...end, ...anew, ...noticed, "onReceive", ...end], second: "y", left: true },
        stop: ends,
        escalate: ends,
      }
      for (const late of [false, true]) {
        for (const directive of ["resume", "restart", "stop", "escalate"] as const) {
          expect(await crash(hook, directive, late), `${hook} ${directive} ${late}`).toEqual({
            ...expected[directive],
            decided: [`crash: ${directive}`],
            first: hook === "onReceive" ? "failed" : "x",
          })
        }
      }
    }
  })

  it("in onRestart is one more failure of the same actor; the instance that it was of ends", async () => {
    for (const late of [false, true]) {
      expect(await crash("onRestart", "restart", late)).toEqual({
        log: [...begin, ...end, "constructor", "onRestart", ...end, ...anew, "onReceive", ...end],
        decided: ["first crash: restart", "crash: restart"],
        first: "failed",
        second: "y",
        left: true,
      })
    }
  })

  it("in onStopped is told, and the actor ends all the same", async () => {
    for (const late of [false, true]) {
      expect(await crash("onStopped", "restart", late)).toEqual({
        log: [...begin, "onReceive", ...end],
        decided: ["crash: stop"],
        first: "x",
        second: "failed",
        left: false,
      })
    }
  })
})
