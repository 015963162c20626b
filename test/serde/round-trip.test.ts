import { right } from "fp-ts/lib/Either.js"
import fc from "fast-check"
import { expect, it, describe } from "vitest"
import { equals } from "../../src/flow/equals.js"
import { decode, encode, parse, print } from "../../src/serde/index.js"
import { anyFlow, names } from "./arbitrary-flow.js"

const lenient = { type: "integer", minimum: 1, maximum: 1 }

describe("a flow whose functions are named", () => {
  it("comes back from JSON equal", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const json = encode(flow)
        const back = decode(json, names)
        if (back._tag === "Left") throw new Error(JSON.stringify([json, back.left], null, 1))
        if (!equals(back.right, flow)) throw new Error(JSON.stringify([json, flow.node, back.right.node], null, 1))
        expect(encode(back.right)).toEqual(json)
      }),
      { numRuns: 2000 },
    ))

  it("comes back from JSON text and from YAML text equal", () =>
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const text = print(flow).replace("troupe: 1", `troupe: 1\nparams: { tries: ${JSON.stringify(lenient)} }`)
        const back = parse(text, names)
        if (back._tag === "Left") throw new Error(text + JSON.stringify(back.left, null, 1))
        if (!equals(back.right.flow, flow))
          throw new Error(text + JSON.stringify([flow.node, back.right.flow.node], null, 1))
        const json = parse(JSON.stringify({ troupe: 1, params: { tries: lenient }, flow: encode(flow) }), names)
        expect(json._tag === "Right" && equals(json.right.flow, flow)).toBe(true)
      }),
      { numRuns: 1000 },
    ))
})
