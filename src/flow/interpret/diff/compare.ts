import { sameData } from "../../said.js"
import { align, outOfOrder } from "./align.js"
import type { Part, Parts } from "./part.js"
import { core, dependencies, described, factName, idOf, inner, place, shown, subject } from "./words.js"

/** One thing that changed. */
export interface Change {
  readonly kind: "added" | "removed" | "changed" | "replaced" | "moved"
  /** Where it is now; of what was removed, where it was. */
  readonly path: string
  /** Where it was, if it was elsewhere. */
  readonly pathBefore?: string
  /** What changed of the part there, by its name in the tree: `timeout`, `agent`, `n`. */
  readonly what?: string
  /** In words. */
  readonly before?: string
  readonly after?: string
  /** Of what came or went around a step that stays, such as a recovery: the paths of the flows that it brings with it. */
  readonly around?: readonly string[]
  /** The whole of it, for a reviewer. */
  readonly message: string
}

/** What two flows do not have in common, in the order of the second. Never recurses. */
export function compared(before: Parts, after: Parts): Change[] {
  const comparison = new Comparison(before.texts, after.texts)
  comparison.todo.push([before.root, after.root])
  for (let pair = comparison.todo.pop(); pair !== undefined; pair = comparison.todo.pop()) {
    const found = comparison.todo.length
    comparison.parts(...pair)
    // What was found last is looked at first: turned round, so that changes come in the order of the flow.
    comparison.todo.push(...comparison.todo.splice(found).toReversed())
  }
  return comparison.changes
}

/** The parts of a sequence, of which a single step is one. */
const listed = (part: Part): readonly Part[] | undefined =>
  part.tag === "Seq" || part.tag === "Unit" ? part.kids.map((kid) => kid.part) : undefined

/** What the kids of a node say already. */
const structural: ReadonlySet<string> = new Set(["keys", "ids", "listed"])

class Comparison {
  readonly changes: Change[] = []
  readonly todo: [Part, Part][] = []
  readonly #before: Parts["texts"]
  readonly #after: Parts["texts"]

  constructor(before: Parts["texts"], after: Parts["texts"]) {
    this.#before = before
    this.#after = after
  }

  parts(x: Part, y: Part): void {
    if (x.digest === y.digest) return
    this.#fact("id", idOf(x), idOf(y), x, y)
    this.#fact("as", x.own["as"], y.own["as"], x, y)
    this.#layers(x, y)
    const [a, b] = [core(x), core(y)]
    const [mine, theirs] = [listed(a), listed(b)]
    if (mine !== undefined || theirs !== undefined) this.#lists(y, "step", mine ?? [a], theirs ?? [b])
    else if (a.tag === b.tag) this.#node(a, b)
    else this.#replaced(a, b)
  }

  #replaced(a: Part, b: Part): void {
    const [was, is] = [described(a, this.#before), described(b, this.#after)]
    this.#add({ kind: "replaced", ...this.#where(a, b), before: was, after: is, message: `${was} replaced by ${is}` })
  }

  /** What is wrapped around a step: timeouts, retries, guards. */
  #layers(x: Part, y: Part): void {
    const layers = (part: Part): Part[] => {
      const found: Part[] = []
      for (let at = part, of = inner(at); of !== undefined; at = of, of = inner(at)) found.push(at)
      return found
    }
    const [mine, theirs] = [layers(x), layers(y)]
    const tags = (of: readonly Part[]): string[] => of.map(({ tag, own }) => `${tag} ${String(own["how"])}`)
    const { pairs, removed, added: more } = align(tags(mine), tags(theirs))
    const added = [...more]
    const [keys, keysAfter] = [tags(mine), tags(theirs)]
    const moved: [number, number][] = []
    for (const i of removed) {
      const at = added.findIndex((j) => keysAfter[j] === keys[i])
      for (const j of at < 0 ? [] : added.splice(at, 1)) moved.push([i, j])
    }
    if (moved.length > 0) this.#reordered(x, y, mine, theirs)
    const stays = new Set(moved.map(([i]) => i))
    for (const [i, j] of [...pairs, ...moved]) {
      const [a, b] = [mine[i], theirs[j]]
      if (a !== undefined && b !== undefined) this.#node(a, b)
    }
    for (const i of removed.filter((at) => !stays.has(at)))
      this.#alone("removed", mine[i], `on ${place(x, this.#before)}`)
    for (const j of added) this.#alone("added", theirs[j], `on ${place(y, this.#after)}`)
  }

