/** What a full mailbox does with the next message. */
export type WhenFull = "block" | "dropNew" | "dropOldest" | "fail"

/** How a bounded mailbox treats what comes, as data. */
export interface Bound {
  /** How many are queued at most, the one in process not counted. */
  readonly capacity: number
  readonly whenFull: WhenFull
}

/**
 * All that a bound has to know of a mailbox: how many entries it holds. So many as its capacity are queued, and can be
 * taken; the rest wait for room behind them.
 */
export type Held = number

/** What is done with an entry that comes. */
export type Admission =
  | "queue"
  /** It is held behind those that are queued, and its sender told once there is room. */
  | "wait"
  /** It is queued, and the oldest dropped. */
  | "displace"
  | "drop"
  | "refuse"

/** What is done when the oldest is taken out. */
export type Departure =
  | "give"
  /** It is given, and the first that waits is queued. */
  | "admit the next"

const whenFullAdmits = { block: "wait", dropNew: "drop", dropOldest: "displace", fail: "refuse" } as const

/** Decides about an entry that comes. An ask never waits and displaces nothing: its asker is told at once. */
export function admit({ capacity, whenFull }: Bound, held: Held, asked: boolean): Admission {
  if (held < capacity) return "queue"
  return asked ? "refuse" : whenFullAdmits[whenFull]
}

/** Decides what follows when the oldest of one or more is taken out. */
export function depart({ capacity }: Bound, held: Held): Departure {
  return held > capacity ? "admit the next" : "give"
}

/** How many are held after that. */
export function heldAfter(held: Held, what: Admission | Departure): Held {
  switch (what) {
    case "queue":
    case "wait":
      return held + 1
    case "displace":
    case "drop":
    case "refuse":
      return held
    case "give":
    case "admit the next":
      return held - 1
  }
}

/** How many of them can be taken now. */
export function queuedOf({ capacity }: Bound, held: Held): number {
  return held < capacity ? held : capacity
}
