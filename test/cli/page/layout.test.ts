import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { agent, type AnyFlow, graph, loop, zipAll } from "../../../src/flow/index.js"
import { chartOf } from "../../../src/flow/interpret/mermaid.js"
import { type Layout, layout, type Placed } from "../../../src/cli/page/layout.js"
import { html, scriptData } from "../../../src/cli/page/escape.js"
import { anyFlow, nasty } from "../../flow/interpret/drawn-flow.js"
import { times } from "../../setup/times.js"

const ask = (name: string) => agent<unknown, unknown>({ _tag: "AgentRef", name })
const laidOut = (flow: AnyFlow): Layout => layout(chartOf(flow).piece)

const inside = (one: Placed, other: Placed): boolean =>
  one.x >= other.x - 0.01 &&
  one.y >= other.y - 0.01 &&
  one.x + one.width <= other.x + other.width + 0.01 &&
  one.y + one.height <= other.y + other.height + 0.01

const apart = (one: Placed, other: Placed): boolean =>
  one.x + one.width <= other.x + 0.01 ||
  other.x + other.width <= one.x + 0.01 ||
  one.y + one.height <= other.y + 0.01 ||
  other.y + other.height <= one.y + 0.01

const places = ({ boxes }: Layout): Record<string, Placed> =>
  Object.fromEntries(boxes.map((one) => [one.box.words[0] ?? "", one]))

describe("a layout", () => {
  it("puts nothing upon another, nothing across a frame, and all of it on the page", () =>
    fc.assert(
      fc.property(anyFlow(), (flow) => {
        const drawn = laidOut(flow)
        for (const [i, one] of drawn.boxes.entries()) {
          expect(
            one.x >= 0 && one.y >= 0 && one.x + one.width <= drawn.width && one.y + one.height <= drawn.height,
          ).toBe(true)
          for (const other of drawn.boxes.slice(i + 1)) {
            const fits = apart(one, other) || (one.frame && inside(other, one)) || (other.frame && inside(one, other))
            expect(fits, `${one.box.id} and ${other.box.id}`).toBe(true)
          }
        }
        const points = drawn.arrows.flatMap((arrow) => [...arrow.points, ...(arrow.words ? [arrow.words.at] : [])])
        for (const { x, y } of points) expect(x >= 0 && y >= 0 && x <= drawn.width && y <= drawn.height).toBe(true)
      }),
      times(60),
    ))

  it("has an arrow for each of the drawing, and a box for each", () =>
    fc.assert(
      fc.property(anyFlow(), (flow) => {
        const { piece } = chartOf(flow)
        const drawn = layout(piece)
        expect(drawn.arrows).toHaveLength(piece.arrows)
        expect(new Set(drawn.boxes.map(({ box }) => box.id)).size).toBe(drawn.boxes.length)
      }),
      times(60),
    ))

  it("goes down: each step below the one before, members side by side", () => {
    const { a, b, c, d } = places(
      laidOut(
        ask("a")
          .andThen(zipAll([ask("b"), ask("c")]))
          .andThen(ask("d")),
      ),
    )
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error("four boxes expected")
    expect(b.y).toBeGreaterThan(a.y + a.height)
    expect(b.y).toBe(c.y)
    expect(c.x).toBeGreaterThan(b.x + b.width)
    expect(d.y).toBeGreaterThan(c.y + c.height)
  })

  it("puts a member of a graph below all that it waits for", () => {
    const { boxes } = laidOut(
      graph({
        a: { flow: ask("one") },
        b: { flow: ask("two"), dependsOn: ["a"] },
        c: { flow: ask("three"), dependsOn: ["a", "b"] },
      }),
    )
    const of = (name: string): number => boxes.find(({ box }) => box.words[0]?.endsWith(name))?.y ?? Number.NaN
    expect(of("two")).toBeGreaterThan(of("one"))
    expect(of("three")).toBeGreaterThan(of("two"))
  })

  it("leads a loop back around the right of its turn", () => {
    const { arrows, boxes } = laidOut(loop(ask("turn") as never, { max: 3 }))
    const [back] = arrows.filter((arrow) => arrow.back)
    const turn = boxes.find(({ box }) => box.words[0] === "turn")
    expect(back?.words?.lines).toEqual(["again, up to 3 turns"])
    expect(Math.max(...(back?.points ?? []).map(({ x }) => x))).toBeGreaterThan((turn?.x ?? 0) + (turn?.width ?? 0))
  })
})

describe("a text in a page", () => {
  it.each(nasty.map((text) => [text.slice(0, 30), text]))("%j ends no attribute, no tag and no script", (_, text) => {
    expect(html(text)).not.toMatch(/[<>"'\u202E]|&(?!(amp|lt|gt|quot|#39);)/)
    const data = scriptData({ [text]: [text] })
    expect(data).not.toMatch(/[<>\u2028\u2029]/)
  })

  it("is read again as it was, where nothing of it is unseen", () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), (text) => {
        expect(JSON.parse(scriptData({ text }))).toEqual({ text })
      }),
    ))
})
