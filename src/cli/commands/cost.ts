import { cost as costOf } from "../../flow/interpret/cost.js"
import { formatCost } from "../../flow/interpret/cost-format.js"
import { type ExitCode, exitCodes } from "../exit.js"
import { exceeded, type GateOptions, readGate } from "../gate.js"
import { loadStatic, usable } from "../load.js"
import { readParams } from "../params.js"
import { printable } from "../printable.js"
import { terminal } from "../terminal.js"

export interface CostOptions extends GateOptions {
  readonly set?: readonly string[]
  readonly import?: string
  readonly json?: boolean
}

/** `troupe cost`: the least and the most that a run can cost, from the document alone; with a limit, a gate. */
export async function cost(file: string, options: CostOptions): Promise<ExitCode> {
  const screen = terminal()
  const gate = readGate(options)
  const document = usable(screen, await loadStatic(file, options.import))
  if (document === undefined) return exitCodes.wrong
  const given = options.set ?? []
  const params = given.length === 0 ? {} : readParams(document, given)
  const { flow, input } = document
  const bound = costOf(flow, { params, ...(input === undefined ? {} : { input }) })
  screen.out(options.json === true ? `${JSON.stringify(bound, null, 2)}\n` : `${formatCost(bound)}\n`)
  const over = exceeded(bound, gate)
  const { err, colors } = screen
  for (const message of over) err(`${colors.red("error:")} ${printable(message)}\n`)
  return over.length > 0 ? exitCodes.failed : exitCodes.done
}
