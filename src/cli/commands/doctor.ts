import { examine } from "../doctor/examine.js"
import { type ExitCode, exitCodes } from "../exit.js"
import { printable } from "../printable.js"
import { terminal } from "../terminal.js"

export interface DoctorOptions {
  readonly import?: string
  readonly json?: boolean
}

/** `troupe doctor`: what is missing on this machine, for a document or for all that the command can do; how to mend it. */
export async function doctor(file: string | undefined, options: DoctorOptions): Promise<ExitCode> {
  const { out, colors } = terminal()
  const found = await examine(file, options.import)
  const ok = found.every(({ state }) => state !== "missing")
  if (options.json === true) {
    out(`${JSON.stringify({ ok, checks: found }, null, 2)}\n`)
  } else {
    const paint = { ok: colors.green, missing: colors.red, optional: colors.dim }
    const width = Math.max(...found.map(({ name }) => name.length))
    for (const { name, state, message, hint } of found) {
      const said = printable(hint === undefined ? message : `${message}; ${hint}`).replaceAll("\n", " ")
      out(`${paint[state](state.padEnd(8))}  ${printable(name).padEnd(width)}  ${said}\n`)
    }
  }
  return ok ? exitCodes.done : exitCodes.failed
}
