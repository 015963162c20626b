import { execFile } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** @typedef {{ status: number, stdout: string, output: string }} Ended `output` is all that it printed. */

/**
 * Programs that were compiled. `errors`: what the compiler said, by name; `file`: where a program is now.
 *
 * @typedef {{ errors: (name: string) => string[], file: (name: string) => string }} Compiled
 */

const options = {
  strict: true,
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
  skipLibCheck: true,
  rootDir: "src",
  outDir: "out",
  sourceMap: true,
}

/**
 * Compiles programs as a user's compiler would, all in one run. They lie inside the package, below `.troupe`, so that
 * `import … from "troupe"` means the package as it was built.
 *
 * @param {string} root of the package
 * @param {string} folder a name for this set of programs
 * @param {Readonly<Record<string, string>>} programs file names and texts
 * @returns {Promise<Compiled>}
 */
export async function compile(root, folder, programs) {
  const at = join(root, ".troupe", folder)
  rmSync(at, { recursive: true, force: true })
  for (const [name, text] of Object.entries(programs)) {
    mkdirSync(dirname(join(at, "src", name)), { recursive: true })
    writeFileSync(join(at, "src", name), text)
  }
  /** @type {string[]} */
  let lines = []
  if (Object.keys(programs).length > 0) {
    writeFileSync(join(at, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["src"] }))
    const { output } = await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", at], {
      cwd: at,
    })
    lines = output.split("\n").filter((line) => line !== "" && !line.startsWith(" "))
    const stray = lines.filter((line) => !line.startsWith("src/"))
    if (stray.length > 0) throw new Error(`the compiler failed:\n${stray.join("\n")}`)
  }
  return {
    errors: (name) => lines.filter((line) => line.startsWith(`src/${name}(`)),
    file: (name) => join(at, "out", name.replace(/\.ts$/, ".js")),
  }
}

/**
 * Runs a program to its end, without input. A program that does not end within a minute is stopped.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} place
 * @returns {Promise<Ended>}
 */
export function run(program, args, { cwd, env = process.env }) {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd, env, timeout: 60_000, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : 1
        resolve({ status, stdout, output: stdout + stderr + (error?.killed ? "\n(stopped after a minute)" : "") })
      },
    )
    child.stdin?.end()
  })
}

/**
 * Runs programs one after the other in one process, which starts once and not a hundred times: each is told by its own
 * result. The process must come to its end by itself.
 *
 * @param {readonly string[]} files
 * @param {{ cwd: string }} place
 * @returns {Promise<readonly Ended[]>}
 */
export async function runAll(files, { cwd }) {
  const runner = fileURLToPath(new URL("run-all.js", import.meta.url))
  const { stdout, output, status } = await run(process.execPath, [runner, ...files], { cwd })
  const told = new Map(
    stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => {
        /** @type {{ file: string, error: string | undefined }} */
        const { file, error } = JSON.parse(line)
        return [file, { status: error === undefined ? 0 : 1, stdout: "", output: error ?? "" }]
      }),
  )
  return files.map(
    (file) => told.get(file) ?? { status: status || 1, stdout: "", output: `it was not reached:\n${output}` },
  )
}
