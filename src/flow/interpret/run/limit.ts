import type { Limit } from "../../node.js"
import { Limiter } from "./limiter.js"
import { type Exec } from "./machine.js"
import { nested } from "./nested.js"

/** Runs `of` in a scope of limits of its own. */
export function limiting(node: Limit, of: Exec, local: string): Exec {
  return nested((frame, input, k) => {
    const limiter = new Limiter(node, frame.around.limits, () => frame.path(local))
    return of(frame.limited(limiter), input, k)
  })
}
