import type { EventTask } from "../../event.js"
import type { Limiter } from "./limiter.js"

/** A name in scope with its value. */
export interface Binding {
  readonly name: string
  readonly value: unknown
  readonly outer: Binding | undefined
}

/** The agent's own ask that a task comes of: no node of the flow makes it. */
export interface AskedBy {
  /** The task of the agent that asks. */
  readonly asker: EventTask
  /** How many agents stand above, each asked by the one before. */
  readonly depth: number
  /** Gets the events of the task, where somebody reads them. */
  readonly heard: EventTask["heard"]
  /** The ask has become a task. */
  began(task: EventTask): void
  /** Takes over the place that its asker has in the limits around both. False: there is none to be had. */
  borrow(): boolean
  /** Its place goes to the asker. False: that one still waits for others, and works without. */
  giveBack(): boolean
}

/** What changes for few nodes: what `input` means to expressions, the limits that asks go through, who asked. */
export interface Around {
  readonly input: unknown
  readonly limits: Limiter | undefined
  readonly askedBy: AskedBy | undefined
}
