import { isRecord, type Json, type JsonObject } from "../data/json.js"

/** The keys around a node, from the innermost out: one may only be added outside of those that are there. */
const order: readonly string[] = "timeout retry limit recover guard tap notify divert_to with note id as".split(" ")

const depths = new WeakMap<object, number>()

/** How deep JSON nests. What was measured as a part of something before is not measured again. */
function depthOf(json: Json): number {
  if (typeof json !== "object" || json === null) return 0
  const known = depths.get(json)
  if (known !== undefined) return known
  let deepest = 0
  for (const part of Object.values(json)) deepest = Math.max(deepest, depthOf(part))
  depths.set(json, deepest + 1)
  return deepest + 1
}

interface Sequence {
  readonly items: readonly JsonObject[]
  /** What follows in the same sequence: a chain, so that 100,000 bindings one inside the other stay linear. */
  readonly next: Sequence | undefined
  readonly deepest: number
  /** A `Let` without anything after it may stand as one step. */
  readonly binds: boolean
}

/** What can only be written as a part of a `split`. */
export interface SplitPart {
  /** The step that counts the elements. */
  readonly arity?: number
  /** The step that takes an element. */
  readonly first?: number
  /** The branch for an element. */
  readonly element?: number
  /** Branches for all elements, in order. */
  readonly elements?: readonly JsonObject[]
}

/** A part of a flow on its way to a document: one step, a sequence of steps, or the end of a loop's body. */
export class Written {
  readonly #step: JsonObject | undefined
  readonly #sequence: Sequence | undefined
  readonly #until: Json | undefined
  /** Set for what is no step of its own. */
  readonly part: SplitPart | undefined

  private constructor(step: JsonObject | undefined, sequence?: Sequence, until?: Json, part?: SplitPart) {
    this.#step = step
    this.#sequence = sequence
    this.#until = until
    this.part = part
  }

  static node(key: string, body: Json, beside: JsonObject = {}): Written {
    return new Written({ [key]: body, ...beside })
  }

  /** The last step of a loop's body: it becomes a key of the loop. */
  static until(when: Json): Written {
    return new Written(undefined, undefined, when)
  }

  static sequence(parts: readonly Written[]): Written {
    const last = parts.at(-1)
    const until = last?.endsLoop === true ? last.#until : undefined
    const steps = until === undefined ? parts : parts.slice(0, -1)
    const end = steps.at(-1)
    const next = end === undefined ? undefined : end.#sequence
    const items = (next === undefined ? steps : steps.slice(0, -1)).map((part) => part.closed())
    const deepest = Math.max(next?.deepest ?? 0, ...chunked(items))
    return new Written(undefined, { items, next, deepest, binds: false }, until)
  }

  /** The same as a part of a `split`. */
  as(part: SplitPart): Written {
    return new Written(this.#step, this.#sequence, this.#until, part)
  }

  /** How many levels of a document it takes. */
  get depth(): number {
    return this.#sequence === undefined ? depthOf(this.#step ?? null) : this.#sequence.deepest + 2
  }

  /** Whether a condition of a loop ends it: then it can only be the body of one. */
  get endsLoop(): boolean {
    return this.#until !== undefined
  }

  step(): JsonObject {
    if (this.#sequence === undefined) return this.#step ?? { steps: [] }
    const [first, second] = this.#sequence.items
    if (this.#sequence.binds && first !== undefined && second === undefined && this.#sequence.next === undefined)
      return first
    return { steps: listed(this.#sequence) }
  }

  /** A step before others: what it binds must not reach them. */
  closed(): JsonObject {
    return this.#sequence === undefined ? this.step() : { steps: listed(this.#sequence) }
  }

  /** The body of a loop, and its condition. */
  turn(): { readonly turn: JsonObject; readonly until: Json | undefined } {
    const { items = [], next } = this.#sequence ?? {}
    const [only, second] = items
    if (this.#until === undefined || only === undefined || second !== undefined || next !== undefined) {
      return { turn: this.step(), until: this.#until }
    }
    return { turn: only, until: this.#until }
  }

  /** With a decorator around it. */
  decorated(key: string, value: Json): Written {
    const step = this.#outside(key)
    if (key !== "with") return new Written({ ...(passes(step) ? {} : step), [key]: value })
    // Behind the node, whose input it is.
    const keys = Object.entries(step)
    const around = keys.findIndex(([one]) => order.includes(one))
    return new Written(Object.fromEntries(keys.toSpliced(around < 0 ? keys.length : around, 0, [key, value])))
  }

  /** With its input computed first; a loop has a key of its own for that. */
  prepared(input: Json): Written {
    const loop = this.#step?.["loop"]
    if (this.#step !== undefined && Object.keys(this.#step).length === 1 && isRecord(loop)) {
      return isBody(loop) && !("initial" in loop)
        ? Written.node("loop", { initial: input, ...loop })
        : this.decorated("with", input)
    }
    return this.decorated("with", input)
  }

  /** Bound to a name, with all that comes after in the sequence. */
  bound(name: string, body: Written): Written {
    const head: JsonObject = { ...this.#outside("as"), as: name }
    const rest = body.#sequence
    const items = rest === undefined ? [head, body.step()] : [head]
    const next = rest === undefined || (rest.items.length === 0 && rest.next === undefined) ? undefined : rest
    const deepest = Math.max(next?.deepest ?? 0, ...items.map(depthOf))
    return new Written(undefined, { items, next, deepest, binds: true })
  }

  /** With its name and its remark. */
  said({ id, note }: { readonly id?: string | undefined; readonly note?: string | undefined }): Written {
    if (id === undefined && note === undefined) return this
    const step = this.#outside(id === undefined ? "note" : "id")
    const said = { ...(id === undefined ? {} : { id }), ...(note === undefined ? {} : { note }), ...step }
    const part = this.part === undefined || this.part.element !== undefined ? this.part : {}
    return new Written(said, undefined, undefined, part)
  }

  /** The step, if `key` may go around all that it says already; else a sequence of that step alone. */
  #outside(key: string): JsonObject {
    const step = this.step()
    const outer = order.slice(order.indexOf(key))
    return outer.some((other) => Object.hasOwn(step, other)) ? { steps: [step] } : step
  }
}

/** A decorator alone decorates what arrives. */
const passes = ({ steps, ...others }: JsonObject): boolean =>
  Array.isArray(steps) && steps.length === 0 && Object.keys(others).length === 0

const isBody = (value: Readonly<Record<string, unknown>>): value is JsonObject => "do" in value

function listed(sequence: Sequence): JsonObject[] {
  const out: JsonObject[] = []
  for (let at: Sequence | undefined = sequence; at !== undefined; at = at.next)
    for (const item of at.items) out.push(item)
  return out
}

/** The greatest depth, in a list of one: a spread of 100,000 arguments would not fit the stack. */
const chunked = (items: readonly JsonObject[]): [number] => [
  items.reduce((most, item) => Math.max(most, depthOf(item)), 0),
]
