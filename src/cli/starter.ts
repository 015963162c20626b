import { readFile } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import { providerType } from "../agents/models/providers.js"
import { sdkPackages } from "../agents/models/sdk.js"
import { isRecord, own } from "../data/json.js"
import { type Document, isModelAgent } from "../flow/document.js"
import { galleryFolder, headerOf } from "./gallery.js"
import { dependency, ownSource } from "./own-source.js"

/** The one agent of the code that a new project starts with. */
const agentName = "word_count"

const config = `import { defineAgent } from "troupe"
import { registry } from "troupe/serde"
import { z } from "zod"

// The names that the documents of this folder may use. After a change here: npx troupe manifest flows/NAME.yaml

const wordCount = defineAgent(
  {
    name: "${agentName}",
    input: z.string(),
    output: z.object({ words: z.int().min(0) }),
    caps: { requests: 0, tokens: 0, usd: 0 }, // it asks no model, and saying so makes \`troupe cost\` exact
  },
  async (text) => ({ words: text.split(/\\s+/).filter((word) => word !== "").length }),
)

export default registry({ agents: [wordCount] })
`

/** The manifest of that code: what the gallery's own manifest says of the same agent. */
export async function starterManifest(): Promise<{
  readonly troupe: 1
  readonly agents: object
  readonly functions: []
}> {
  const written: unknown = JSON.parse(await readFile(join(galleryFolder, "troupe.manifest.json"), "utf8"))
  const agents = isRecord(written) && isRecord(written["agents"]) ? written["agents"] : {}
  return { troupe: 1, agents: { [agentName]: own(agents, agentName) }, functions: [] }
}

/** What a new project is made of. */
export interface Starter {
  readonly folder: string
  /** The name of the flow of the gallery that it starts from, its text, and what it says. */
  readonly template: string
  readonly text: string
  readonly document: Document
}

/** The files of a new project, by their paths in its folder. */
export async function starterFiles(starter: Starter): Promise<Readonly<Record<string, string>>> {
  const { folder, template, text, document } = starter
  const name = projectName(folder)
  return {
    "package.json": json({
      name,
      private: true,
      type: "module",
      engines: { node: ">=20.19" },
      scripts: { check: "troupe check flows/*.yaml", doctor: `troupe doctor flows/${template}.yaml` },
      dependencies: await dependencies(folder, document),
    }),
    ".gitignore": "node_modules/\n.troupe/\n.env\n",
    "README.md": readme(name, template, text),
    [`flows/${template}.yaml`]: text,
    "flows/troupe.config.js": config,
    "flows/troupe.manifest.json": json(await starterManifest()),
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const projectName = (folder: string): string =>
  basename(resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "") || "my-flows"

function readme(name: string, template: string, text: string): string {
  const file = `flows/${template}.yaml`
  const commands = [
    ["npm install", ""],
    ["npx troupe check flows/*.yaml", "# every mistake, with its place"],
    [`npx troupe doctor ${file}`, "# what its models need, such as keys"],
    [headerOf(text).command, ""],
  ]
  const width = Math.max(...commands.flatMap(([command = "", remark]) => (remark === "" ? [] : [command.length])))
  const lines = commands.map(([command = "", remark]) => `    ${command.padEnd(width)}  ${remark}`.trimEnd())
  return `# ${name}

A flow for Troupe, \`${file}\`, with code of its own in \`flows/troupe.config.js\`:

${lines.join("\n")}

After a change of the code: \`npx troupe manifest ${file}\`. More flows to start from: \`npx troupe init --list\`.
`
}

/** The package itself, and the makers' packages of the models that the flow asks. */
async function dependencies(folder: string, document: Document): Promise<Readonly<Record<string, string>>> {
  const clients = Object.values(document.agents)
    .filter(isModelAgent)
    .flatMap(({ provider }) => providerType(provider.type)?.client ?? [])
  const sdks = Object.entries(sdkPackages)
    .filter(([client]) => clients.some((one) => one === client))
    .map(([, wanted]) => packageOf(wanted))
  const zod = ["zod", await dependency("zod")] as const
  return Object.fromEntries(
    [["troupe", await ownSource(folder)] as const, zod, ...sdks].sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function packageOf(wanted: string): readonly [name: string, version: string] {
  const at = wanted.lastIndexOf("@")
  return [wanted.slice(0, at), wanted.slice(at + 1)]
}
