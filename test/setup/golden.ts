import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { expect } from "vitest"

/** Holds a text against the one that was read and committed. One that is not there is written, and the test fails. */
export function isGolden(file: URL, text: string): void {
  if (!existsSync(file)) {
    writeFileSync(file, text)
    throw new Error(`${file.pathname} was not there: it is written now. Read it before you commit it.`)
  }
  expect(text).toBe(readFileSync(file, "utf8"))
}
