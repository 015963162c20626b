import { AgentSystem, type AgentSystemOptions } from "troupe"
import { parse, registry } from "troupe/serde"
import { expect } from "vitest"
import { isLeft } from "../../src/data/either.js"

/** Runs a document of one agent, `a`, and gives its value, or its fault. */
export async function run(
  agent: string,
  input: unknown,
  options: AgentSystemOptions & { signal?: AbortSignal } = {},
): Promise<unknown> {
  const { signal, ...others } = options
  const text = `troupe: 1\nparams: { n: { default: 2 } }\nagents:\n  a: ${agent}\nflow: { agent: a }\n`
  const parsed = parse(text, registry({}), { file: "a.yaml" })
  if (isLeft(parsed)) throw new Error(parsed.left.map(({ message }) => message).join("\n"))
  await using system = new AgentSystem({ allow: ["command", "net"], ...others })
  const ended = await system.runEither(parsed.right, input, signal === undefined ? {} : { signal })()
  for (let turn = 0; system.stats().abandoned > 0 && turn < 1_000; turn++) await new Promise((r) => setTimeout(r, 5))
  expect(system.stats()).toEqual({ actors: 0, runs: 0, timers: 0, abandoned: 0 })
  return isLeft(ended) ? ended.left : ended.right
}
