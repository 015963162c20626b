import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { page } from "../scripts/reference/page.js"
import { sugar } from "../src/moa/index.js"
import { formatSchema, registry } from "../src/serde/index.js"

describe("docs/document.md", () => {
  it("says what the grammar says", () => {
    const written = readFileSync(new URL("../docs/document.md", import.meta.url), "utf8")
    const made = page(JSON.parse(JSON.stringify(formatSchema(registry({ sugar })))))
    expect(written === made, "docs/document.md is stale: npm run build && node scripts/reference.js").toBe(true)
  })

  it("shows how each key of a step and of the document is written", () => {
    const text = page(formatSchema(registry({ sugar })))
    const examples = text.match(/(?<=^```yaml\n)[\s\S]*?(?=^```$)/gm)?.join("") ?? ""
    const { properties, $defs } = JSON.parse(JSON.stringify(formatSchema(registry({ sugar }))))
    for (const key of [...Object.keys(properties), ...Object.keys($defs.step.properties)]) {
      expect(examples, key).toMatch(new RegExp(`(^|[ {])${key}:`, "m"))
    }
  })
})
