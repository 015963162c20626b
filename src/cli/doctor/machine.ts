import { constants, existsSync } from "node:fs"
import { access } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { sdkPackages } from "../../agents/models/sdk.js"
import { providerType } from "../../agents/models/providers.js"
import { type Document, isModelAgent } from "../../flow/document.js"
import { Refused } from "../exit.js"
import { browser } from "../picture.js"
import { type Finding, missing, ok, optional } from "./finding.js"

const oldest = [20, 19] as const

/** Whether a Node of this version runs the package. */
export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  const runs = major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
  return runs
    ? ok("node", version)
    : missing("node", `${version} is too old`, `install Node ${oldest.join(".")} or newer`)
}

const pictures = "for svg and png"

/** What `render` needs for pictures: a browser, and the packages that draw in it. */
export function picturePrograms(env: NodeJS.ProcessEnv): readonly Finding[] {
  const packages = ["@mermaid-js/mermaid-cli@11", "puppeteer@24"]
  const absent = packages.filter((wanted) => !isInstalled(nameOf(wanted)))
  return [
    browserFinding(env),
    absent.length === 0
      ? ok("pictures", `${packages.map(nameOf).join(" and ")}, ${pictures}`)
      : optional(
          "pictures",
          `${absent.map(nameOf).join(" and ")} not installed, ${pictures}`,
          `npm install ${absent.join(" ")}`,
        ),
  ]
}

function browserFinding(env: NodeJS.ProcessEnv): Finding {
  const mend = "install Chrome or Chromium, or set CHROME_PATH"
  try {
    const found = browser(env)
    return found === undefined ? optional("browser", `none was found, ${pictures}`, mend) : ok("browser", found)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return optional("browser", error.message, mend)
  }
}

/** The makers' packages of models: those that a document's providers need, or all of them. */
export function modelPackages(document: Document | undefined): readonly Finding[] {
  const agents = Object.values(document?.agents ?? {}).filter(isModelAgent)
  const clients = new Map(agents.map(({ provider }) => [providerType(provider.type)?.client, provider.name]))
  return Object.entries(sdkPackages).flatMap(([client, wanted]) => {
    const name = nameOf(wanted)
    const asking = [...clients].find(([one]) => one === client)?.[1]
    if (document !== undefined && asking === undefined) return []
    if (isInstalled(name)) return [ok(name, "installed")]
    const hint = `npm install ${wanted}`
    if (asking !== undefined) return [missing(name, `not installed; provider ${asking} needs it`, hint)]
    return [
      optional(
        name,
        `not installed; models of ${client === "openai" ? "openai, ollama and the like" : client} need it`,
        hint,
      ),
    ]
  })
}

/** Whether runs can write down what they did, below the folder where the command runs. */
export async function runsFolder(cwd: string): Promise<Finding> {
  const folder = join(cwd, ".troupe")
  try {
    await access(existsSync(folder) ? folder : cwd, constants.W_OK)
    return ok("folder", `${folder} can be written`)
  } catch {
    return optional("folder", `${folder} cannot be written`, "run from a folder of your own")
  }
}

const nameOf = (wanted: string): string => wanted.slice(0, wanted.lastIndexOf("@"))

function isInstalled(name: string): boolean {
  return [join(process.cwd(), "package.json"), import.meta.filename].some((place) => {
    try {
      createRequire(place).resolve(name)
      return true
    } catch (error) {
      // There, and for `import` alone.
      return error instanceof Error && Reflect.get(error, "code") === "ERR_PACKAGE_PATH_NOT_EXPORTED"
    }
  })
}