  /** What members of a graph wait for, member by member: those that came or went are told of as such. */
  #dependencies(a: Part, b: Part): void {
    const [was, is] = [dependencies(a.own), dependencies(b.own)]
    for (const [id, after] of is) {
      const before = was.get(id)
      if (before === undefined || before === after) continue
      const message = `member ${id} of ${place(b, this.#after)} now depends on ${after} instead of ${before}`
      this.#add({ kind: "changed", ...this.#where(a, b), what: "dependsOn", before, after, message })
    }
  }

  #reordered(x: Part, y: Part, mine: readonly Part[], theirs: readonly Part[]): void {
    const before = mine.map((part) => described(part, this.#before)).join(", ")
    const after = theirs.map((part) => described(part, this.#after)).join(", ")
    const message = `what is around ${place(y, this.#after)}, outermost first, went from ${before} to ${after}`
    this.#add({ kind: "changed", ...this.#where(x, y), what: "order", before, after, message })
  }

  /** Two nodes of one kind: their own facts, then their children by role. */
  #node(a: Part, b: Part): void {
    const count = this.changes.length + this.todo.length
    for (const role of new Set([...a.kids, ...b.kids].map((kid) => kid.role))) {
      if (role === "of") continue
      const of = (part: Part): Part[] => part.kids.filter((kid) => kid.role === role).map((kid) => kid.part)
      this.#lists(b, role, of(a), of(b))
    }
    const same = count === this.changes.length + this.todo.length
    for (const fact of new Set([...Object.keys(a.own), ...Object.keys(b.own)])) {
      if (fact === "dependsOn") this.#dependencies(a, b)
      else if (fact !== "as" && (same || !structural.has(fact))) this.#fact(fact, a.own[fact], b.own[fact], a, b)
    }
  }

  #fact(fact: string, was: unknown, is: unknown, a: Part, b: Part): void {
    if (sameData(was, is)) return
    const [before, after] = [shown(fact, was, this.#before), shown(fact, is, this.#after)]
    const message = this.#factMessage(
      fact,
      was === undefined ? undefined : before,
      is === undefined ? undefined : after,
      a,
      b,
    )
    this.#add({ kind: "changed", ...this.#where(a, b), what: fact, before, after, message })
  }

  #factMessage(fact: string, was: string | undefined, is: string | undefined, a: Part, b: Part): string {
    const where = place(b, this.#after)
    if (fact === "agent" || fact === "flow") return `${fact} ${was} replaced by ${is}`
    if (fact === "n") {
      const size =
        a.kids.length === b.kids.length ? `of ${b.kids.length}` : `of ${b.kids.length} (it was ${a.kids.length})`
      return `quorum ${size} now needs ${is} instead of ${was}`
    }
    if (fact === "id")
      return is === undefined
        ? `${where} lost its id ${was}`
        : `the id of ${where} is now ${is}${was === undefined ? "" : ` instead of ${was}`}`
    const name = fact === "on" && b.tag !== "Branch" ? "list of faults" : factName(fact)
    if (was === undefined) return `${where} now has a ${name}: ${is}`
    if (is === undefined) return `${where} no longer has the ${name} ${was}`
    return `the ${name} of ${where} went from ${was} to ${is}`
  }

  #lists(parent: Part, role: string, xs: readonly Part[], ys: readonly Part[]): void {
    const { pairs, removed, added } = align(
      xs.map(({ digest }) => digest),
      ys.map(({ digest }) => digest),
    )
    const gone = new Set(removed)
    const come = new Set(added)
    const partner = new Map<number, number>()
    const match = (key: (part: Part, texts: Parts["texts"]) => string | undefined): void => {
      const waiting = new Map<string, number[]>()
      for (const i of gone) {
        const found = xs[i] && key(xs[i], this.#before)
        if (found === undefined) continue
        const queue = waiting.get(found)
        if (queue === undefined) waiting.set(found, [i])
        else queue.push(i)
      }
      for (const queue of waiting.values()) queue.reverse()
      for (const j of come) {
        const found = ys[j] && key(ys[j], this.#after)
        const i = found === undefined ? undefined : waiting.get(found)?.pop()
        if (i === undefined) continue
        partner.set(j, i)
        gone.delete(i)
        come.delete(j)
      }
    }
    match(({ digest }) => digest)
    match(idOf)
    match((part, texts) => `${core(part).tag} ${subject(part, texts)}`)
    match((part) => core(part).tag)
    const moved = outOfOrder(pairs, partner)
    if (gone.size === come.size) match(() => "")
    for (const i of gone) this.#alone("removed", xs[i], this.#from(role, parent, xs[i - 1], this.#before))
    for (const j of added) {
      const i = partner.get(j)
      const [x, y] = [i === undefined ? undefined : xs[i], ys[j]]
      if (y === undefined) continue
      if (x === undefined) {
        this.#alone("added", y, this.#from(role, parent, ys[j - 1], this.#after))
        continue
      }
      if (x.digest !== y.digest) this.todo.push([x, y])
      if (!moved.has(j)) continue
      // What has an id keeps its path; what has none and stands where it stood was passed by others, which are told.
      const by =
        idOf(y) === undefined ? `from ${x.path} to ${y.path}` : this.#from(role, parent, ys[j - 1], this.#after)
      if (x.path === y.path && idOf(y) === undefined) continue
      const message = `moved: ${described(core(x), this.#before)} ${by}`
      this.#add({ kind: "moved", ...this.#where(x, y), message })
    }
  }

  #from(role: string, parent: Part, previous: Part | undefined, texts: Parts["texts"]): string {
    if (role !== "step") return `as ${role} of ${place(parent, texts)}`
    const beginning = parent.path === "" ? "at the beginning" : `at the beginning of ${place(parent, texts)}`
    return previous === undefined ? beginning : `after ${place(previous, texts)}`
  }

  #alone(kind: "added" | "removed", part: Part | undefined, where: string): void {
    if (part === undefined) return
    const texts = kind === "added" ? this.#after : this.#before
    const layer = inner(part) !== undefined && where.startsWith("on ")
    const what = layer ? described(part, texts) : described(core(part), texts)
    const around = part.kids.flatMap((kid) => (kid.role === "of" ? [] : [kid.part.path]))
    this.#add({
      kind,
      path: part.path,
      ...(kind === "added" ? { after: what } : { before: what }),
      ...(layer ? { around } : {}),
      message: `${kind}: ${what} ${where}`,
    })
  }

  #where(a: Part, b: Part): { readonly path: string; readonly pathBefore?: string } {
    return a.path === b.path ? { path: b.path } : { path: b.path, pathBefore: a.path }
  }

  #add(change: Change): void {
    this.changes.push(change)
  }
}
