/** One thing that was looked for on this machine. */
export interface Finding {
  readonly name: string
  /** `missing`: it is needed and not there. `optional`: it is not there, and nothing that was asked about needs it. */
  readonly state: "ok" | "missing" | "optional"
  readonly message: string
  /** How to mend it. */
  readonly hint?: string
}

export const ok = (name: string, message: string): Finding => ({ name, state: "ok", message })

export const missing = (name: string, message: string, hint: string): Finding => ({
  name,
  state: "missing",
  message,
  hint,
})

export const optional = (name: string, message: string, hint: string): Finding => ({
  name,
  state: "optional",
  message,
  hint,
})
