import { asText } from "../../../data/json.js"
import { items, joinAll, type Rope, single } from "../../../data/rope.js"
import { digest } from "../../digest.js"
import type { Expr } from "../../expr.js"
import { fold } from "../../fold.js"
import type { Fn, Node } from "../../node.js"
import type { Place } from "../../place.js"
import { reading, type Reader, type Said } from "../../said.js"

/** A part of a flow as it is compared: `Let`s are steps with the name `as`, a sequence of one step is that step. */
export interface Part {
  readonly tag: string
  readonly id: string | undefined
  readonly own: Said["own"]
  readonly kids: readonly Kid[]
  readonly path: string
  /** The same for parts that say the same, functions without a name taken for one. */
  readonly digest: string
}

/** A part below another, and what it is to it. */
export interface Kid {
  readonly role: string
  readonly part: Part
}

/** A function without a name, and where it is. */
export interface Anonymous {
  readonly run: unknown
  readonly path: string
}

/** A flow, read to be compared. */
export interface Parts {
  readonly root: Part
  readonly anonymous: readonly Anonymous[]
  /** How an expression was written, by what it says. */
  readonly texts: ReadonlyMap<string, string>
}

type Open = Part | { readonly steps: Rope<Part>; readonly path: string }

export function partsOf(node: Node): Parts {
  const reader = new PartReader()
  return { root: closed(fold(node, reading(reader))), anonymous: reader.anonymous, texts: reader.texts }
}

const made = (part: Omit<Part, "digest">): Part => ({
  ...part,
  digest: digest(
    [part.tag, part.id, part.own, part.kids.map(({ role }) => role)],
    part.kids.map((kid) => kid.part.digest),
  ).value,
})

const stepsOf = (open: Open): Rope<Part> => ("steps" in open ? open.steps : single(open))

function closed(open: Open): Part {
  if (!("steps" in open)) return open
  const steps = [...items(open.steps)]
  const [only, second] = steps
  if (only !== undefined && second === undefined) return only
  return made({
    tag: "Seq",
    id: undefined,
    own: {},
    kids: steps.map((part) => ({ role: "step", part })),
    path: open.path,
  })
}

class PartReader implements Reader<Open> {
  readonly notes = false
  readonly anonymous: Anonymous[] = []
  readonly texts: Map<string, string> = new Map()

  node({ tag, id, own, roles }: Said, kids: readonly Open[], at: Place): Open {
    const { path } = at
    if (tag === "Let") return { steps: this.#bound(own, kids), path }
    if (tag === "Seq" && id === undefined) return { steps: joinAll(kids.map(stepsOf)), path }
    const steps = tag === "Seq" ? [...items(joinAll(kids.map(stepsOf)))] : kids.map(closed)
    return made({ tag, id, own, kids: steps.map((part, i) => ({ role: roles[i] ?? "step", part })), path })
  }

  /** The first is named, the rest follows it. */
  #bound({ as }: Said["own"], kids: readonly Open[]): Rope<Part> {
    const named = (of: Part): Part => made({ ...of, own: { ...of.own, as } })
    return joinAll(kids.map((kid, i) => (i === 0 ? single(named(closed(kid))) : stepsOf(kid))))
  }

  expression(expr: Expr): unknown {
    const says = expr.canonical((name) => name)
    const text = typeof expr.source === "string" ? bare(expr.source) : asText(expr.source)
    this.texts.set(JSON.stringify(says), text)
    return says
  }

  field(key: string): unknown {
    const says = ["field", ["name", "value"], key]
    this.texts.set(JSON.stringify(says), `value.${key}`)
    return says
  }

  name(name: string): string {
    return name
  }

  lambda({ run }: Fn, { path }: Place): unknown {
    this.anonymous.push({ run, path })
    return null
  }

  binder(name: string): string {
    return name
  }
}

/** A template that is one hole reads as the expression in it. */
const bare = (source: string): string => /^\$\{([^{}]*)\}$/.exec(source)?.[1]?.trim() ?? source
