import { flow, nodeOf } from "../flow/build.js"
import { nameProblems } from "../flow/closed.js"
import type { Document } from "../flow/document.js"
import { check } from "../flow/interpret/check.js"
import type { FlowProblem } from "./diagnose.js"

/** What the types of a document's flow say; free and rebound names are judged apart, with their positions. */
export function checkTypes({ flow: checked, input, params }: Document): readonly FlowProblem[] {
  const { errors } = check(flow(nodeOf(checked)), { params, ...(input === undefined ? {} : { input }) })
  const free = nameProblems(nodeOf(checked)).map(({ name }) => `\`${name}\``)
  return errors.filter(({ code, message }) => {
    if (code === "name_free" || code === "name_rebound") return false
    return code !== "unknown_name" || !free.some((name) => message.includes(name))
  })
}
