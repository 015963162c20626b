import type { Schema } from "../../data/schema.js"
import { isNever, never, widened } from "../../data/schema-build.js"
import { inlined } from "../../data/schema-inline.js"
import { isModelAgent } from "../document.js"
import type { Agent, Code } from "../node.js"
import { derivedType } from "./check-derived.js"
import { type Findings, sourceOf } from "./check-findings.js"
import { elementType, listOfSize, ofSize } from "./check-lists.js"
import { untilType } from "./check-shapes.js"
import type { Given, Wire } from "./check-typing.js"

/** What a test gives. */
export const condition = { type: "boolean" }

/** A declared type; `who` says whose it is, where it is not known. */
export function declared(schema: Schema<unknown> | undefined, who: string, what: "input" | "output" | "answer"): Wire {
  if (schema === undefined) return { type: true, because: `${who} declares no ${what}` }
  if (schema.json === undefined) {
    return { type: true, because: `the ${what} of ${who} cannot be written as JSON Schema` }
  }
  return { type: inlined(schema.json), because: `the ${what} of ${who} says nothing of it` }
}

/** A function, for a message. */
export const functionAt = (name: string | undefined, path: string): string =>
  `the function ${name ?? "without a name"}${path === "" ? "" : ` at ${path}`}`

const isTag = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)

/** The type of what a pure step gives. */
export function codeType(found: Findings, code: Code, path: string, given: Given): Wire {
  if (isNever(given.value.type)) return { type: never }
  if (code._tag === "Constant") {
    const type = given.as === "selector" && isTag(code.value) ? { const: code.value } : widened(code.value)
    return { type, because: "an empty array has no element type" }
  }
  if (code._tag === "Expr") return found.infer(code, path, given, given.as)
  if (code._tag === "Fn") {
    const derived = derivedType(code, given.value)
    if (derived !== undefined) return derived
    return { type: true, because: `${functionAt(code.name, path)} declares no output` }
  }
  if (code._tag === "Until") {
    holds(found, code.when, "until", path, given)
    const test = code.when
    if (test._tag === "Fn") return untilType(given.value, given.value)
    return untilType(found.narrowed(test, given, false), found.narrowed(test, given, true))
  }
  if (code._tag === "Arity") {
    found.fits(path, `split into ${code.size}`, given.value, listOfSize(code.size))
    return { ...given.value, type: ofSize(given.value.type, code.size) }
  }
  if (code._tag === "Element") return { ...given.value, type: elementType(given.value.type, code.index) }
  const wire = found.bound.get(code.name)
  if (wire === undefined) found.error(path, "name_free", `the name ${code.name} is not bound here`)
  return wire ?? { type: true, because: `the name ${code.name} is not bound` }
}

/** Holds what a test gives against a truth value; a function that stands as a test is taken for one. */
export function holds(found: Findings, code: Code, what: string, path: string, given: Given): void {
  if (code._tag === "Expr")
    found.fits(path, `${what} ${sourceOf(code)}`, found.infer(code, path, given), condition, code)
}

/** The prompts of an agent of its own, each judged once where its input is declared and else at every step; those of a step there. */
export function prompts(found: Findings, { ref, override }: Agent, path: string, given: Given): void {
  const overridden = { prompt: override?.prompt, systemPrompt: override?.systemPrompt }
  for (const code of Object.values(overridden)) if (code !== undefined) codeType(found, code, path, given)
  if (!isModelAgent(ref)) return
  const value = ref.input === undefined ? given.value : declared(ref.input, `the agent ${ref.name}`, "input")
  for (const key of ["systemPrompt", "prompt"] as const) {
    const own = ref[key]
    if (own === undefined || overridden[key] !== undefined) continue
    if (ref.input !== undefined && found.judged[key].has(ref)) continue
    found.judged[key].add(ref)
    found.inferOwn(own, path, value)
  }
}
