import { endings, type Words } from "./words.js"

const nameOf = ({ name }: Words): string => (name === "" ? '""' : name)
const flagsOf = ({ options }: Words): string => options.flatMap(({ flags }) => flags).join(" ")
const taking = ({ options }: Words, what: "file" | "word"): string =>
  options.flatMap(({ flags, takes }) => (takes === what ? flags : [])).join("|")

function argumentOf({ argument }: Words): string {
  if (argument === undefined) return ":"
  if (argument === "folder") return "_troupe_files -d"
  if (argument === "document") return `_troupe_files -d; _troupe_files -f`
  return `COMPREPLY=($(compgen -W "${argument.join(" ")}" -- "$word"))`
}

function caseOf(words: Words): string {
  const lines = [`options="${flagsOf(words)}"`]
  for (const what of ["file", "word"] as const) {
    const flags = taking(words, what)
    if (flags !== "") lines.push(`case "$before" in ${flags}) takes=${what} ;; esac`)
  }
  return [`    ${nameOf(words)})`, ...lines.map((line) => `      ${line}`), "      ;;"].join("\n")
}

const argumentCase = (words: Words): string => `    ${nameOf(words)}) ${argumentOf(words)} ;;`

/** For bash 3.2 and newer: `source <(troupe completion bash)`. */
export const bash = (all: readonly Words[]): string => `# bash completion of troupe: source <(troupe completion bash)
_troupe_files() {
  local path
  compopt -o filenames 2> /dev/null # they are quoted, and a folder ends in a slash
  while IFS= read -r path; do
    case "$1:$path" in
      -d:* | -a:*) COMPREPLY+=("$path") ;;
${endings.map((ending) => `      -f:*.${ending}) COMPREPLY+=("$path") ;;`).join("\n")}
    esac
  done < <(compgen "\${1/-a/-f}" -- "$word")
}

_troupe() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" command="" options="" takes="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) ;;
      *) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
${all.map(caseOf).join("\n")}
  esac
  case "$takes" in
    file) _troupe_files -a; return ;;
    word) return ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
    return
  fi
  case "$command" in
${all.map(argumentCase).join("\n")}
  esac
}
complete -F _troupe troupe
`
