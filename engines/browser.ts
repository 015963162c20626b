import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { type Browser, launch } from "puppeteer"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** The browser of this machine: `CHROME_PATH`, else the first Chrome or Chromium on the path. */
export function findBrowser(): string {
  const places = [
    process.env["CHROME_PATH"] ?? "",
    ...(process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ]
  const found = places.find((place) => place !== "" && existsSync(place))
  if (found === undefined) throw new Error("no Chrome or Chromium was found: run engines/setup")
  return found
}

/** Starts the browser without a window and without any traffic of its own. */
export function startBrowser(): Promise<Browser> {
  return launch({
    executablePath: findBrowser(),
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
  })
}
