import { describe, it } from "vitest"
import { nodeOf } from "../../../src/flow/build.js"
import { fold } from "../../../src/flow/fold.js"
import { drawing } from "../../../src/flow/interpret/mermaid-algebra.js"
import { boxed, chained } from "../../../src/flow/interpret/mermaid-chart.js"
import { drawn } from "../../../src/flow/interpret/mermaid-draw.js"
import { type Detail, sketch } from "../../../src/flow/interpret/mermaid-sketch.js"
import { isGolden } from "../../setup/golden.js"
import { drawings } from "./drawing-flows.js"
import type { Any } from "./parts.js"

/** The boxes, frames and arrows of a drawing in so much detail. */
function lines(flow: Any, detail: Partial<Detail> = {}): string[] {
  const made = sketch({ wide: Infinity, deep: Infinity, calls: "once", ...detail })
  const chain = fold(nodeOf(flow), drawing(made))
  const [start, stop] = ["start", "stop"].map((id) => boxed({ id, look: "end", words: [id] }, 0))
  if (start === undefined || stop === undefined) return []
  const text = drawn(chained(start, [...made.shortened(chain), stop]), [], { upTo: 0 })
  return text.split("\n").filter((line) => !/^ *(?:flowchart|start\(|stop\(|direction|class|$)/.test(line))
}

describe("a small flow in so much detail", () => {
  it("is drawn as goldens/mermaid-details.txt says", () => {
    const sections = Object.entries(drawings).map(([name, [flow, detail]]) => [name, ...lines(flow, detail), ""])
    isGolden(new URL("goldens/mermaid-details.txt", import.meta.url), sections.flat().join("\n"))
  })
})
