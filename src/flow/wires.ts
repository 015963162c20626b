import type { InOf, OutOf, Typed } from "../data/agent-ref.js"
import type { Fault } from "../data/fault.js"

// What the types of flows compute: the meeting of inputs, the outputs of tuples, records and quorums.

/** The input that fits every flow of a list: the intersection, met in contravariant position. */
export type Meet<Fs extends readonly unknown[]> = (
  Fs[number] extends infer F
    ? F extends Typed<infer I, infer _O>
      ? (input: I) => void
      : never
    : never
) extends (input: infer X) => void
  ? X
  : never

/** The same for a list or a record of flows. */
export type MeetAll<Fs> = Fs extends readonly unknown[] ? Meet<Fs> : Meet<[Fs[keyof Fs]]>

type Unmet = readonly ["no input fits every branch"]
type Members<Fs> = Fs extends readonly unknown[] ? Fs[number] : Fs[keyof Fs]

/** Whether some flow takes `never`: its wires are forgotten, as those of `AnyFlow`, and nothing is known of its input. */
type Forgotten<F> = true extends (F extends unknown ? ([InOf<F>] extends [never] ? true : false) : never) ? true : false

/**
 * What flows side by side must be besides a list or a record: nothing more, or else the reason why they cannot meet. That
 * they all take the same is asked first, for it holds of a type that is not known yet, too.
 */
export type Meeting<Fs> = [InOf<Members<Fs>>] extends [MeetAll<Fs>]
  ? unknown
  : [MeetAll<Fs>] extends [never]
    ? Forgotten<Members<Fs>> extends true
      ? unknown
      : Unmet
    : unknown

/** The same for two flows, by their inputs. */
export type Beside<I, J> = [I] extends [J]
  ? unknown
  : [J] extends [I]
    ? unknown
    : [I & J] extends [never]
      ? Unmet
      : unknown

/** The outputs of a tuple or record of flows, place by place. */
export type Outs<Fs> = { -readonly [k in keyof Fs]: OutOf<Fs[k]> }

/** Another turn of a loop, with what the turn gets. */
export interface Continue<out A> {
  readonly _tag: "Continue"
  readonly value: A
}

/** The end of a loop, with its result. */
export interface Done<out B> {
  readonly _tag: "Done"
  readonly value: B
}

/** What another turn of a loop gets, of an output that is `Continue` or `Done`. */
export type NextOf<O> = O extends Continue<infer A> ? A : never
/** What a loop gives at its end, of an output that is `Continue` or `Done`. */
export type DoneOf<O> = O extends Done<infer B> ? B : never

/** What a body must be besides a flow: nothing more, or else the reason why it is no turn of a loop. */
export type Turn<I, O> = [O] extends [Continue<unknown> | Done<unknown>]
  ? [NextOf<O>] extends [I]
    ? unknown
    : readonly ["what the body of a loop gives to continueWith(…) must fit the input of the body"]
  : readonly ["the body of a loop must give continueWith(…) or done(…)"]

/** The tag of a value, as it is written as a key. */
export type TagOf<V> = V extends string | number | boolean ? `${V}` : never
/** The members of a union whose field `K` has the tag `T`. */
export type Arm<O, K extends keyof O, T extends string> = O extends unknown
  ? T extends TagOf<O[K]>
    ? O
    : never
  : never
/** Refuses cases whose tag is none of `Tags`. */
export type NoExtra<C, Tags extends string> = { readonly [T in Exclude<keyof C, Tags>]: never }
/** The union of the outputs of a record of flows. */
export type OutsOf<C> = C[keyof C] extends infer F ? OutOf<F> : never

type Index<K> = K extends `${infer N extends number}` ? N : K

/** A member of a quorum that succeeded: its index, its name and its output. */
export interface Succeeded<out N, out V> {
  readonly index: N
  readonly name: string
  readonly value: V
}
/** A member of a quorum that failed, and its fault. */
export interface QuorumFailure {
  readonly index: number
  readonly name: string
  readonly fault: Fault
}
/** A member of a quorum that was aborted once it was no longer needed. */
export interface QuorumAbort {
  readonly index: number
  readonly name: string
}

/** What a quorum over a list gives; `s.index === 0` narrows `s.value`. All three lists are in declaration order. */
export interface QuorumResult<Fs extends readonly unknown[]> {
  readonly succeeded: ReadonlyArray<
    { [k in Extract<keyof Fs, `${number}`>]: Succeeded<Index<k>, OutOf<Fs[k]>> } extends infer M
      ? [keyof M] extends [never]
        ? Succeeded<number, OutOf<Fs[number]>>
        : M[keyof M]
      : never
  >
  readonly failed: readonly QuorumFailure[]
  readonly aborted: readonly QuorumAbort[]
}

/** What a quorum over a record gives; `s.name === "a"` narrows `s.value`. */
export interface NamedQuorumResult<R> {
  readonly succeeded: ReadonlyArray<
    { [k in keyof R]: { readonly index: number; readonly name: k; readonly value: OutOf<R[k]> } }[keyof R]
  >
  readonly failed: readonly QuorumFailure[]
  readonly aborted: readonly QuorumAbort[]
}

/** What a quorum over a list or a record gives. */
export type QuorumOf<Fs> = Fs extends readonly unknown[] ? QuorumResult<Fs> : NamedQuorumResult<Fs>
