import { type Either, isRight, left } from "../../../data/either.js"
import { messageOf } from "../../../data/fault.js"
import type { Issue, Schema } from "../../../data/schema.js"
import { Failed, type Frame, type Outcome } from "./machine.js"

/** Issues in a row, the first three of them. */
export const problems = (issues: readonly Issue[]): string =>
  issues
    .slice(0, 3)
    .map(({ at, message }) => (at === "" ? message : `${at}: ${message}`))
    .join("; ")

/** A schema may hold functions of its author's, which may throw. */
export function parse(schema: Schema<unknown>, value: unknown): Either<readonly Issue[], unknown> {
  try {
    return schema.parse(value)
  } catch (thrown) {
    return left([{ at: "", message: `its schema threw: ${messageOf(thrown)}` }])
  }
}

export function checked(
  tag: "InvalidInput" | "InvalidOutput",
  schema: Schema<unknown> | undefined,
  value: unknown,
  agent: string,
  frame: Frame,
  local: string,
): Outcome {
  if (schema === undefined) return value
  const parsed = parse(schema, value)
  if (isRight(parsed)) return parsed.right
  const issues = parsed.left
  const side = tag === "InvalidInput" ? "what it got" : "its answer"
  const message = `${agent}: ${side} does not fit its schema: ${problems(issues)}`
  const path = frame.path(local)
  return new Failed({ _tag: tag, path, message, value, issues, retry: tag === "InvalidInput" ? "no" : "yes" })
}
