/**
 * Where an actor is in its life.
 *
 * `failed` and `unstarted`, failed before it was live, last until its parent has decided; in `restarting` and `stopping`
 * the old instance still has to end; `stopped` may have a stray handler.
 */
export type Phase = "starting" | "live" | "failed" | "unstarted" | "restarting" | "stopping" | "stopped"

/** What happens to an actor, or is asked of it. */
export type LifeEvent =
  /** Its first hooks have run. */
  | "started"
  /** A handler or hook threw, or a child's failure was escalated. */
  | "failed"
  /** Its parent lets it go on. */
  | "resumed"
  /** Its parent has it made anew. */
  | "restarted"
  /** The old instance has ended, and a new one may be made. */
  | "emptied"
  /** It is to end, in order. */
  | "halted"
  /** It has ended, or ends at once. */
  | "ended"

/** The phase that follows. Undefined: it means nothing in this phase, and nothing changes. */
export function after(phase: Phase, event: LifeEvent): Phase | undefined {
  switch (event) {
    case "started":
      return phase === "starting" ? "live" : undefined
    case "failed":
      if (phase === "starting") return "unstarted"
      return phase === "live" ? "failed" : undefined
    case "resumed":
      // What never was live has nothing to go on with.
      if (phase === "unstarted") return "stopping"
      return phase === "failed" ? "live" : undefined
    case "restarted":
      return takes(phase) && phase !== "restarting" ? "restarting" : undefined
    case "emptied":
      return phase === "restarting" ? "starting" : undefined
    case "halted":
      return takes(phase) ? "stopping" : undefined
    case "ended":
      return phase === "stopped" ? undefined : "stopped"
  }
}

/** What an actor does next that is not in the middle of a handler or hook. */
export type Due =
  /** Makes an instance, in its turn. */
  | "begin"
  /** Ends its instance: children, last hook, context. */
  | "retire"
  /** Makes ready for a new instance. */
  | "empty"
  /** Leaves its parent. */
  | "end"
  /** Messages, or its parent's decision. */
  | "nothing"
  /** Its handler was a stray, and is no longer. */
  | "rest"

/** What is due in a phase, of an actor that has an instance or not. */
export function due(phase: Phase, made: boolean): Due {
  switch (phase) {
    case "starting":
      return "begin"
    case "live":
    case "failed":
    case "unstarted":
      return "nothing"
    case "restarting":
      return made ? "retire" : "empty"
    case "stopping":
      return made ? "retire" : "end"
    case "stopped":
      return made ? "retire" : "rest"
  }
}

/** Whether an actor takes messages in, now or for its next instance. */
export function takes(phase: Phase): boolean {
  return phase !== "stopping" && phase !== "stopped"
}
