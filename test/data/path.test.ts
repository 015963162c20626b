import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { segment, staticPath, under } from "../../src/data/path.js"

describe("segments", () => {
  it("encode what the grammar reserves, and nothing else", () => {
    expect(segment("a/b#1!2~3@x:y[0]%")).toBe("a%2Fb%231%212%7E3%40x%3Ay%5B0%5D%25")
    expect(segment("naïve näme_1-2.3")).toBe("naïve näme_1-2.3")
  })
  it("can be told apart and read back", () =>
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(segment(name)).not.toMatch(/[/#!~@:[\]]/)
        expect(
          segment(name).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        ).toBe(name)
      }),
    ))
})

describe("paths", () => {
  it.each([
    ["", "a", "a"],
    ["a", "", "a"],
    ["", "", ""],
    ["a", "b", "a/b"],
    ["a", "#1", "a#1"],
    ["a", "!1", "a!1"],
    ["a", "[0]", "a[0]"],
    ["a", "~1", "a~1"],
  ])("%j under it %j is %j", (path, next, expected) => expect(under(path, next)).toBe(expected))

  it.each([
    ["1#0/draft!1", "1/draft"],
    ["#0/#1/a", "a"],
    ["a[3]#2/b~1", "a/b"],
    ["a:0123abcd#2/b", "a:0123abcd/b"],
    ["a#12/b!34/c[56]/d~78", "a/b/c/d"],
    ["a#1b/c[2]d", "a#1b/c[2]d"],
    ["%230/x", "%230/x"],
    ["", ""],
  ])("%j stands at %j in the text", (path, expected) => expect(staticPath(path)).toBe(expected))
})
