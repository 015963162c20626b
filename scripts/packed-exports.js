#!/usr/bin/env node
// Checks the package as npm would publish it: what is in it, its types, and that exactly its exports can be imported,
// with nothing installed but its own dependencies.
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "troupe-packed-"))
/** @type {{ name: string, exports: Record<string, unknown>, bin: Record<string, string>, dependencies: Record<string, string> }} */
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
let failed = false

/** @param {string} message */
const complain = (message) => {
  failed = true
  console.error(message)
}

/** @param {string} name */
const tool = (name) => join(root, "node_modules", ".bin", name)

/**
 * Runs a program; its output is shown if it fails.
 *
 * @param {string} what
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function run(what, program, args, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
  if (status !== 0) complain(`${what}: failed\n${error?.message ?? `${stdout}${stderr}`}`)
  else console.log(`${what}: ok`)
  return stdout ?? ""
}

/** Packs, unpacks beside nothing but the declared dependencies, and says where. */
function unpack() {
  const packed = run("npm pack", "npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder])
  /** @type {Array<{ filename: string, files: Array<{ path: string }> }>} */
  const [pack] = JSON.parse(packed)
  const tarball = join(folder, pack?.filename ?? "")
  const modules = join(folder, "app", "node_modules")
  mkdirSync(modules, { recursive: true })
  run("unpack", "tar", ["-xzf", tarball, "-C", modules])
  spawnSync("mv", [join(modules, "package"), join(modules, manifest.name)])
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir")
  }
  return { tarball, app: join(folder, "app"), files: pack?.files.map((file) => file.path) ?? [] }
}

/** @param {readonly string[]} files */
function contents(files) {
  const wanted = [
    "package.json",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    ...Object.values(manifest.bin).map((bin) => bin.slice(2)),
  ]
  for (const file of wanted) if (!files.includes(file)) complain(`contents: ${file} is missing`)
  const stray = files.filter((file) =>
    /(^|\/)\.|\.tsbuildinfo$|\.test\.|(^|\/)(test|scripts|bench|engines)\//.test(file),
  )
  for (const file of stray) complain(`contents: ${file} does not belong in the package`)
}

/**
 * Imports a specifier in a process of its own; the error's code, or `undefined` when it loads.
 *
 * @param {string} app
 * @param {string} specifier
 */
function importError(app, specifier) {
  const file = join(app, "import.mjs")
  const options = specifier.endsWith(".json") ? ', { with: { type: "json" } }' : ""
  writeFileSync(
    file,
    `await import(${JSON.stringify(specifier)}${options}).catch((e) => { console.log(e.code ?? e.message); process.exit(1) })`,
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", file], {
    cwd: app,
    encoding: "utf8",
  })
  return status === 0 ? undefined : stdout.trim() || stderr.trim()
}

try {
  const { tarball, app, files } = unpack()
  contents(files)
  run("publint", tool("publint"), ["run", "--strict", tarball])
  run("are the types wrong", tool("attw"), ["--profile", "esm-only", "--no-emoji", tarball])
  for (const path of Object.keys(manifest.exports)) {
    const specifier = manifest.name + path.slice(1)
    const error = importError(app, specifier)
    if (error === undefined) console.log(`import ${specifier}: ok`)
    else complain(`import ${specifier}: ${error}`)
  }
  const deep = files.filter((file) => /^dist\/(index|[a-z]+\/\w+)\.js$/.test(file))
  for (const path of ["dist/index.js", "src/index.ts", "flow/fold", "flow/fold.js", ...deep.slice(0, 8)]) {
    const error = importError(app, `${manifest.name}/${path}`)
    if (error !== "ERR_PACKAGE_PATH_NOT_EXPORTED")
      complain(`deep import ${manifest.name}/${path}: not refused (${error})`)
  }
  for (const [name, bin] of Object.entries(manifest.bin)) {
    const file = join(app, "node_modules", manifest.name, bin)
    if (statSync(file, { throwIfNoEntry: false }) === undefined) complain(`${name}: ${bin} is missing`)
    else if (!readFileSync(file, "utf8").startsWith("#!/usr/bin/env node\n"))
      complain(`${name}: ${bin} does not begin with #!`)
    else run(`${name} --help`, process.execPath, [file, "--help"], app)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
