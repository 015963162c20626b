import { expect, it } from "vitest"
import { isLeft } from "../../src/data/either.js"
import { parse, registry } from "../../src/serde/index.js"

const heading = "troupe: 1\nagents: { editor: { provider: local } }\nflow:\n  "

it.each<readonly [text: string, hint: RegExp]>([
  ["steps: 3", /after `- `/],
  ["steps: { agent: editor }", /after `- `/],
  ["race: 3", /after `- `/],
  ["all: editor", /after `- `/],
  ["agent: [editor]", /one text/],
  ["{ agent: editor, timeout: [] }", /write 30s/],
  ["{ agent: editor, timeout: 90 sec }", /write 90s/],
  ["{ agent: editor, timeout: 2Minutes }", /write 2m/],
  ["{ agent: editor, timeout: 99 days }", /write 30s/],
  ["{ agent: editor, limit: { tokens: 10k } }", /`tokens: 10000`/],
  ["{ agent: editor, limit: { usd: $2 } }", /`usd: 2`/],
  ['loop: { do: { agent: editor }, max: "3", until: "true" }', /`max: 3`/],
  ["loop: { do: { agent: editor }, max: 2.5, until: 'true' }", /`max: 3`/],
  ["loop: { do: { agent: editor }, max: 0, until: 'true' }", /`max: 1`/],
  ["at_least: { n: x, of: [{ agent: editor }] }", /`n: 1`/],
  ["{ agent: editor, temperature: hot }", /`temperature: 1`/],
  ["{ agent: editor, temperature: 7 }", /`temperature: 2`/],
  ["branch: { on: value, cases: [] }", /`tag: step`/],
  ["fail: 3", /code, message/],
  ["3", /`agent: name`/],
  ["{ agent: editor, as: 3 }", /letters/],
  ["fn: 3", /function/],
])("a value of a wrong type is told with what to write: %s", (text, hint) => {
  const read = parse(heading + text, registry({}), { file: "bad.yaml" })
  const [first] = isLeft(read) ? read.left : []
  expect(first).toMatchObject({ code: "wrong_type", line: 4 })
  expect(first?.hint).toMatch(hint)
})
