import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { after, due, type LifeEvent, type Phase, takes } from "../../src/actor/life.js"

const phases: readonly Phase[] = ["starting", "live", "failed", "unstarted", "restarting", "stopping", "stopped"]
const events: readonly LifeEvent[] = ["started", "failed", "resumed", "restarted", "emptied", "halted", "ended"]

describe("the phases of an actor", () => {
  it("follow this table, and whatever is not in it changes nothing", () => {
    const end = { halted: "stopping", ended: "stopped" }
    const again = { restarted: "restarting", ...end }
    const expected: Readonly<Record<Phase, object>> = {
      starting: { started: "live", failed: "unstarted", ...again },
      live: { failed: "failed", ...again },
      failed: { resumed: "live", ...again },
      unstarted: { resumed: "stopping", ...again },
      restarting: { emptied: "starting", ...end },
      stopping: { ended: "stopped" },
      stopped: {},
    }
    for (const phase of phases) {
      const found = events.flatMap((event) => {
        const to = after(phase, event)
        return to === undefined ? [] : [[event, to] as const]
      })
      expect(Object.fromEntries(found), phase).toEqual(expected[phase])
    }
  })

  it("say what is due, and never to make an instance while the old one is there", () => {
    expect(phases.map((phase) => due(phase, true))).toEqual([
      "begin",
      "nothing",
      "nothing",
      "nothing",
      "retire",
      "retire",
      "retire",
    ])
    expect(phases.map((phase) => due(phase, false))).toEqual([
      "begin",
      "nothing",
      "nothing",
      "nothing",
      "empty",
      "end",
      "rest",
    ])
  })

  it("lead to an end from everywhere, with one instance at most on any way there", () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (walk) => {
        let phase: Phase = "starting"
        let made = false
        const settle = (): void => {
          for (let step = 0; step < 10; step++) {
            const what = due(phase, made)
            if (what === "retire") made = false
            else if (what === "empty") phase = after(phase, "emptied") ?? phase
            else if (what === "end") phase = after(phase, "ended") ?? phase
            else if (what === "begin" && !made) made = true
            else return
          }
          throw new Error(`${phase} never settles`)
        }
        for (const event of walk) {
          settle()
          expect(made).toBe(phase !== "stopped")
          // Emptied is what the actor does itself, when its instance has ended.
          if (event === "emptied") continue
          const open = takes(phase)
          phase = after(phase, event) ?? phase
          expect(open || !takes(phase)).toBe(true)
        }
        phase = after(phase, "halted") ?? phase
        settle()
        expect([phase, made]).toEqual(["stopped", false])
      }),
    ))
})
