import type { JsonSchema } from "../../data/schema.js"
import { isNever, never } from "../../data/schema-build.js"
import { subtype } from "../../data/schema-subtype.js"
import type { Expr, Types } from "../expr.js"
import type { Asking, Given, Wire } from "./check-typing.js"

/** One thing wrong with the types of a flow: where, what was expected, what came, what to do. */
export interface CheckProblem {
  readonly severity: "error" | "warning"
  /**
   * `type_clash`, `missing_case`, `unknown_case`, `quorum_range`, `name_free`, `name_rebound`, `id_twice`, `id_taken`,
   * `call_unknown`, or the code of a problem in an expression.
   */
  readonly code: string
  readonly message: string
  readonly path: string
  /** Types in words. */
  readonly expected?: string
  readonly got?: string
  readonly hint?: string
  /** The expression it is in, which part of its template, and the offsets in that text. */
  readonly expr?: Expr
  readonly at?: readonly (string | number)[]
  readonly start?: number
  readonly end?: number
  /** The part of the step that it is about, key by key as documents spell them: `["branch", "cases", "simple"]`. */
  readonly part?: readonly string[]
}

/** A place that could not be judged, and why. */
export interface Unchecked {
  readonly path: string
  readonly reason: string
}

/** The types of what an expression may read, looked up when it does. */
interface Readable {
  get(name: string): JsonSchema | undefined
  names(): readonly string[]
}

const typesOf = (scope: Readable): Types => ({
  get names() {
    return scope.names()
  },
  get: (name) => scope.get(name),
})

/** What a check finds on its way, and the names that are bound where it stands. */
export class Findings {
  readonly problems: CheckProblem[] = []
  readonly unchecked: Unchecked[] = []
  /** A name is bound once along a path from the root, so that one map does for every scope. */
  bound: Map<string, Wire> = new Map()
  /** Agents whose own prompts were judged. */
  readonly judged: Readonly<Record<"prompt" | "systemPrompt", Set<object>>> = {
    prompt: new Set(),
    systemPrompt: new Set(),
  }
  readonly #params: JsonSchema
  constructor(params: JsonSchema) {
    this.#params = params
  }

  error(path: string, code: string, message: string, more: Partial<CheckProblem> = {}): void {
    this.problems.push({ severity: "error", code, message, path, ...more })
  }

  open(path: string, reason: string, because?: string): void {
    this.unchecked.push({ path, reason: because === undefined ? reason : `${reason}: ${because}` })
  }

  /** Holds what arrives against what is taken. `what` begins the message, as "the agent editor"; `expr` gave it. */
  fits(path: string, what: string, wire: Wire, expected: JsonSchema, expr?: Expr): void {
    const fit = subtype(wire.type, expected)
    if (fit.fits === "yes") return
    const place = fit.at === "" ? "" : `field ${fit.at}: `
    if (fit.fits === "unknown") {
      return this.open(path, `${what}: ${place}${fit.reason}`, fit.blind ? wire.because : undefined)
    }
    const { expected: wanted, got } = fit
    const more = { expected: wanted, got, ...(expr === undefined ? {} : { expr }) }
    this.error(path, "type_clash", `${what}: ${place}expected ${wanted}, got ${got}`, more)
  }

  /** The type of an expression in a step. */
  infer(expr: Expr, path: string, given: Given, as?: "selector"): Wire {
    return this.#inferred(expr, path, given, this.#scope(given), as)
  }

  /** Types a part in which no name from outside is in scope. */
  *apart(asking: Asking): Asking {
    const outside = this.bound
    this.bound = new Map()
    const wire = yield* asking
    this.bound = outside
    return wire
  }

  /** What arrives, where a test of it is true, or false. */
  narrowed(test: Expr, given: Given, holds: boolean): Wire {
    if (isNever(given.value.type)) return given.value
    const type = test.narrow(typesOf(this.#scope(given)), holds)
    return type === undefined ? given.value : { ...given.value, type }
  }

  #scope({ value, input, fault }: Given): Readable {
    return {
      get: (name) => {
        if (name === "value") return value.type
        if (name === "input") return input.type
        if (name === "params") return this.#params
        return name === "fault" ? fault : this.bound.get(name)?.type
      },
      names: () => ["value", "input", "params", ...(fault === undefined ? [] : ["fault"]), ...this.bound.keys()],
    }
  }

  /** The type of an expression of an agent's own, which sees neither the flow's input nor its names. */
  inferOwn(expr: Expr, path: string, value: Wire): Wire {
    const scope = new Map<string, JsonSchema>([
      ["value", value.type],
      ["params", this.#params],
      ["env", true],
    ])
    const given = { value, input: value, fault: undefined }
    return this.#inferred(expr, path, given, { get: (name) => scope.get(name), names: () => [...scope.keys()] })
  }

  #inferred(expr: Expr, path: string, given: Given, scope: Readable, as?: "selector"): Wire {
    if (isNever(given.value.type)) return { type: never }
    const { type, problems, unknown } = expr.infer(typesOf(scope), as)
    for (const problem of problems) this.problems.push({ ...problem, path, expr })
    const free = expr.names.find((name) => scope.get(name) === undefined)
    if (free !== undefined && !problems.some((problem) => problem.severity === "error")) {
      this.error(path, "name_free", `the name ${free} is not bound here`, { expr })
    }
    const because = this.#because(expr, given) ?? `the type of ${sourceOf(expr)} is not known`
    // The environment is another check's: it depends on where the flow runs.
    for (const part of new Set(unknown)) {
      if (part !== "env") this.open(path, `${sourceOf(expr)}: nothing is known of ${part}`, because)
    }
    return { type, because }
  }

  /** Why something of an expression is not known: for the reason of what it reads. */
  #because({ names }: Expr, { value, input }: Given): string | undefined {
    for (const name of names) {
      const because =
        name === "value"
          ? value.because
          : name === "input"
            ? input.because
            : name === "fault"
              ? faultBecause
              : this.bound.get(name)?.because
      if (because !== undefined) return because
    }
    return undefined
  }
}

/** Why something of a fault is not known. */
export const faultBecause = "what a fault carries is not known"

/** Why something of the flow's input is not known. */
export const inputBecause = (input: JsonSchema): string =>
  input === true ? "the input of the flow has no schema" : "the input of the flow says nothing of it"

/** An expression's text, for a message. */
export function sourceOf(expr: Expr): string {
  const text = typeof expr.source === "string" ? expr.source : JSON.stringify(expr.source)
  const line = text.replace(/\s+/g, " ")
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
