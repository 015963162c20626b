import type { Command } from "commander"
import { bash } from "../completion/bash.js"
import { fish } from "../completion/fish.js"
import { type Words, wordsOf } from "../completion/words.js"
import { zsh } from "../completion/zsh.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { terminal } from "../terminal.js"

const scripts: Readonly<Record<string, (all: readonly Words[]) => string>> = { bash, zsh, fish }

/** `troupe completion`: a script for a shell, made from the commands and options of the program itself. */
export async function completion(shell: string, program: Command): Promise<ExitCode> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
  if (script === undefined) throw new Refused(`there is no completion for ${shell}: expected bash, zsh or fish`)
  terminal().out(script(wordsOf(program)))
  return exitCodes.done
}
