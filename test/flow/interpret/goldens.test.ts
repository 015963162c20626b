import { describe, it } from "vitest"
import {
  type AnyFlow,
  type Change,
  type Figure,
  type Figures,
  check,
  cost,
  diff,
  explain,
  formatCost,
  hash,
  normalize,
  toMermaid,
} from "../../../src/flow/index.js"
import { isGolden } from "../../setup/golden.js"
import { pairs } from "./pairs.js"
import { remarked, single } from "./single-flows.js"

// What each interpreter makes of some two hundred small flows, whole: read the texts in goldens/ as a reviewer would.

const told = ({ kind, path, pathBefore, what, before, after, message }: Change): string =>
  [kind, pathBefore === undefined ? `"${path}"` : `"${path}" (was "${pathBefore}")`, what, before, after, message]
    .map((part) => part ?? "-")
    .join(" | ")

const flows: ReadonlyArray<readonly [string, AnyFlow]> = [
  ...Object.entries(pairs).map(([name, [, after]]) => [name, after] as const),
  ...Object.entries(single),
]

const drawn = [...flows, ...Object.entries(remarked)]
const section = (name: string, lines: readonly string[]): string => `${[name, ...lines].join("\n  ")}\n`
/** As `3 (a 1, b 2) | 2 requests …`, `e` behind what is an estimate, `-` for what is unbounded. */
const figures = ({ calls, ...others }: Figures): string => {
  const amount = ({ value, kind }: Figure): string => `${value ?? "-"}${kind === "estimate" ? "e" : ""}`
  const agents = Object.entries(calls.byAgent).map(([name, of]) => `${name} ${amount(of)}`)
  const rest = Object.entries(others).map(([name, of]) => `${amount(of)} ${name}`)
  return `${amount(calls.total)} (${agents.join(", ")}) | ${rest.join(" | ")}`
}

const indented = (text: string): readonly string[] => text.split("\n")

const held = (name: string, sections: readonly string[]): void =>
  isGolden(new URL(`goldens/${name}.txt`, import.meta.url), sections.join("\n"))

describe("a small flow of every kind", () => {
  it("is told of in words as goldens/explain.txt says", () => {
    held(
      "explain",
      drawn.map(([name, flow]) => section(name, indented(explain(flow)))),
    )
  })

  it("is drawn as goldens/mermaid.txt says", () => {
    held(
      "mermaid",
      flows.map(([name, flow]) =>
        section(
          name,
          indented(toMermaid(flow)).filter((line) => !line.includes("classDef")),
        ),
      ),
    )
  })

  it("costs what goldens/cost.txt says", () => {
    held(
      "cost",
      flows.map(([name, flow]) => {
        const { least, most, criticalPath, success, unbounded } = cost(flow)
        return section(name, [
          ...indented(formatCost(cost(flow))),
          figures(least),
          figures(most),
          JSON.stringify({ success, unbounded, criticalPath }).slice(0, 1_000),
        ])
      }),
    )
  })

  it("has the mistakes that goldens/check.txt says", () => {
    held(
      "check",
      flows.map(([name, flow]) => {
        const { errors, unchecked } = check(flow)
        return section(
          name,
          [...errors, ...unchecked].map((finding) => JSON.stringify(finding)),
        )
      }),
    )
  })

  it("has the hash and the normal form that goldens/normal.txt says", () => {
    held(
      "normal",
      drawn.map(([name, flow]) => {
        const { value, stable } = hash(flow)
        return section(name, [stable ? value : "of this process alone", ...indented(explain(normalize(flow)))])
      }),
    )
  })

  it("differs from the other of its pair in what goldens/diff.txt says", () => {
    held(
      "diff",
      Object.entries(pairs).map(([name, [before, after]]) => {
        const { changes, uncomparable } = diff(before, after)
        return section(name, [
          ...changes.map(told),
          ...uncomparable.map(({ path, side }) => `cannot compare "${path}" ${side}`),
        ])
      }),
    )
  })
})
