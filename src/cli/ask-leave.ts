import { createInterface } from "node:readline/promises"
import { leave } from "./early-end.js"
import { exitCodes } from "./exit.js"
import type { Permission, Wanted } from "./permissions.js"
import { tellDiagnostic } from "./report.js"
import type { Terminal } from "./terminal.js"

/**
 * Asks a person, where one watches and answers, for each thing that a document wants to do and nobody has allowed. Gives
 * what is allowed then: a permission only where every answer that it takes was yes. Nobody is asked for what is piped.
 */
export async function askLeave(
  screen: Terminal,
  wanted: readonly Wanted[],
  allowed: ReadonlySet<Permission>,
  input: string | undefined,
): Promise<ReadonlySet<Permission>> {
  if (wanted.length === 0 || !screen.live || !process.stdin.isTTY || input === "-") return allowed
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  lines.on("SIGINT", () => {
    lines.close()
    leave(exitCodes.interrupted)
  })
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")))
  const refused = new Set<Permission>()
  try {
    for (const { permission, diagnostic } of wanted) {
      const { hint: _, ...told } = diagnostic
      tellDiagnostic(screen, { ...told, severity: "warning" })
      const asked = lines.question(`  allow it? (--allow ${permission} does) [y/N] `)
      const answer = await Promise.race([asked, closed])
      if (!/^y(es)?$/i.test(answer.trim())) refused.add(permission)
    }
  } finally {
    lines.close()
  }
  const given = wanted.map(({ permission }) => permission).filter((permission) => !refused.has(permission))
  return new Set([...allowed, ...given])
}
