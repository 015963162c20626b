import { expect, it } from "vitest"
import { type Flow, identity, loop, loopWithState, pure, traverse } from "../../src/flow/index.js"
import { faultOf, stage } from "./recording.js"

// What does not fit where it arrives is a typed fault that says what was there and what was expected.

it.each([
  ["null", null],
  ["a value of type number", 7],
  ["a list", [1]],
  ["an object with ok, notes", { ok: true, notes: "" }],
  ['an object with _tag "Done", result', { _tag: "Done", result: 1 }],
])("a loop whose body gives %s says so, and what was expected", (found, value) => {
  const expected = `the body of a loop gave ${found}: expected Continue or Done`
  const body = pure(value) as Flow<unknown, never>
  expect(faultOf(stage().start(loop(body), 0)())).toMatchObject({
    _tag: "InvalidOutput",
    path: "#0",
    message: expect.stringContaining(expected),
  })
})

it("a loop with state whose body gives no pair fails as one whose body gives neither Continue nor Done", () => {
  const turn = (value: unknown): Flow<readonly [unknown, unknown], never> => pure(value) as never
  for (const value of [5, null, undefined, { _tag: "Other" }, [5, 0]]) {
    expect(faultOf(stage().start(loopWithState(turn(value), { initial: 0 }), 0)())._tag).toBe("InvalidOutput")
  }
})

it("a list too short for its quorum says how short", () => {
  const fault = faultOf(stage().start(traverse(identity(), { atLeast: 2 }), [1])())
  expect(fault).toMatchObject({ _tag: "QuorumNotMet", faults: [] })
  expect(fault.message).toBe("the quorum cannot be met: of 1 members, 2 must succeed")
})
