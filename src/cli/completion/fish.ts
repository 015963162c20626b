import { endings, type Words } from "./words.js"

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, (mark) => `\\${mark}`)}'`

const flag = (text: string): string => (text.startsWith("--") ? `-l ${text.slice(2)}` : `-s ${text.slice(1)}`)

function linesOf(words: Words): readonly string[] {
  const when = words.name === "" ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${words.name}`
  const line = (rest: string): string => `complete -c troupe -n ${quoted(when)} ${rest}`
  return [
    ...words.options.map(({ flags, description, takes }) =>
      line(
        `${flags.map(flag).join(" ")}${takes === undefined ? "" : takes === "file" ? " -r -F" : " -x"} -d ${quoted(description)}`,
      ),
    ),
    ...argumentsOf(words).map(line),
  ]
}

function argumentsOf({ name, argument }: Words): readonly string[] {
  if (name === "" || argument === undefined) return []
  if (argument === "document") return endings.map((ending) => `-k -a '(__fish_complete_suffix .${ending})'`)
  if (argument === "folder") return ["-a '(__fish_complete_directories)'"]
  return [`-a ${quoted(argument.join(" "))}`]
}

/** For fish: `troupe completion fish | source`. */
export const fish = (all: readonly Words[]): string =>
  [
    "# fish completion of troupe: troupe completion fish | source",
    "complete -c troupe -f",
    ...all.flatMap(({ name, description }) =>
      name === "" ? [] : [`complete -c troupe -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`],
    ),
    ...all.flatMap(linesOf),
    "",
  ].join("\n")
