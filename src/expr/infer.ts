import type { Inference, Types } from "../flow/expr.js"
import { Doubts } from "./doubts.js"
import { byPresence, either, type Facts, learn, literalOf, noFacts, pathOf } from "./facts.js"
import { inWords, type Kind, kindCount } from "./kind.js"
import { among, compared, constantIn, type Outcome } from "./narrow.js"
import { operatorType } from "./operator-types.js"
import { linearPattern } from "../data/regex.js"
import { remedy } from "./remedy.js"
import { Reports } from "./reports.js"
import {
  type Arm,
  armsOf,
  constantsOf,
  fieldOf,
  itemOf,
  kindsOf,
  lengthOf,
  type Shape,
  shape,
  unknownShape,
} from "./shape.js"
import type { Binary, Call, Each, Field, Term } from "./term.js"
import { inline, listOf, objectOf, union, writtenOut } from "./union.js"

/** The type of a term, and what holds where it is true and where it is false. */
interface Typing extends Outcome {
  readonly shape: Shape
}

const boolean = shape({ type: "boolean" })
const string = shape({ type: "string" })

/** Infers the type of a term from the types in scope, with everything that is wrong with it. Never throws. */
export function infer(term: Term, types: Types, as?: "selector"): Inference {
  const walk = new Walk(types)
  const shape = as === "selector" ? walk.selected(term, noFacts) : walk.visit(term, noFacts).shape
  const type = shape.schema === shape.root ? shape.schema : inline(shape)
  return { type, problems: walk.reports.problems, unknown: walk.doubts.texts }
}

/** What is known of every place that a term tests, where it is true and where it is false. */
export const outcomeOf = (term: Term, types: Types): Outcome => new Walk(types).visit(term, noFacts)

class Walk {
  readonly reports: Reports = new Reports()
  readonly doubts: Doubts = new Doubts()
  readonly #types: Types
  readonly #locals = new Map<number, Shape>()

  constructor(types: Types) {
    this.#types = types
  }

  visit(term: Term, facts: Facts): Typing {
    switch (term.op) {
      case "literal":
        return plain(literalShape(term.value), facts)
      case "name":
      case "local":
      case "field":
      case "index":
        return this.#place(term, facts)
      case "has":
        return this.#has(term.target, facts)
      case "list":
        return plain(writtenOut(term.items.map((item) => this.visit(item, facts).shape)), facts)
      case "object":
        return plain(this.#object(term.entries, facts), facts)
      case "if": {
        const test = this.#truth(term.test, facts)
        const yes = this.visit(term.yes, test.yes)
        const no = this.visit(term.no, test.no)
        return plain(union([yes.shape, no.shape]), facts)
      }
      case "and": {
        const left = this.#truth(term.left, facts)
        const right = this.#truth(term.right, left.yes)
        return { shape: boolean, yes: right.yes, no: either(left.no, right.no) }
      }
      case "or": {
        const left = this.#truth(term.left, facts)
        const right = this.#truth(term.right, left.no)
        return { shape: boolean, yes: either(left.yes, right.yes), no: right.no }
      }
      case "not": {
        const of = this.#truth(term.of, facts)
        return { shape: boolean, yes: of.no, no: of.yes }
      }
      case "minus": {
        const of = this.visit(term.of, facts).shape
        this.#needs(term.of, of, ["number"], "`-` needs a number")
        const whole = armsOf(of).every((arm) => arm.schema["type"] === "integer")
        return plain(shape({ type: whole ? "integer" : "number" }), facts)
      }
      case "binary":
        return this.#binary(term, facts)
      case "each":
        return plain(this.#each(term, facts), facts)
      case "call":
        return plain(this.#call(term, facts), facts)
    }
  }

  /** The type of a term whose literals keep theirs, where it gives one. */
  selected(term: Term, facts: Facts): Shape {
    if (term.op === "literal") return shape({ const: term.value })
    if (term.op !== "if") return this.visit(term, facts).shape
    const test = this.#truth(term.test, facts)
    return union([this.selected(term.yes, test.yes), this.selected(term.no, test.no)])
  }

  /** A place: what tests have shown of it comes before what is declared. As a condition, it narrows its own object. */
  #place(term: Term, facts: Facts): Typing {
    const of = this.#known(term, facts) ?? this.#declared(term, facts)
    if (!armsOf(of).some((arm) => arm.kind === "boolean")) return plain(of, facts)
    const typeOf = (place: Term): Shape => this.#quietly(place, facts)
    const yes = among(term, [true], facts, typeOf).yes
    return { shape: of, yes, no: among(term, [false], facts, typeOf).yes }
  }

  #known(term: Term, facts: Facts): Shape | undefined {
    const path = pathOf(term)
    return path === undefined ? undefined : facts.get(path)
  }

  #declared(term: Term, facts: Facts): Shape {
    if (term.op === "local") return this.#locals.get(term.slot) ?? unknownShape
    if (term.op === "field") return this.#read(term.of, term.field, { start: term.nameStart, end: term.end }, facts)
    if (term.op === "index") return this.#index(term, facts)
    if (term.op !== "name") return unknownShape
    const type = this.#types.get(term.name)
    if (type !== undefined) return shape(type)
    const { names } = this.#types
    if (!names.includes(term.name)) this.reports.unknownName(term, term.name, names)
    return unknownShape
  }

