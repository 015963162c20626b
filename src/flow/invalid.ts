/**
 * An ill-formed construction, refused when it is built.
 *
 * `code` is stable (`quorum_range`, `race_empty`, …) and the same that `parse` reports as a diagnostic; `path` is where in
 * the flow under construction, `""` when it is the construction itself; `option` is the option it is about, if it is one.
 */
export class InvalidFlow extends Error {
  override readonly name = "InvalidFlow"
  readonly code: string
  readonly path: string
  readonly option: string | undefined
  constructor(code: string, message: string, path = "", option?: string) {
    super(path === "" ? message : `${path}: ${message}`)
    this.code = code
    this.path = path
    this.option = option
  }
}
