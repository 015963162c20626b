import { messageOf } from "../data/fault.js"
import { isRecord } from "../data/json.js"
import type { FlowEvent } from "../flow/event.js"
import type { Lagged } from "../flow/interpret/run/event-log.js"

/** The run has ended well, and its value has no JSON. */
export class Unprintable extends Error {
  override readonly name = "Unprintable"
}

/** JSON has nothing of an error, which is the cause of most faults: its name and message, not what else hangs on it. */
function told(_key: string, value: unknown): unknown {
  if (value instanceof Map || value instanceof Set) throw new TypeError("a Map or a Set is no JSON")
  return value instanceof Error ? { name: value.name, message: messageOf(value) } : value
}

/** A value as JSON; where it has none, why not. What agents give may throw at any touch. */
function json(value: unknown, space?: number): { readonly text: string } | { readonly why: string } {
  try {
    const text: unknown = JSON.stringify(value, told, space)
    return typeof text === "string" ? { text } : { why: `a ${typeof value} is no JSON` }
  } catch (thrown) {
    return { why: messageOf(thrown).split("\n")[0] ?? "" }
  }
}

/** The value of a run as standard output carries it: a string raw, nothing as `null`, anything else as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value
  const written = json(value ?? null, 2)
  if ("text" in written) return written.text
  throw new Unprintable(
    `the run is done, and its value cannot be written as JSON: ${written.why}\n` +
      "  let the last step give JSON: a text, a number, a list, a plain object",
  )
}

/** An event as one line of JSON. Where a part of its data has none, the part says why: no line is lost. */
export function eventText(event: FlowEvent | Lagged): string {
  const written = json(event)
  return "text" in written ? written.text : JSON.stringify({ ...event, data: parts(event.data) })
}

function parts(data: unknown): unknown {
  try {
    if (isRecord(data)) return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, part(value)]))
  } catch {
    // a proxy that throws has no parts
  }
  return part(data)
}

function part(value: unknown): unknown {
  const written = json(value ?? null)
  return "text" in written ? value : { unprintable: written.why }
}

/** A report of an agent in a few words. */
export function noteText(data: unknown): string {
  if (typeof data === "string") return data
  const written = json(data ?? null)
  return "text" in written ? written.text : `(${written.why})`
}
