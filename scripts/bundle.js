#!/usr/bin/env node
// Bundles the sources into one module per entry and shared chunks, our small dependencies included: a command then loads
// five files instead of two hundred, which is most of what `troupe check` would otherwise take (docs/decisions).
// Types come from `tsc -b`. What is heavy, optional, or whose identity matters stays outside.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const root = fileURLToPath(new URL("..", import.meta.url))
/** @type {{ exports: Record<string, string | { default: string }>, dependencies: Record<string, string>, peerDependencies: Record<string, string> }} */
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

const outputs = Object.values(manifest.exports)
  .flatMap((target) => (typeof target === "string" ? [] : [target.default]))
  .concat("./dist/cli/main.js", "./dist/actor/worker-entry.js")
const input = Object.fromEntries(
  outputs.map((file) => {
    const name = file.replace(/^\.\/dist\//, "").replace(/\.js$/, "")
    return [name, join(root, "src", `${name}.ts`)]
  }),
)

const outside = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
const bundle = await rolldown({
  input,
  cwd: root,
  platform: "node",
  tsconfig: false,
  transform: { target: "node20.19" },
  external: (id) => outside.some((name) => name !== "fp-ts" && (id === name || id.startsWith(`${name}/`))),
  onLog: (level, log, handle) => {
    if (level === "warn") throw new Error(log.message)
    handle(level, log)
  },
})
const { output } = await bundle.write({
  dir: join(root, "dist"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name]-[hash].js",
  sourcemap: true,
})
await bundle.close()
// Only now: who runs the command while it is built finds either the old chunks or the new ones.
const written = new Set(output.flatMap(({ fileName }) => [fileName, `${fileName}.map`]))
for (const name of readdirSync(join(root, "dist", "chunks"))) {
  if (!written.has(`chunks/${name}`)) rmSync(join(root, "dist", "chunks", name))
}
chmodSync(join(root, "dist", "cli", "main.js"), 0o755)

// Licences of what is bundled, as they ask.
const packages = new Set(
  output.flatMap((chunk) => ("moduleIds" in chunk ? chunk.moduleIds : [])).flatMap((id) => packageFolder(id) ?? []),
)
writeFileSync(
  join(root, "dist", "THIRD-PARTY.md"),
  ["# Bundled with Troupe", ...[...packages].sort().map(notice)].join("\n\n").concat("\n"),
)

/** @param {string} id */
function packageFolder(id) {
  const at = id.lastIndexOf(`node_modules${sep}`)
  if (at < 0) return undefined
  let folder = dirname(id)
  while (!existsSync(join(folder, "package.json")) || !("version" in readManifest(folder))) folder = dirname(folder)
  return folder
}

/**
 * @param {string} folder
 * @returns {{ name?: string, version?: string, license?: string }}
 */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
}

/** @param {string} folder */
function notice(folder) {
  const { name, version, license } = readManifest(folder)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim()
  return `## ${name} ${version} (${license})\n\n${text}`
}
