/**
 * When a top-level actor ends in a shutdown: each stage ends once the one before it has, those of one stage together.
 *
 * What shows the work ends before those who do it, and they before what they use.
 */
export type Stage = "ui" | "agents" | "tools" | "workers" | "sockets"

/** The stages in the order of their end. */
export const stages: readonly Stage[] = ["ui", "agents", "tools", "workers", "sockets"]
