import type { JsonSchema } from "../../data/schema.js"

/** The type of what passes a place of the flow and, where something of it is not known, why. */
export interface Wire {
  readonly type: JsonSchema
  readonly because?: string | undefined
}

/** What a part of the flow is given. */
export interface Given {
  readonly value: Wire
  /** What `input` means there: the input of the flow, or in a called one what it is called with. */
  readonly input: Wire
  /** The type of the fault, inside a recovery. */
  readonly fault: JsonSchema | undefined
  /** Whether what is given is compared and not kept, so that a literal is the only value of its type. */
  readonly as?: "selector" | undefined
}

/** A part that needs the type of another part before it can tell its own. */
export type Asking = Generator<{ readonly of: Typing; readonly given: Given }, Wire, Wire>

/** From the type of what arrives to the type of what leaves. */
export type Typing = (given: Given) => Wire | Asking

const isWire = (made: Wire | Asking): made is Wire => "type" in made

/** Types a flow from the outside in, without recursion. */
export function typed(of: Typing, given: Given): Wire {
  const waiting: Asking[] = []
  let made = of(given)
  for (;;) {
    if (!isWire(made)) waiting.push(made)
    const top = waiting.at(-1)
    if (top === undefined) return isWire(made) ? made : given.value
    const next = top.next(isWire(made) ? made : given.value)
    if (next.done) {
      waiting.pop()
      made = next.value
    } else made = next.value.of(next.value.given)
  }
}
