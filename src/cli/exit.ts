/** What a shell is told: done, the flow failed, the document or the arguments are wrong, interrupted. */
export const exitCodes = { done: 0, failed: 1, wrong: 2, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A mistake of the user's, told in words and without a stack. */
export class Refused extends Error {
  override readonly name = "Refused"
  readonly hint: string | undefined
  /** The file that is meant, where it is one: its path stands before the message. */
  readonly file: string | undefined
  constructor(message: string, hint?: string, file?: string) {
    super(message)
    this.hint = hint
    this.file = file
  }
}
