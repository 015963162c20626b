import type { Command } from "commander"

/** What can be typed after a command: its options, and what its arguments are. */
export interface Words {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionWords[]
  /** `document`: a flow document; `folder`; or one of a few words. */
  readonly argument: "document" | "folder" | readonly string[] | undefined
}

export interface OptionWords {
  /** `--input`, `-i`. */
  readonly flags: readonly string[]
  readonly description: string
  /** What follows: a file, or a word of which nothing is known. */
  readonly takes: "file" | "word" | undefined
}

/** All that a program knows, from its own list: a command that is added is completed. */
export function wordsOf(program: Command): readonly Words[] {
  const help = program.createHelp()
  const words = (command: Command): Words => {
    const [first] = command.registeredArguments
    return {
      name: command === program ? "" : command.name(),
      description: command.description(),
      options: help.visibleOptions(command).map(({ short, long, flags, description, required, optional }) => ({
        flags: [long, short].filter((flag) => flag !== undefined),
        description,
        takes: required || optional ? (/[<[](file|module|text)[\]>]/.test(flags) ? "file" : "word") : undefined,
      })),
      argument:
        first === undefined ? undefined : (first.argChoices ?? (first.name() === "folder" ? "folder" : "document")),
    }
  }
  const commands = help.visibleCommands(program)
  const named = commands.map(words)
  return [
    { ...words(program), argument: commands.map((one) => one.name()) },
    ...named.map((one) => (one.name === "help" ? { ...one, argument: commands.map((other) => other.name()) } : one)),
  ]
}

/** The endings of flow documents. */
export const endings = ["yaml", "yml", "json"] as const
