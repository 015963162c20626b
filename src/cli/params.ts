import { isLeft } from "../data/either.js"
import { resolveParams } from "../agents/params.js"
import { own } from "../data/json.js"
import type { JsonSchema } from "../data/schema.js"
import type { Document } from "../flow/document.js"
import type { Params } from "../flow/runtime.js"
import { Refused } from "./exit.js"

/** `--set key=value`, as the document's schemas read it; the defaults of the rest. */
export function readParams({ params: schemas }: Document, given: readonly string[]): Params {
  const named: [string, unknown][] = given.map((text) => {
    const at = text.indexOf("=")
    if (at < 1) throw new Refused(`--set ${text}: expected key=value`, "for example --set sentences=5")
    const key = text.slice(0, at)
    return [key, valueOf(text.slice(at + 1), own(schemas, key))]
  })
  const resolved = resolveParams(schemas, Object.fromEntries(named))
  if (isLeft(resolved)) {
    const lines = resolved.left.map(({ at, message }) => `--set ${at}: ${message}`)
    throw new Refused(lines.join("\n       "), known(schemas))
  }
  return resolved.right
}

function known(schemas: Document["params"]): string {
  const names = Object.entries(schemas).map(([name, schema]) => {
    const type = schema === true ? undefined : schema["type"]
    return typeof type === "string" ? `${name} (${type})` : name
  })
  return names.length === 0 ? "this document has no parameters" : `its parameters: ${names.join(", ")}`
}

/** A text where the schema is a string's; else JSON where it is JSON. */
function valueOf(text: string, schema: JsonSchema | undefined): unknown {
  if (schema !== undefined && schema !== true && schema["type"] === "string") return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
