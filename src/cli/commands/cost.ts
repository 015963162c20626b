import { cost as costOf } from "../../flow/interpret/cost.js"
import { formatCost } from "../../flow/interpret/cost-format.js"
import { type ExitCode, exitCodes } from "../exit.js"
import { loadStatic, usable } from "../load.js"
import { readParams } from "../params.js"
import { terminal } from "../terminal.js"

export interface CostOptions {
  readonly set?: readonly string[]
  readonly import?: string
  readonly json?: boolean
}

/** `troupe cost`: the least and the most that a run can cost, from the document alone. */
export async function cost(file: string, options: CostOptions): Promise<ExitCode> {
  const screen = terminal()
  const document = usable(screen, await loadStatic(file, options.import))
  if (document === undefined) return exitCodes.wrong
  const given = options.set ?? []
  const params = given.length === 0 ? {} : readParams(document, given)
  const bound = costOf(document.flow, { params })
  screen.out(options.json === true ? `${JSON.stringify(bound, null, 2)}\n` : `${formatCost(bound)}\n`)
  return exitCodes.done
}
