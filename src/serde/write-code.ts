import { type Json, notJsonAt } from "../data/json.js"
import type { Expr } from "../flow/expr.js"
import type { Branch, Code, Fn } from "../flow/node.js"
import { writeCel, writeConstant, writeKey, writeName, writeTemplate, writeText } from "./expressions.js"
import { limits } from "./limits.js"

/** One thing that keeps a flow from being written: where it is, and what to do about it. */
export interface Unwritable {
  readonly path: string
  readonly message: string
}

/** Where in the flow something is written. */
export interface Where {
  readonly path: string
}

/** The levels that a document puts around its flow, and a node around its children. */
export const levelsAround = 6

/** Writes functions, expressions, templates and constants, and collects what cannot be written. */
export class CodeWriter {
  readonly problems: Unwritable[] = []

  problem(at: Where, message: string): null {
    this.problems.push({ path: at.path, message })
    return null
  }

  tooDeep(at: Where): null {
    return this.problem(at, `it nests deeper than the ${limits.depth} levels that a document may have`)
  }

  keys(keys: readonly string[] | undefined, at: Where): readonly string[] | undefined {
    if (keys?.includes("__proto__")) this.problem(at, "`__proto__` is no key in a document: choose another")
    return keys
  }

  fn({ name }: Fn, at: Where): Json {
    if (name !== undefined && name !== "") return name
    return this.problem(at, 'a function has no name: write named("merge", fn) and register it as merge')
  }

  selector(on: Branch["on"], at: Where): Json {
    if ("key" in on) return writeKey(on.key)
    return "code" in on ? this.expression(on.code, at) : null
  }

  expression(code: Fn | Expr, at: Where): Json {
    if (code._tag === "Fn") return { fn: this.fn(code, at) }
    return writeCel(code) ?? this.problem(at, "a template stands where an expression belongs: write it as CEL")
  }

  /** A text that may be an expression. */
  text(text: string | Expr, at: Where): Json {
    if (typeof text === "string") return writeConstant(text)
    const written = writeText(text)
    return typeof written === "string" ? written : this.problem(at, "a template that gives no text stands for a name")
  }

  template(code: Code, at: Where): Json {
    if (code._tag === "Fn") return { fn: this.fn(code, at) }
    if (code._tag === "Expr") return this.json(writeTemplate(code), at)
    if (code._tag === "Name") return writeName(code.name)
    if (code._tag === "Constant") return writeConstant(this.json(code.value, at))
    return this.problem(at, `${outOfPlace[code._tag]} stands outside of it`)
  }

  json(value: unknown, at: Where): Json {
    if (isJson(value)) {
      if (nests(value, limits.depth - levelsAround)) return this.tooDeep(at)
      return hasProto(value) ? this.problem(at, "`__proto__` is no key in a document: choose another") : value
    }
    const where = notJsonAt(value) ?? ""
    return this.problem(
      at,
      `a constant is not JSON${where === "" ? "" : ` (at ${where})`}: give it in a named function`,
    )
  }
}

function hasProto(json: Json): boolean {
  const stack: Json[] = [json]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top === null || typeof top !== "object") continue
    if (Object.hasOwn(top, "__proto__")) return true
    stack.push(...Object.values<Json>(top))
  }
  return false
}

/** What can only be written as a part of something else. */
const outOfPlace = {
  Until: "the condition of a loop",
  Arity: "the first step of a split",
  Element: "an element of a split",
} as const

const isJson = (value: unknown): value is Json => notJsonAt(value) === undefined

/** Whether JSON nests deeper than so many levels. */
const nests = (json: unknown, levels: number): boolean =>
  typeof json === "object" &&
  json !== null &&
  (levels === 0 || Object.values(json).some((part) => nests(part, levels - 1)))
