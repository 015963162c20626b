import { existsSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const docs = fileURLToPath(new URL("../docs", import.meta.url))
const text = readFileSync(join(docs, "semantics.md"), "utf8")

/** What the document says, point by point, and the links behind each. */
const points = text
  .split(/^\* /m)
  .slice(1)
  .map((point) => ({
    says: point.split("\n")[0] ?? "",
    links: [...point.matchAll(/\[[^\]]+\]\(([^) ]+) "([^"]+)"\)/g)].map(([, file = "", title = ""]) => ({
      file,
      title,
    })),
  }))

describe("docs/semantics.md", () => {
  it("shows each of its points, what is promised and what is not, by a test", () => {
    expect(points.filter(({ links }) => links.length === 0).map(({ says }) => says)).toEqual([])
    expect(points.length).toBeGreaterThan(40)
    expect(points.filter(({ says }) => says.startsWith("**Not:**")).length).toBeGreaterThan(10)
  })

  it("links to tests that exist, in the file and with the title that it names", () => {
    const wrong = points.flatMap(({ links }) =>
      links.filter(({ file, title }) => {
        const path = join(docs, file)
        if (!file.endsWith(".test.ts") || relative(docs, path) !== file || !existsSync(path)) return true
        const source = readFileSync(path, "utf8")
        return !source.includes(`it("${title}"`) && !source.includes(`it(\n    "${title}"`)
      }),
    )
    expect(wrong).toEqual([])
  })

  it("has no link of another form", () => {
    const known = points.flatMap(({ links }) => links).length
    expect([...text.matchAll(/\]\(/g)]).toHaveLength(known + 1)
  })
})
