import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { folder, troupe } from "./process.js"

const document = `
troupe: 1
input: { type: object, required: [n], properties: { n: { type: integer, minimum: 3 } } }
agents:
  writer: { provider: ollama, model: qwen3 }
  judge: { provider: ollama, model: qwen3, output: { enum: [good, bad] } }
flow:
  steps:
    - guard: value.n == 3
    - agent: writer
      with: "about \${value.n}"
    - branch: { by: { agent: judge }, cases: { good: { map: fine }, bad: { fail: { code: bad, message: bad } } } }
`
const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "")

describe("troupe simulate", () => {
  const here = folder()
  const write = (name: string, text: string): void => writeFileSync(join(here.path, name), text)
  beforeAll(() => {
    expect(inject("buildError")).toBe("")
    write("flow.yaml", document)
  })
  afterAll(here.remove)
  const simulate = (...options: string[]) => troupe(["simulate", "flow.yaml", ...options], { cwd: here.path })

  it("is a table, on an input made from the flow's schema; the same for the same seed", async () => {
    const options = ["--latency", "writer=uniform(1s, 3s)", "--latency", "500ms", "--runs", "300"]
    const { code, stdout, stderr } = await simulate(...options)
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toMatch(/^300 runs, seed 1: 100\.00% succeed /)
    expect(stdout).toMatch(/^latency +2\.\d+s /m)
    expect((await simulate(...options)).stdout).toBe(stdout)
    expect((await simulate(...options, "--seed", "2")).stdout).not.toBe(stdout)
  })

  it("takes profiles from a file, JSON or YAML, and prints with --json what the library gives", async () => {
    write(
      "profile.yaml",
      "agents:\n  judge: { output: [{ value: good, weight: 3 }, { value: bad }] }\ndefault: { latency: 2s }\n",
    )
    write(
      "profile.json",
      '{ "agents": { "judge": { "output": [{ "value": "good", "weight": 3 }, { "value": "bad" }] } }, "default": { "latency": 2000 } }',
    )
    const yaml = await simulate("--profile", "profile.yaml", "--json", "--runs", "200")
    const json = await simulate("--profile", "profile.json", "--json", "--runs", "200")
    expect([yaml.code, yaml.stderr]).toEqual([0, ""])
    expect(yaml.stdout).toBe(json.stdout)
    const told = JSON.parse(json.stdout)
    expect(told.latency).toMatchObject({ p50: 4_000, max: 4_000 })
    expect(told.faults.Failed + told.success.rate * 200).toBe(200)
    expect(told.success.rate).toBeGreaterThan(0.6)
    const mixed = await simulate("--profile", "profile.json", "--latency", "judge=1s", "--json", "--runs", "10")
    expect(JSON.parse(mixed.stdout).latency.max).toBe(3_000)
  })

  it("says who is taken to answer at once", async () => {
    const { stdout } = await simulate("--latency", "writer=2s", "--runs", "5", "--input", '{ "n": 3 }')
    expect(lines(stdout).at(-1)).toBe("no profile, so at once and never failing: judge")
    const rejected = await simulate("--runs", "5", "--input", '{ "n": 4 }')
    expect(lines(rejected.stdout)).toContain("faults: Rejected 5")
  })

  it.each<[string, string[], string]>([
    ["runs", ["--runs", "many"], "error: --runs many: expected a whole number"],
    ["no runs", ["--runs", "0"], "error: --runs 0: expected a whole number from 1 to 10000000"],
    ["seed", ["--seed", "x"], "error: --seed x: expected a whole number"],
    [
      "latency",
      ["--latency", "writer=soon"],
      'the profile at /agents/writer/latency: "soon": expected an amount such as 250ms',
    ],
    ["no latency", ["--latency", "writer="], "error: --latency writer=: expected [agent=]distribution"],
    ["agent", ["--latency", "wrtier=2s"], "the flow asks no agent wrtier: did you mean writer?"],
    ["file", ["--profile", "nowhere.json"], "nowhere.json: error: there is no such file"],
    ["text", ["--profile", "flow.yaml"], "flow.yaml: error: the profile at /troupe: there is no such key"],
    ["input", ["--input", "{}"], "--input does not fit the flow's input"],
  ])("refuses a wrong %s", async (_, options, message) => {
    const { code, stdout, stderr } = await simulate(...options)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it.each([
    ["agents: [", "profile-a.json"],
    ["- 1", "profile-b.json"],
    ["", "profile-c.yaml"],
    ["a: &a [1]\nb: !!set { x }", "profile-d.yaml"],
    ["agents: { writer: { failure: 2, latncy: 2s } }", "profile-e.yaml"],
  ])("refuses %j as a profile, naming the file", async (text, name) => {
    write(name, text)
    const { code, stderr } = await simulate("--profile", name)
    expect(code).toBe(2)
    expect(stderr.startsWith(`${name}: error: `)).toBe(true)
  })

  it("tells how far it is, and ends at Ctrl-C", async () => {
    const { code, stdout, stderr, interrupted } = await troupe(
      ["simulate", "flow.yaml", "--latency", "1s", "--runs", "9000000"],
      { cwd: here.path, interruptAfter: /… [\d,]+ runs of 9,000,000/ },
    )
    expect([code, stdout]).toEqual([130, ""])
    expect(lines(stderr).at(-1)).toBe("interrupted")
    expect(interrupted).toBeGreaterThan(0)
  })
})
