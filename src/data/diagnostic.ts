/** A place in a text: line and column count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** One thing wrong with a document or a flow: what, where, what was expected, what to do. */
export interface Diagnostic {
  readonly severity: "error" | "warning"
  /** Stable, for programs: `unknown_key`, `unknown_agent`, `type_clash`, … */
  readonly code: string
  readonly message: string
  /** The file, where the document has one. */
  readonly file: string | undefined
  /** Where in the flow; `""` for the document itself. */
  readonly path: string
  readonly line?: number
  readonly column?: number
  /** The column behind the last character that is meant, where that stands on the same line. */
  readonly endColumn?: number
  readonly expected?: string
  readonly hint?: string
  /** The line, with a caret under the place. */
  readonly frame?: string
  readonly related?: ReadonlyArray<{ readonly message: string; readonly line?: number; readonly column?: number }>
}
