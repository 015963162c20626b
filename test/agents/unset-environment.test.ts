import { AgentSystem } from "troupe"
import { parse, registry } from "troupe/serde"
import { expect, it } from "vitest"

const written = (provider: string, agent: string): string =>
  `troupe: 1\nproviders: { mine: { type: openai, ${provider} } }\nagents: { a: { provider: mine, model: m, ${agent} } }\nflow: { agent: a }\n`

it.each([
  ["api_key", written('api_key: "${env.MY_KEY}"', "timeout: 1s")],
  ["base_url", written('base_url: "http://${env.MY_KEY}/v1"', "timeout: 1s")],
  ["prompt", written('base_url: "http://127.0.0.1:9"', 'prompt: "Hi ${env.MY_KEY}"')],
])("a variable that is not set is named, and no other, where %s reads it", async (what, text) => {
  const parsed = parse(text, registry({}))
  if (parsed._tag === "Left") throw new Error(JSON.stringify(parsed.left))
  await using system = new AgentSystem({ env: { OTHER_SECRET_NAME: "hush" } })
  const ended = await system.runEither(parsed.right, "hi")()
  expect(ended).toMatchObject({ left: { _tag: "ExpressionFailed" } })
  expect(JSON.stringify(ended)).toContain(`its ${what} needs the environment variable MY_KEY, which is not set`)
  expect(JSON.stringify(ended)).not.toContain("OTHER_SECRET_NAME")
})
