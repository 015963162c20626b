import type { Call } from "../../node.js"
import { type Exec, Failed } from "./machine.js"
import { nested } from "./nested.js"

/** Runs the flow that is called: it sees no name from here, and its `input` is what it is given. */
export function calling({ name }: Call, of: Exec | undefined, local: string): Exec {
  if (of !== undefined) return nested((frame, input, k) => of(frame.called(input), input, k))
  const message = `the flow ${name} is called by its name alone, and nothing here knows it: give it to call(…), or register it`
  return (frame) => new Failed({ _tag: "Unavailable", path: frame.path(local), message, retry: "no" })
}
