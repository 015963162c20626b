import { asText, own } from "../../../data/json.js"
import type { Count } from "../../node.js"
import type { Params } from "../../runtime.js"
import { Failed } from "./outcome.js"

/** A count with the run's parameters put in. A flow that is run without its document may lack one. */
export function countOf(count: Count, what: string, params: Params, path: string, least = 1): number | Failed {
  if (typeof count === "number") return count
  const value = own(params, count.name)
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value
  const message = `the parameter ${count.name} is ${asText(value) || "missing"}: expected a whole number, ${least} or more`
  const issues = [{ at: `/${count.name}`, message }]
  return new Failed({ _tag: "InvalidInput", path, message: `${what}: ${message}`, value, issues, retry: "no" })
}
