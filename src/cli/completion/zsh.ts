import { endings, type OptionWords, type Words } from "./words.js"

/** A text in single quotes of zsh, without what `_arguments` and `_describe` read as theirs. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
const plain = (text: string): string => text.replaceAll(/[[\]:\\]/g, (mark) => `\\${mark}`)

const files = `_files -g "*.(${endings.join("|")})"`

const follows = (takes: OptionWords["takes"]): string =>
  takes === undefined ? "" : takes === "file" ? ":file:_files" : ":value: "

function optionsOf({ options }: Words): readonly string[] {
  return options.flatMap(({ flags, description, takes }) =>
    flags.map((flag) => quoted(`*${flag}[${plain(description)}]${follows(takes)}`)),
  )
}

function argumentsOf({ argument }: Words): readonly string[] {
  if (argument === undefined) return []
  if (argument === "document") return [quoted(`*:flow document:${files}`)]
  if (argument === "folder") return [quoted("*:folder:_files -/")]
  return [quoted(`1:word:(${argument.join(" ")})`)]
}

const caseOf = (words: Words): string => `    ${words.name})
      _arguments ${[...optionsOf(words), ...argumentsOf(words)].join(" \\\n        ")}
      ;;`

/** For zsh: `source <(troupe completion zsh)`, after `compinit`. */
export function zsh([root, ...commands]: readonly Words[]): string {
  if (root === undefined) return ""
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${plain(description)}`)}`)
  return `#compdef troupe
# zsh completion of troupe: source <(troupe completion zsh)
_troupe() {
  local -a commands
  commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${optionsOf(root).join(" ")}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(caseOf).join("\n")}
  esac
}
compdef _troupe troupe
`
}
