import type { Expr } from "../../flow/expr.js"
import { listed, suggestion } from "../suggest.js"
import type { Reader } from "./reader.js"

/** Refuses the names that a template of an agent or a provider may not read. */
export function reads(expr: Expr | undefined, allowed: readonly string[], cx: Reader): void {
  const tree = expr === undefined ? undefined : cx.places.get(expr)
  for (const name of expr?.names ?? []) {
    if (allowed.includes(name) || tree === undefined) continue
    const message = `the name \`${name}\` is not in scope here`
    cx.report.at(tree, { code: "name_free", message, expected: listed(allowed), hint: suggestion(name, allowed) })
  }
}

const envAlone = /^[^$]*\$\{\s*env\.[A-Za-z_]\w*\s*\}[^$]*$/

/** Whether a text is a secret as one may be written: `${env.NAME}`, with text around it or not. */
export const isFromEnv = (text: string): boolean => envAlone.test(text)
