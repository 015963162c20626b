/**
 * An ill-formed construction, refused when it is built.
 *
 * `code` is stable (`quorum_range`, `race_empty`, …) and the same that `parse` reports as a diagnostic; `path` is where in
 * the flow under construction, `""` when it is the construction itself.
 */
export class InvalidFlow extends Error {
  override readonly name = "InvalidFlow"
  readonly code: string
  readonly path: string
  constructor(code: string, message: string, path = "") {
    super(path === "" ? message : `${path}: ${message}`)
    this.code = code
    this.path = path
  }
}
