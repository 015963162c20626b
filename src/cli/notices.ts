import type { FlowEvent, Wait } from "../flow/event.js"
import { spoken } from "./task-board.js"

/** What a person should know of a run beside its agents: what it waits for, and which side flows failed. */
export class Notices {
  /** The suspends that are open now, as one line each, and below them how such a wait ends. */
  waiting: readonly string[] = []
  /** The side flows that failed so far: the run does not fail with them. */
  readonly failed: string[] = []
  #asleep: readonly Wait[] = []
  readonly #told = new Set<string>()

  /** Takes an event; gives the lines that it adds. */
  see(event: FlowEvent): readonly string[] {
    switch (event.type) {
      case "run_suspended": {
        const open = event.data.waits.flatMap(({ name, path }) =>
          name === undefined ? [] : [`waits for the answer \`${name}\`${at(path)}`],
        )
        this.#asleep = event.data.waits.filter(({ until }) => until !== undefined)
        this.waiting = open.length === 0 ? [] : [...open, howItEnds]
        const added = open.filter((line) => !this.#told.has(line))
        for (const line of added) this.#told.add(line)
        return added.length === 0 ? [] : [...added, howItEnds]
      }
      case "run_resumed":
        this.waiting = []
        this.#asleep = []
        return []
      case "side_failed": {
        const { fault } = event.data
        const why = fault._tag === "Aborted" ? "aborted" : `${fault._tag}: ${fault.message}`
        const line = `a side flow failed${at(event.path)}: ${why}`
        this.failed.push(line)
        return [line]
      }
      default:
        return []
    }
  }

  /** What sleeps while nothing else goes on, and for how long yet. */
  sleeping(now: number): readonly string[] {
    return this.#asleep.flatMap(({ path, until = now }) =>
      until > now ? [`asleep${at(path)}, ${spoken(until - now)} more`] : [],
    )
  }
}

const howItEnds = "a timeout or Ctrl-C ends that; answers are given by programs: system.signal"

const at = (path: string): string => (path === "" ? "" : ` at ${path}`)
