import type { DeadLetter } from "./dead-letters.js"
import type { StopPolicy } from "./stop-policy.js"
import type { Directive } from "./supervision.js"
import type { Parcel } from "./worker-parcel.js"

/** How a call ends, or goes on: told by the one who serves it, by the number that the caller gave it. */
export type Told<T> =
  | { readonly is: "answer"; readonly call: number; readonly body: Parcel<T> }
  | { readonly is: "threw"; readonly call: number; readonly error: Parcel<T> }
  /** The handler is a generator, and waits for what the caller wants of it. */
  | { readonly is: "generator"; readonly call: number }
  | { readonly is: "chunk"; readonly call: number; readonly body: Parcel<T> }
  /** The generator was left, and its last block has run. */
  | { readonly is: "left"; readonly call: number }

/** What a caller says about its call later. */
export type Said<T> =
  /** One more chunk. */
  | { readonly is: "pull"; readonly call: number }
  /** No chunks, only the answer. */
  | { readonly is: "drain"; readonly call: number }
  /** Nobody wants the answer any more. */
  | { readonly is: "leave"; readonly call: number; readonly why: Parcel<T> }

/** To an actor that lives on the other side, by its path. */
export type Sent<T> =
  | { readonly is: "tell"; readonly call: number; readonly to: string; readonly body: Parcel<T> }
  | {
      readonly is: "ask"
      readonly call: number
      readonly to: string
      readonly stream: boolean
      readonly body: Parcel<T>
    }
  | { readonly is: "stop"; readonly call: number; readonly to: string }
  | { readonly is: "watch"; readonly call: number; readonly to: string }
  /** Whether all that was said before has been heard. */
  | { readonly is: "heard"; readonly call: number; readonly to: string }

/** About an instance that lives in a worker, by the number of its actor: from the main thread. */
export type Hosting<T> =
  | {
      readonly is: "open"
      readonly actor: number
      readonly path: string
      readonly module: string
      readonly name: string
    }
  | {
      readonly is: "hook"
      readonly call: number
      readonly actor: number
      readonly hook: "onStarted" | "onStopped"
    }
  | { readonly is: "restarted"; readonly call: number; readonly actor: number; readonly error: Parcel<T> }
  | { readonly is: "receive"; readonly call: number; readonly actor: number; readonly body: Parcel<T> }
  | { readonly is: "notice"; readonly call: number; readonly actor: number; readonly notice: number }
  | { readonly is: "abort"; readonly actor: number; readonly reason: Parcel<T>; readonly closing: boolean }
  | { readonly is: "fired"; readonly timer: number; readonly now: number }

/** What `onStarted` answers. */
export interface Started {
  readonly policy: StopPolicy
}

/** From the worker, of its own accord. */
export type Housed<T> =
  | { readonly is: "halt"; readonly actor: number }
  | { readonly is: "escalate"; readonly actor: number; readonly error: Parcel<T> }
  | { readonly is: "noticed"; readonly actor: number; readonly notice: number }
  /** The actors there have begun to work, and have come to rest. */
  | { readonly is: "busy" }
  | { readonly is: "idle" }
  | { readonly is: "letter"; readonly to: string; readonly body: Parcel<T>; readonly reason: DeadLetter["reason"] }
  | { readonly is: "failed"; readonly path: string; readonly error: Parcel<T>; readonly directive: Directive }
  | { readonly is: "timer"; readonly timer: number; readonly ms: number }
  | { readonly is: "untimer"; readonly timer: number }

/** What both sides understand. */
export type Common<T> = Told<T> | Said<T> | Sent<T>
/** All that goes between two threads: with `never` as one receives it, with `unknown` as one sends it. */
export type Wire<T> = Common<T> | Hosting<T> | Housed<T>
