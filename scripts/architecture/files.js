const forbidden = /^(utils?|helpers?|common|misc|shared|core|managers?)$/

/** The longest a file may be. */
const longest = 300

/**
 * Files that may be longer, with their limit. Split a file before you add it here.
 *
 * @type {Readonly<Record<string, number>>}
 */
const longer = {}

/**
 * Names that say nothing about a file's one reason to change.
 *
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function emptyNames(files) {
  return files.flatMap((file) => {
    const word = file
      .replace(/(\.test|\.config)?\.[a-z]+$/, "")
      .split(/[/._-]|(?<=[a-z])(?=[A-Z])/)
      .find((part) => forbidden.test(part.toLowerCase()))
    return word === undefined ? [] : [`${file}: "${word}" names no reason to change: name the file for what it does`]
  })
}

/**
 * Files that are too long to read in one sitting.
 *
 * @param {ReadonlyArray<{ readonly file: string, readonly text: string }>} files
 * @returns {string[]}
 */
export function tooLong(files) {
  return files.flatMap(({ file, text }) => {
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0)
    const most = longer[file] ?? longest
    return lines > most ? [`${file}: ${lines} lines, ${most} at most: split it by reason to change`] : []
  })
}
