import { PassThrough } from "node:stream"
import { afterEach, describe, expect, it, vi } from "vitest"
import { readInput } from "../../src/cli/read-input.js"

afterEach(() => void vi.restoreAllMocks())

/** Reads `--input -` from a standard input that is a terminal, or is none; gives the text and what was said. */
async function read(isTTY: boolean): Promise<readonly [unknown, string]> {
  const stdin = Object.assign(new PassThrough(), { isTTY })
  vi.spyOn(process, "stdin", "get").mockReturnValue(stdin as never)
  let said = ""
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text)
    return true
  })
  stdin.end("typed")
  return [await readInput("-", undefined), said]
}

describe("--input -", () => {
  it("says on a terminal what it waits for", async () => {
    expect(await read(true)).toEqual(["typed", "reading standard input; end it with Ctrl-D\n"])
  })

  it("says nothing where the text is piped", async () => {
    expect(await read(false)).toEqual(["typed", ""])
  })
})
