import { extname } from "node:path"
import type { Document } from "../../flow/document.js"
import { type MermaidOptions, toMermaid } from "../../flow/interpret/mermaid.js"
import { type ExitCode, exitCodes, Refused } from "../exit.js"
import { loadStatic, usable } from "../load.js"
import { terminal } from "../terminal.js"
import { write } from "../write-file.js"

export interface RenderOptions {
  readonly format?: string
  readonly output?: string
  readonly all?: boolean
  readonly import?: string
}

const formats = ["mermaid", "svg", "png", "html"] as const
type Format = (typeof formats)[number]
const isFormat = (text: string): text is Format => formats.some((format) => format === text)

/** What a file's name asks for. */
function formatOf(output = ""): Format {
  const ending = extname(output).slice(1).toLowerCase()
  return isFormat(ending) ? ending : "mermaid"
}

/** `troupe render`: the flow as a diagram. */
export async function render(file: string, options: RenderOptions): Promise<ExitCode> {
  const screen = terminal()
  const format = options.format ?? formatOf(options.output)
  if (!isFormat(format)) throw new Refused(`--format ${format}: expected ${formats.join(", ")}`)
  if (format === "png" && options.output === undefined) {
    throw new Refused("a png is no text for the terminal", "name a file: --output flow.png")
  }
  const document = usable(screen, await loadStatic(file, options.import))
  if (document === undefined) return exitCodes.wrong
  const drawn = await drawing(document, file, format, options.all === true ? { all: true } : {})
  if (options.output === undefined) screen.out(typeof drawn === "string" ? drawn : new TextDecoder().decode(drawn))
  else await write(options.output, drawn)
  return exitCodes.done
}

async function drawing(
  document: Document,
  file: string,
  format: Format,
  detail: MermaidOptions,
): Promise<string | Uint8Array> {
  if (format === "html") return (await import("../page/page.js")).page(document, file, detail)
  const text = toMermaid(document.flow, detail)
  return format === "mermaid" ? text : (await import("../picture.js")).picture(text, format)
}
