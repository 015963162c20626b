import type { ASTNode } from "@marcbachmann/cel-js"
import type { ExprProblem } from "../flow/expr.js"
import { type CelFunction, functionNames, functionsNamed } from "./functions.js"
import { nearest } from "../data/nearest.js"
import type { Place } from "./problem.js"
import type { Each, Field, Quantifier, Term } from "./term.js"

/** How deep terms may nest, and how many there may be. */
const maxDepth = 200
const maxTerms = 2_000

type Locals = ReadonlyMap<string, number>

const quantifiers: Readonly<Record<string, Quantifier>> = {
  all: "all",
  exists: "exists",
  exists_one: "exists_one",
  map: "map",
  filter: "filter",
}

/** One walk over a syntax tree that turns it into terms and gathers its names and problems. */
export class Lowering {
  readonly problems: ExprProblem[] = []
  readonly names: Set<string> = new Set()
  slots: number = 0
  #terms = 0
  #depth = 0
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  lower(node: ASTNode, locals: Locals = new Map()): Term {
    this.#terms++
    this.#depth++
    const term = this.#withinLimits(node) ? this.#term(node, locals) : this.#nothing(node)
    this.#depth--
    return term
  }

  #withinLimits(node: ASTNode): boolean {
    if (this.#depth <= maxDepth && this.#terms <= maxTerms) return true
    const message =
      this.#terms > maxTerms
        ? `the expression has more than ${maxTerms} parts`
        : `the expression is nested more than ${maxDepth} deep`
    if (!this.problems.some((problem) => problem.code === "limit")) {
      this.#report(node, "limit", message, "compute parts of it in earlier steps")
    }
    return false
  }

