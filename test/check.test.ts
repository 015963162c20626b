import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { type Outcome, runStages } from "../scripts/stages.js"

const cwd = fileURLToPath(new URL("..", import.meta.url))
const node = (name: string, code: string) => ({ name, command: [process.execPath, "--eval", code] })

it("runs every stage, whatever fails, and keeps what a failed one printed", async () => {
  const reported: Outcome[] = []
  const groups = [
    [node("fails", "console.log('out'); console.error('err'); process.exitCode = 3")],
    [node("passes", "console.log('fine')"), { name: "absent", command: ["no-such-program"] }],
  ]
  const outcomes = await runStages(groups, { cwd, report: (outcome) => reported.push(outcome) })
  expect(reported).toEqual(outcomes)
  expect(Object.fromEntries(outcomes.map(({ name, ok }) => [name, ok]))).toEqual({
    fails: false,
    passes: true,
    absent: false,
  })
  const output = Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome.output]))
  expect(output["fails"]).toContain("out\n")
  expect(output["fails"]).toContain("err\n")
  expect(output["absent"]).toContain("no-such-program")
})
