import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isRecord } from "../../src/data/json.js"
import { equals } from "../../src/flow/equals.js"
import type { AnyFlow } from "../../src/flow/types.js"
import { decode, encode, print } from "../../src/serde/index.js"
import { readText } from "../../src/serde/reading.js"
import { plain } from "../../src/serde/tree.js"
import { anyFlow, names } from "./arbitrary-flow.js"
import { times } from "../setup/times.js"

const decoded = (json: unknown): AnyFlow => {
  const back = decode(json, names)
  if (back._tag === "Left") throw new Error(JSON.stringify([json, back.left], null, 1))
  return back.right
}

/** The flow of a document's text, through positions and all, its types unchecked: random flows fit by chance alone. */
const flowIn = (text: string): unknown => {
  const read = readText(text)
  if ("problem" in read) throw new Error(`${read.problem.message}\n${text}`)
  const said = plain(read.tree)
  const { limit, flow } = isRecord(said) ? said : {}
  if (!isRecord(flow)) throw new Error(text)
  return limit === undefined ? flow : { ...flow, limit }
}

describe("a flow whose functions are named", () => {
  it("comes back from JSON equal", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const json = encode(flow)
        const back = decoded(json)
        expect(equals(back, flow), JSON.stringify(json)).toBe(true)
        expect(encode(back)).toEqual(json)
      }),
      times(500),
    ))

  it("comes back from YAML text equal, and is printed the same again", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const text = print(flow)
        const back = decoded(flowIn(text))
        expect(equals(back, flow), text).toBe(true)
        expect(print(back)).toBe(text)
      }),
      times(300),
    ))

  it("comes back from JSON text equal", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const text = JSON.stringify({ flow: encode(flow) }, null, 2)
        expect(equals(decoded(flowIn(text)), flow), text).toBe(true)
      }),
      times(300),
    ))
})
