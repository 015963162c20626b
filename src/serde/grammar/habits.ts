const words: Readonly<Record<string, readonly string[]>> = {
  fail: ["throw", "raise"],
  recover: ["catch", "rescue", "on_error"],
  loop: ["while", "repeat", "for"],
  all: ["parallel", "concurrent"],
  branch: ["if", "switch", "when"],
  steps: ["sequence", "pipeline"],
  map: ["set", "let", "transform"],
  for_each: ["foreach", "each", "traverse"],
  flow: ["subflow", "use_flow"],
  sleep: ["wait", "delay", "pause"],
  suspend: ["approval", "human", "await"],
  guard: ["assert", "filter", "require"],
  agent: ["call", "run", "task"],
}

/** The key of this format for what other languages call so. */
export const habits: ReadonlyMap<string, string> = new Map(
  Object.entries(words).flatMap(([key, others]) => others.map((other) => [other, key] as const)),
)
