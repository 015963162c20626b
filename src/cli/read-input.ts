import { isLeft } from "../data/either.js"
import { type JsonSchema, jsonSchema } from "../data/schema.js"
import { messageOf } from "../data/fault.js"
import { Refused } from "./exit.js"
import { bytesOf, reason } from "./read-file.js"

/**
 * `--input TEXT`, `--input @file`, `--input -`: the text itself, a file's, or standard input's. Where the document does not
 * say what its input is, what reads as JSON is JSON, and anything else is text.
 */
export async function readInput(given: string | undefined, schema: JsonSchema | undefined): Promise<unknown> {
  if (given === undefined) {
    if (schema === undefined || allowsNull(schema)) return null
    throw new Refused("the flow needs an input", 'give it with --input "some text", --input @file or --input -')
  }
  const text = await source(given)
  const input = schema === undefined ? jsonOrText(text) : takesText(schema) ? text : json(text, given)
  const parsed = schema === undefined ? undefined : jsonSchema(schema).parse(input)
  if (parsed !== undefined && isLeft(parsed)) {
    const issues = parsed.left.map(({ at, message }) => (at === "" ? message : `${at} ${message}`))
    throw new Refused(`--input does not fit the flow's input: ${issues.join("; ")}`)
  }
  return input
}

async function source(given: string): Promise<string> {
  if (given === "-") {
    if (process.stdin.isTTY) process.stderr.write("reading standard input; end it with Ctrl-D\n")
    return (await import("node:stream/consumers")).text(process.stdin)
  }
  if (!given.startsWith("@")) return given
  const file = given.slice(1)
  try {
    const bytes = await bytesOf(file)
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Refused(`--input ${given}: ${reason(error)}`, "name a file of text, or pipe the text: --input -")
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Text where the schema is a string's; a schema that a string does not fit wants JSON. */
function takesText(schema: JsonSchema): boolean {
  if (schema === true) return true
  const { type, const: only, enum: choices } = schema
  if (type !== undefined) return type === "string" || (Array.isArray(type) && type.length === 1 && type[0] === "string")
  if (Array.isArray(choices)) return choices.every((one) => typeof one === "string")
  return typeof only === "string"
}

const allowsNull = (schema: JsonSchema): boolean => schema === true || schema["type"] === "null"

function json(text: string, given: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const shown = given.startsWith("@") || given === "-" ? given : "the text"
    throw new Refused(
      `--input: ${shown} is no JSON: ${messageOf(error)}`,
      "the flow's input is not a string, so it is read as JSON",
    )
  }
}
