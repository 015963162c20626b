import type { ZodType } from "zod"
import { jsonSchema, type JsonSchema, schemaProblem, zodSchema } from "../data/schema.js"
import { flow, nodeOf } from "./build.js"
import type { Expr } from "./expr.js"
import { InvalidFlow } from "./invalid.js"
import * as make from "./make.js"
import { shown } from "./refuse.js"
import type { Flow } from "./types.js"

/**
 * Runs another flow by its name: one of the document, or of the registry that reads it. A flow that is given is called by
 * that name in paths and drawings. Recursion is refused.
 *
 * @example
 * ```ts
 * import { AgentSystem, call, lift } from "troupe"
 * await using system = new AgentSystem()
 * const count = call("count", lift((text: string) => text.length))
 * await system.run(count, "bees") // 4
 * ```
 */
export function call<I = unknown, O = unknown>(name: string, of?: Flow<I, O>): Flow<I, O> {
  return flow(make.call(name, of === undefined ? undefined : nodeOf(of)))
}

/**
 * Waits for an answer from outside (a person, a webhook), which `signal` gives by this name. The answer must fit the
 * schema; one that does not is refused, and the flow goes on waiting.
 *
 * @param schema zod, or a JSON Schema; `true` takes any JSON. One that is ill-formed, which no answer could fit, is refused.
 *
 * @example
 * ```ts
 * import { AgentSystem, suspend } from "troupe"
 * import { z } from "zod"
 * await using system = new AgentSystem()
 * const run = system.start(suspend("approval", z.boolean()), "may I?", { runId: "r1" })
 * await system.signal("r1", "approval", true)
 * await run.value // true
 * ```
 */
export function suspend<T>(name: string | Expr, schema: ZodType<T> | JsonSchema): Flow<unknown, T> {
  if (schema !== true && (typeof schema !== "object" || schema === null || Array.isArray(schema))) {
    const message = `suspend needs the schema of its answer, got ${shown(schema)}: expected zod, or a JSON Schema; true takes any answer`
    throw new InvalidFlow("schema", message, "", "schema")
  }
  if (isZod(schema)) return flow(make.suspend(name, zodSchema(schema, "output")))
  const problem = schemaProblem(schema)
  if (problem !== undefined) {
    throw new InvalidFlow("schema", `the schema of the answer is ill-formed: ${problem}`, "", "schema")
  }
  return flow(make.suspend(name, jsonSchema(schema)))
}

const isZod = <T>(schema: ZodType<T> | JsonSchema): schema is ZodType<T> => schema !== true && "safeParse" in schema

/**
 * Waits so many milliseconds on the clock of the run, and passes its input on.
 *
 * @example
 * ```ts
 * import { AgentSystem, pure, sleep } from "troupe"
 * await using system = new AgentSystem()
 * await system.run(pure("bees").andThen(sleep(5)), undefined) // "bees"
 * ```
 */
export function sleep<A = unknown>(ms: number): Flow<A, A> {
  return flow(make.sleep(ms))
}