  #read(owner: Term, field: string, range: { readonly start: number; readonly end: number }, facts: Facts): Shape {
    const arms = armsOf(this.visit(owner, facts).shape)
    const looks = arms.map((arm) => fieldOf(arm, field))
    this.reports.field(range, owner, arms, field, looks)
    this.doubts.field(owner, arms, field, looks)
    return union(looks.filter((look) => look.found !== "never").map((look) => look.shape))
  }

  #has(target: Field, facts: Facts): Typing {
    const of = this.visit(target.of, facts).shape
    const arms = armsOf(of)
    const { yes, no } = byPresence(of, target.field)
    if (yes.length === 0 && arms.length > 0) {
      this.reports.noField({ start: target.nameStart, end: target.end }, target.of, arms, target.field)
    }
    return { shape: boolean, yes: learn(facts, target.of, yes), no: learn(facts, target.of, no) }
  }

  #index(term: Extract<Term, { readonly op: "index" }>, facts: Facts): Shape {
    const at = literalOf(term.index)
    const arms = armsOf(this.#quietly(term.of, facts))
    if (typeof at === "string" && kindsOf(arms).includes("object")) return this.#read(term.of, at, term.index, facts)
    const of = this.visit(term.of, facts).shape
    const index = this.visit(term.index, facts).shape
    this.#needs(term.of, of, ["list", "object"], "only lists and objects have items")
    this.doubts.item(term, term.of)
    const kinds = kindsOf(armsOf(of))
    const [listed, keyed] = [kinds.includes("list"), kinds.includes("object")]
    if (listed && keyed)
      this.reports.expect(term.of, of, ["list"], "an item is found by number in lists, by key in objects")
    else if (listed) {
      this.#needs(term.index, index, ["number"], "a list is indexed by whole numbers")
      this.#reaches(term, armsOf(of), at)
    } else if (keyed) this.#needs(term.index, index, ["string"], "an object is indexed by keys")
    else this.reports.expect(term.index, index, ["number", "string"], "an item is found by number or key")
    if (!armsOf(of).every((arm) => arm.kind === "list")) return unknownShape
    return union(armsOf(of).map((arm) => itemOf(arm, typeof at === "number" ? at : undefined)))
  }

  /** Whether lists are as long as an index needs; what is not known of it is a doubt. */
  #reaches(term: Extract<Term, { readonly op: "index" }>, arms: readonly Arm[], at: unknown): void {
    const sizes = arms.filter((arm) => arm.kind === "list").map(lengthOf)
    const most = Math.max(...sizes.map(({ max }) => max))
    if (typeof at !== "number" || sizes.some(({ min }) => min <= at)) {
      if (typeof at === "number" && most <= at) this.reports.tooShort(term.index, term.of, most)
      else this.doubts.length(term.of)
    }
  }

  /** The type of a place that was visited before: nothing is reported again. */
  #quietly(term: Term, facts: Facts): Shape {
    const known = this.#known(term, facts)
    if (known !== undefined) return known
    if (term.op === "name") return shape(this.#types.get(term.name) ?? true)
    if (term.op === "local") return this.#locals.get(term.slot) ?? unknownShape
    if (term.op !== "field" && term.op !== "index") return unknownShape
    const step = term.op === "field" ? term.field : literalOf(term.index)
    const arms = armsOf(this.#quietly(term.of, facts))
    if (typeof step === "number" && arms.every((arm) => arm.kind === "list")) {
      return union(arms.map((arm) => itemOf(arm, step)))
    }
    if (typeof step !== "string") return unknownShape
    const looks = arms.map((arm) => fieldOf(arm, step)).filter((look) => look.found !== "never")
    return union(looks.map((look) => look.shape))
  }

  #object(entries: ReadonlyArray<readonly [Term, Term]>, facts: Facts): Shape {
    const fields = entries.map(([key, value]) => {
      const name = literalOf(key)
      if (typeof name !== "string") this.#key(key, facts)
      return [name, this.visit(value, facts).shape] as const
    })
    const named = fields.flatMap(([name, field]) => (typeof name === "string" ? [[name, field] as const] : []))
    return named.length === fields.length ? objectOf(named) : shape({ type: "object" })
  }

  #key(key: Term, facts: Facts): void {
    if (key.op === "name" && !this.#types.names.includes(key.name)) {
      this.reports.add(key, "key", `there is no \`${key.name}\` here`, { hint: `as a key write "${key.name}"` })
    } else this.#needs(key, this.visit(key, facts).shape, ["string"], "a key must be a string")
  }

  /** A term must be of one of these kinds. */
  #needs(term: Term, of: Shape, accepted: readonly Kind[], needs: string): void {
    this.reports.expect(term, of, accepted, needs)
    if (accepted.length < kindCount) this.doubts.needs(term, of)
  }

  #truth(term: Term, facts: Facts): Typing {
    const typing = this.visit(term, facts)
    this.#needs(term, typing.shape, ["boolean"], "a condition must be true or false")
    return typing
  }

  #binary(term: Binary, facts: Facts): Typing {
    const left = this.visit(term.left, facts).shape
    const right = this.visit(term.right, facts).shape
    const { type, needs } = operatorType(term.operator, left, right)
    if (needs !== undefined) {
      const [a, b] = [left, right].map((side) => inWords(kindsOf(armsOf(side))) || "unknown")
      const sides = `\`${term.left.text}\` is ${a}, \`${term.right.text}\` is ${b}`
      this.reports.add(term, "operand", `\`${term.operator}\` needs ${needs}: ${sides}`, {
        hint: remedy(term, left, right),
      })
    }
    if (term.operator !== "==" && term.operator !== "!=") {
      if (term.operator !== "in") this.doubts.needs(term.left, left)
      this.doubts.needs(term.right, right)
    }
    const constant = constantIn(term)
    if (constant !== undefined) {
      const { place, value } = constant
      const known = armsOf(place === term.left ? left : right).map(constantsOf)
      const values = known.flatMap((some) => some ?? [])
      const open =
        values.length === 0 || known.includes(undefined) || values.every((one) => typeof one !== typeof value)
      if (!open && !values.includes(value)) this.reports.neverEqual(term, place, value, values)
    }
    return { shape: type, ...compared(term, facts, (place) => this.#quietly(place, facts)) }
  }

  #each(term: Each, facts: Facts): Shape {
    const list = this.visit(term.list, facts).shape
    this.#needs(term.list, list, ["list", "object"], `\`${term.quantifier}\` needs a list`)
    const item = union(
      armsOf(list).map((arm) => (arm.kind === "list" ? itemOf(arm) : arm.kind === "object" ? string : unknownShape)),
    )
    this.#locals.set(term.slot, item)
    this.doubts.each(term.slot, term.list)
    const held = term.test === undefined ? facts : this.#truth(term.test, facts).yes
    if (term.quantifier === "filter") return listOf([held.get(`#${term.slot}`) ?? item])
    return term.give === undefined ? boolean : listOf([this.visit(term.give, held).shape])
  }

  #call({ fn, args }: Call, facts: Facts): Shape {
    args.forEach((arg, i) => {
      const accepted = fn.params[i] ?? []
      this.#needs(arg, this.visit(arg, facts).shape, accepted, `\`${fn.name}\` needs ${inWords(accepted)} here`)
    })
    const pattern = fn.name === "matches" ? args[1] : undefined
    if (pattern?.op === "literal" && typeof pattern.value === "string") {
      const made = linearPattern(pattern.value)
      if (typeof made === "string") {
        const message = `this is no regular expression: ${made}`
        this.reports.add(pattern, "pattern", message, { expected: "RE2's syntax, which has no look-around" })
      }
    }
    return shape(fn.result)
  }
}

const plain = (of: Shape, facts: Facts): Typing => ({ shape: of, yes: facts, no: facts })

function literalShape(value: null | boolean | number | string): Shape {
  if (value === null) return shape({ type: "null" })
  if (typeof value === "number") return shape({ type: Number.isInteger(value) ? "integer" : "number" })
  return shape({ type: typeof value })
}