  #term(node: ASTNode, locals: Locals): Term {
    const place = this.#place(node)
    switch (node.op) {
      case "value":
        return this.#literal(node, node.args)
      case "id":
        return this.#name(place, node.args, locals)
      case ".":
        return this.#field(node, locals)
      case "[]":
        return { ...place, op: "index", of: this.lower(node.args[0], locals), index: this.lower(node.args[1], locals) }
      case "list":
        return { ...place, op: "list", items: node.args.map((item) => this.lower(item, locals)) }
      case "map":
        return {
          ...place,
          op: "object",
          entries: node.args.map(([key, value]) => [this.lower(key, locals), this.lower(value, locals)] as const),
        }
      case "?:": {
        const [test, yes, no] = node.args
        return {
          ...place,
          op: "if",
          test: this.lower(test, locals),
          yes: this.lower(yes, locals),
          no: this.lower(no, locals),
        }
      }
      case "&&":
      case "||": {
        const [left, right] = node.args
        const op = node.op === "&&" ? "and" : "or"
        return { ...place, op, left: this.lower(left, locals), right: this.lower(right, locals) }
      }
      case "!_":
        return { ...place, op: "not", of: this.lower(node.args, locals) }
      case "-_":
        return { ...place, op: "minus", of: this.lower(node.args, locals) }
      case "call":
        return this.#call(node, node.args[0], undefined, node.args[1], locals)
      case "rcall":
        return this.#call(node, node.args[0], node.args[1], node.args[2], locals)
      case ".?":
      case "[?]":
        return this.#refuse(node, "syntax", "optional access is not part of these expressions")
      case "==":
      case "!=":
      case "<":
      case "<=":
      case ">":
      case ">=":
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
      case "in": {
        const [left, right] = node.args
        const operands = { left: this.lower(left, locals), right: this.lower(right, locals) }
        return { ...place, op: "binary", operator: node.op, ...operands }
      }
    }
  }

  #literal(node: ASTNode, value: unknown): Term {
    const place = this.#place(node)
    if (value === null || typeof value === "boolean" || typeof value === "string") {
      return { ...place, op: "literal", value }
    }
    if (value instanceof Uint8Array) return this.#refuse(node, "syntax", "JSON has no bytes", "leave out the `b`")
    if (typeof value === "number") return { ...place, op: "literal", value }
    const number = Number(value)
    if (!Number.isSafeInteger(number)) {
      return this.#refuse(node, "syntax", "the number is too large to be exact", "write it with a decimal point")
    }
    return { ...place, op: "literal", value: number }
  }

  #name(place: Place, name: string, locals: Locals): Term {
    const slot = locals.get(name)
    if (slot !== undefined) return { ...place, op: "local", name, slot }
    this.names.add(name)
    return { ...place, op: "name", name }
  }

  #field(node: Extract<ASTNode, { readonly op: "." }>, locals: Locals): Field {
    const [of, field] = node.args
    return { ...this.#place(node), op: "field", of: this.lower(of, locals), field, nameStart: node.pos }
  }

  #call(node: ASTNode, name: string, receiver: ASTNode | undefined, args: readonly ASTNode[], locals: Locals): Term {
    if (name === "has" && receiver === undefined) return this.#has(node, args, locals)
    if (receiver !== undefined && Object.hasOwn(quantifiers, name)) {
      const quantifier = quantifiers[name]
      if (quantifier !== undefined) return this.#each(node, quantifier, receiver, args, locals)
    }
    const given = (receiver === undefined ? args : [receiver, ...args]).map((arg) => this.lower(arg, locals))
    const overloads = functionsNamed(name, receiver !== undefined)
    const fn = overloads.find((overload) => overload.params.length === given.length)
    if (fn !== undefined) return { ...this.#place(node), op: "call", fn, args: given }
    return overloads.length === 0
      ? this.#unknownFunction(node, name, receiver)
      : this.#refuse(node, "call", `\`${name}\` takes ${arities(overloads)}, got ${args.length}`)
  }

  #unknownFunction(node: ASTNode, name: string, receiver: ASTNode | undefined): Term {
    const method = receiver !== undefined
    const known = [...functionNames(method), ...(method ? Object.keys(quantifiers) : ["has"])]
    const meant = nearest(name, known)
    const start = method ? Math.max(node.start, this.#source.indexOf(name, receiver.end)) : node.start
    this.problems.push({
      code: "unknown_function",
      message: method ? `there is no method \`${name}\`` : `there is no function \`${name}\``,
      severity: "error",
      at: [],
      start,
      end: start + name.length,
      expected: `one of ${known.join(", ")}`,
      ...(meant === undefined ? {} : { hint: `did you mean \`${meant}\`?` }),
    })
    return this.#nothing(node)
  }

  #has(node: ASTNode, args: readonly ASTNode[], locals: Locals): Term {
    const target = args[0]
    if (args.length !== 1 || target?.op !== ".") {
      return this.#refuse(node, "call", "`has` takes a field, as in `has(value.notes)`")
    }
    this.#terms++
    return { ...this.#place(node), op: "has", target: this.#field(target, locals) }
  }

  #each(node: ASTNode, quantifier: Quantifier, over: ASTNode, args: readonly ASTNode[], locals: Locals): Term {
    const [variable, first, second] = args
    const many = quantifier === "map" && args.length === 3
    if (variable?.op !== "id" || first === undefined || (args.length !== 2 && !many)) {
      const form = quantifier === "map" ? "(x, expression) or (x, test, expression)" : "(x, test)"
      return this.#refuse(node, "call", `\`${quantifier}\` takes ${form}`)
    }
    const list = this.lower(over, locals)
    const slot = this.slots++
    const inner = new Map(locals).set(variable.args, slot)
    const before = this.#terms
    const one = this.lower(first, inner)
    const two = second === undefined ? undefined : this.lower(second, inner)
    const [test, give] = quantifier !== "map" ? [one, undefined] : two === undefined ? [undefined, one] : [one, two]
    const each: Each = {
      ...this.#place(node),
      op: "each",
      quantifier,
      list,
      slot,
      test,
      give,
      weight: 1 + this.#terms - before,
    }
    return each
  }

  #place(node: ASTNode): Place {
    return { start: node.start, end: node.end, text: this.#source.slice(node.start, node.end) }
  }

  #report(node: ASTNode, code: string, message: string, hint: string | undefined): void {
    const problem = { code, message, severity: "error", at: [], start: node.start, end: node.end } as const
    this.problems.push(hint === undefined ? problem : { ...problem, hint })
  }

  #refuse(node: ASTNode, code: string, message: string, hint?: string): Term {
    this.#report(node, code, message, hint)
    return this.#nothing(node)
  }

  /** Stands for what was refused: it is never evaluated. */
  #nothing(node: ASTNode): Term {
    return { ...this.#place(node), op: "literal", value: null }
  }
}

function arities(overloads: readonly CelFunction[]): string {
  const counts = overloads.map((fn) => fn.params.length - (fn.method ? 1 : 0))
  return `${counts.join(" or ")} argument${counts.length === 1 && counts[0] === 1 ? "" : "s"}`
}
