import { type Either, isLeft, left } from "../data/either.js"
import type { Fault } from "../data/fault.js"
import { type Issue, jsonSchema } from "../data/schema.js"
import type { Document } from "../flow/document.js"
import type { Params } from "../flow/runtime.js"
import { resolveParams } from "./params.js"

/** The parameters of a document's run, once they and the input are known to fit. */
export function givenTo(document: Document, input: unknown, given: Params | undefined): Either<Fault, Params> {
  const refuse = (what: string, value: unknown, issues: readonly Issue[]): Either<Fault, never> => {
    const listed = issues.map(({ at, message }) => `${at === "" ? "" : `${at}: `}${message}`).join("; ")
    return left({ _tag: "InvalidInput", path: "", message: `${what}: ${listed}`, value, issues, retry: "no" })
  }
  const params = resolveParams(document.params, given)
  if (isLeft(params)) return refuse("the parameters do not fit", given, params.left)
  const parsed = document.input === undefined ? undefined : jsonSchema(document.input).parse(input)
  if (parsed !== undefined && isLeft(parsed)) return refuse("the input does not fit its schema", input, parsed.left)
  return params
}
