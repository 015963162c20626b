import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { delimiter, join } from "node:path"
import { pathToFileURL } from "node:url"
import { messageOf } from "../data/fault.js"
import { Refused } from "./exit.js"

const names = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome", "microsoft-edge"]
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
]

/** A browser of this machine: what `CHROME_PATH` says, else Chrome or Chromium on the path or where they are installed. */
export function browser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env["CHROME_PATH"]
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Refused(`CHROME_PATH is ${named}: there is no such file`)
    return named
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find((path) =>
    existsSync(path),
  )
}

/** A package from where the user stands, else from where this one is installed. */
async function optional<T>(name: string): Promise<T> {
  const from = [join(process.cwd(), "package.json"), import.meta.filename]
  for (const place of from) {
    let path: string
    try {
      path = createRequire(place).resolve(name)
    } catch {
      continue // not installed there
    }
    return (await import(pathToFileURL(path).href)) as T
  }
  throw new Refused(
    `a picture needs the package ${name}`,
    "npm install @mermaid-js/mermaid-cli@11 puppeteer@24, or use --format mermaid, which needs nothing",
  )
}

interface Page {
  close(): Promise<void>
}
interface Puppeteer {
  readonly default: {
    launch(options: object): Promise<Page>
  }
}
interface MermaidCli {
  readonly renderMermaid: (
    browser: Page,
    definition: string,
    format: "svg" | "png",
    options: object,
  ) => Promise<{ readonly data: Uint8Array }>
}

/** A Mermaid text drawn by the real Mermaid in a browser of this machine. */
export async function picture(text: string, format: "svg" | "png"): Promise<Uint8Array> {
  const executablePath = browser()
  if (executablePath === undefined) {
    throw new Refused(
      "a picture needs a browser, and none was found",
      "install Chrome or Chromium, or set CHROME_PATH; --format mermaid needs none",
    )
  }
  const { renderMermaid } = await optional<MermaidCli>("@mermaid-js/mermaid-cli")
  const { default: puppeteer } = await optional<Puppeteer>("puppeteer")
  const root = process.getuid?.() === 0
  let page: Page | undefined
  try {
    page = await puppeteer.launch({ executablePath, headless: true, args: root ? ["--no-sandbox"] : [] })
    const { data } = await renderMermaid(page, text, format, {
      backgroundColor: "white",
      viewport: { width: 1600, height: 1200, deviceScaleFactor: 2 },
    })
    return data
  } catch (error) {
    throw new Refused(`the browser could not draw the flow: ${messageOf(error)}`, `the browser is ${executablePath}`)
  } finally {
    await page?.close()
  }
}
