import type { ExitCode } from "../exit.js"

/** Ends the process with what a command came to. */
export type Finish = (code: Promise<ExitCode>) => Promise<void>

/** An option that may be given again. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** What `--help` says at its end. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`
