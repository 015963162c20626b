import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { blocksOf, markdownFiles } from "../../scripts/documentation/blocks.js"
import { functions, sugar } from "../../src/moa/index.js"
import { type Seed, seedOf } from "./mutate.js"
import { fromManifest, type Registry, registry } from "../../src/serde/index.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const read = (file: string): string => readFileSync(`${root}${file}`, "utf8")

const told = fromManifest(JSON.parse(read("flows/troupe.manifest.json")))

/** The names that the flows of this repository know, and those of ensembles. */
export const names: Registry = registry({
  agents: [...told.agents.values()],
  functions: [...told.functions.values(), ...functions],
  sugar,
})

const flows = readdirSync(`${root}flows`)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => read(`flows/${file}`))

const documented = markdownFiles(root)
  .flatMap((file) => blocksOf(file, read(file)))
  .filter(({ language }) => language === "yaml")
  .map(({ text }) => text)

/** Every key of the format, in forms that other tests have no document for. */
const written: readonly string[] = [
  `troupe: 1
name: every-key
default_provider: house
providers:
  house: { type: openai, base_url: "\${env.BASE}/v1", api_key: "\${env.KEY}", timeout: 20s }
agents:
  writer: { model: small, system_prompt: "You write. \${params.tone}", temperature: 0.3, max_tokens: 200 }
  judge: { provider: local, model: m, output: { type: object, required: [ok], properties: { ok: { type: boolean }, kind: { enum: [a, b] } } } }
params:
  tone: { type: string, default: dry }
  n: { type: integer, default: 2, minimum: 1, maximum: 3 }
input: { type: object, required: [question], properties: { question: { type: string }, tags: { type: array, items: { type: string } } } }
output: { type: string }
flow:
  id: whole
  note: "a note: with a colon"
  steps:
    - { id: start, map: { q: "\${value.question}", n: "\${size(value.tags) + 1}", raw: "$\${no}", at: [1, null, "\${input.question}"] }, as: asked }
    - id: panel
      at_least:
        n: "\${params.n}"
        of:
          one: { agent: writer, with: "\${asked.q}", timeout: 5s, temperature: 1.5 }
          "two words": { agent: writer, model: big, prompt: "Say \${value.q}\\n\${asked.n}" }
          3: { map: "\${asked.q}" }
        settle: quorum
        grace: 200ms
        required: [one]
        hedge: { after: 1s, max: 2 }
      as: panel
    - branch:
        by: { agent: judge, with: "\${panel}", recover: { value: { ok: true, kind: a } } }
        cases:
          a: { steps: [] }
          b: { fail: { code: bad, message: "no: \${x}", data: { why: [1] }, retry: true } }
        otherwise: { map: other }
      recover: { on: [NoMatch, Failed], do: { map: "\${fault.message}" } }
    - race: [{ map: first, timeout: 0s }, { all: { a: { map: 1 }, b: { steps: [{ map: 2, as: two }, { map: "\${two}" }] } } }]
      timeout: 1m
    - loop:
        initial: { n: 0, done: false }
        do: { map: { n: "\${value.n + 1}", done: "\${value.n > 3 || has(value.x)}" } }
        until: value.done || value.n >= 10
        max: "\${params.n}"
        exhausted: last
    - branch:
        on: 'value.n > 3 ? "big" : "small"'
        cases: { big: { fn: compose }, small: { map: "\${string(value.n)}" } }
        otherwise: { map: { fn: compose } }
`,
  `troupe: 1
name: every-other-key
limit: { concurrency: 3, calls: 100, tokens: 20000, usd: 1.5 }
params: { n: { type: integer, default: 1, minimum: 0, maximum: 3 } }
flows:
  helper: { steps: [{ map: { q: "\${input}" }, as: asked }, { flow: shout }] }
  shout: { fn: compose }
  unused: { for_each: { do: { flow: helper }, concurrency: 2, at_least: 1 } }
flow:
  steps:
    - { map: [1, "two"] }
    - { split: [{ map: "\${value}" }, { id: second, fn: compose }] }
    - for_each: { do: { flow: helper, as: one }, concurrency: 2 }
    - graph:
        draft: { do: { flow: helper } }
        "a b": { depends_on: [], do: { sleep: 0s } }
        review: { depends_on: [draft, "a b"], do: { map: "\${value.results.draft}" } }
    - { flat_map: { of: { map: "\${value}" }, using: compose, among: [{ map: 1 }, { flow: shout }] }, as: chosen }
    - { suspend: { name: "approval of \${chosen}", schema: { type: boolean } } }
    - fn: compose
      timeout: 5s
      retry: { times: "\${params.n}", backoff: constant, base: 10ms, max: 1m, jitter: false, on: [TimedOut, Defect] }
      limit: { calls: 3 }
      recover: { value: "\${fault.message}" }
      guard: value != null
      tap: { fn: compose }
      notify: { flow: shout }
      divert_to: { do: { steps: [] }, when: value == "bad" }
      with: "\${chosen}"
      as: last
    - { guard: { check: { map: "\${last == last}" } }, retry: {} }
    - { guard: { fn: compose } }
    - { steps: [{ fn: compose }, { fn: attempt.ok }], recover: { value: { fn: attempt.failed } } }
`,
  `troupe: 1
flow: { moa: { layers: [{ proposers: [lead, text_rank, { agent: lead }], aggregator: fusion, quorum: 2, timeout: 3s }, { proposers: [lead], aggregator: { map: 1 } }] } }
`,
  '{ "troupe": 1, "name": "json", "flow": { "steps": [{ "map": { "a": [1, 2.5, -1e3, "\\u00e9\\n${value}"] }, "as": "x" }, { "all": [{ "map": "${x.a}" }, { "fn": "compose" }] }] } }\n',
  `%YAML 1.2
---
troupe: 1
name: >-
  folded
  name
base: &base { map: "\${value}" }
flow: &flow
  steps:
    - &s { map: |2
          two
           spaces \${value.a}

      , as: lines }
    - ? map
      : 'it''s \${lines}'
    - map: "tab\\t\\x41\\u00e9\\U0001F600 \\
        joined \${lines + '}'}"
    # a comment
    - branch: { on: value.kind, cases: { "yes": { map: yes }, "no": { map: no }, "1": { map: 0x1F } } }
...
`,
  `troupe: 1
agents: [{ name: a, model: m, provider: local, prompt: "\${value.x.map(i, i.name).filter(n, n.matches('^a+$')).size()}" }]
flow:
  steps:
    - agent: a
      with: { x: "\${[{'name': 'b'}, {'name': input.name}]}" }
      as: answer
    - map: "\${answer} and \${size(answer) > 3 ? answer : 'short'} \${{'a': {'b': [1, 2, 3]}}.a.b.exists(x, x > 1)}"
    - at_least: { n: 1, of: [{ loop: { do: { at_least: { n: 1, of: [{ loop: { do: { map: "\${value}" }, until: "true", max: 2 } }] } }, max: 2 } }] }
`,
]

/** What mutants are made of. */
export const seeds: readonly Seed[] = [...flows, ...documented, ...written].map(seedOf)
