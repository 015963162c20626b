import { expect, it } from "vitest"
import { decode, parse } from "../../src/serde/index.js"

// Steps of one id would share a path. What a run refuses for it is a diagnostic of the document, at the second step.

it.each<[string, string[], number, number]>([
  ["members", ["all:", "  - { id: a, map: 1 }", "  - { map: 2, id: a }"], 5, 21],
  ["a nested list", ["steps:", "  - { id: a, map: 1 }", "  - steps:", "      - { id: a, map: 2, timeout: 3s }"], 6, 17],
  ["arms", ["branch:", "  on: value.kind", "  cases:", "    x: { id: a, map: 1 }", "    y: { id: a, map: 2 }"], 7, 16],
])("in %s", (_, lines, line, column) => {
  const read = parse(["troupe: 1", "flow:", ...lines.map((text) => `  ${text}`)].join("\n"))
  const message = "two steps here have the id a"
  expect(read._tag === "Left" && read.left).toMatchObject([
    { code: "id_twice", severity: "error", message, line, column },
  ])
})

it("in JSON", () => {
  const read = decode({
    all: [
      { map: 1, id: "a" },
      { map: 2, id: "a" },
    ],
  })
  expect(read._tag === "Left" && read.left).toMatchObject([{ code: "id_twice", path: "a" }])
})

it("but not where their paths differ", () => {
  const lists = [1, 2].map((map) => ({ steps: [{ map, id: "a" }, { map }] }))
  expect(decode({ all: lists })._tag).toBe("Right")
})

it.each<[string, string[], number, number, string]>([
  ["an index", ["steps:", "  - { map: 1 }", "  - { map: 2, id: '0' }"], 5, 21, "0"],
  ["a key", ["all:", "  a: { map: 1, id: b }", "  b: { map: 2 }"], 4, 22, "b"],
  ["a handler", ["steps: [{ map: 1, id: recover }]", "recover: { value: 2 }"], 3, 25, "recover"],
])("where an id is taken by %s", (_, lines, line, column, id) => {
  const read = parse(["troupe: 1", "flow:", ...lines.map((text) => `  ${text}`)].join("\n"))
  const message = `the id ${id} is taken: another part here is called so by its place, key or role`
  expect(read._tag === "Left" && read.left).toMatchObject([
    { code: "id_taken", severity: "error", message, line, column },
  ])
})
