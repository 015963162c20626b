declare const brand: unique symbol

/** A text that was checked to be an identifier of kind `K`. */
export type Id<K extends string> = string & { readonly [brand]: K }

export type AgentId = Id<"agent">
export type TaskId = Id<"task">
export type MessageId = Id<"message">
export type CorrelationId = Id<"correlation">
export type ConversationId = Id<"conversation">
export type MemoryId = Id<"memory">
export type ToolName = Id<"tool name">

const wellFormed = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}$/

/** Checks an identifier when it is made: 1 to 128 letters, digits, `_ . : -`, not beginning with punctuation. */
export function id<K extends string>(kind: K, text: string): Id<K> {
  if (!wellFormed.test(text)) {
    throw new TypeError(`${JSON.stringify(text)} is no ${kind} id: expected 1 to 128 letters, digits or _ . : -`)
  }
  return text as Id<K>
}
