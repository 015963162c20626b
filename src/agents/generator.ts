/** Whether an agent is a generator: what it yields are chunks of its answer. */
export const isGenerator = (value: unknown): value is AsyncGenerator<unknown, unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value && "return" in value
