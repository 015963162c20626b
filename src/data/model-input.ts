/** One message of a conversation with a model. */
export interface ModelMessage {
  readonly role: "user" | "assistant"
  readonly content: string
}

/** A model's input as itself: messages, and a system text that is appended to the agent's own after a blank line. */
export interface ModelInput {
  readonly system?: string
  readonly messages: readonly ModelMessage[]
}
