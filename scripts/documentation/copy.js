import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"

const left = new Set([".git", ".troupe", "node_modules", "dist", "coverage", "demo-output"])

/**
 * A copy of the repository to run commands in, with the packages that are installed and the package as it was built:
 * what they write does not stay. Nothing is built there: `npx troupe` would run `prepare` at its first call.
 *
 * @typedef {{ folder: string, env: NodeJS.ProcessEnv, remove: () => void }} Copy
 */

/**
 * @param {string} root
 * @returns {Copy}
 */
export function copyOf(root) {
  const base = mkdtempSync(join(tmpdir(), "troupe-copy-"))
  const folder = join(base, "troupe")
  cpSync(root, folder, {
    recursive: true,
    filter: (from) =>
      !relative(root, from)
        .split(/[/\\]/)
        .some((part) => left.has(part)),
  })
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true })

  const modules = join(folder, "node_modules")
  mkdirSync(join(modules, ".bin"), { recursive: true })
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name), "dir")
  }
  const command = join(modules, ".bin", "troupe")
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist", "cli", "main.js")}" "$@"\n`)
  chmodSync(command, 0o755)

  const home = join(base, "home")
  mkdirSync(home)
  const kept = Object.entries(process.env).filter(
    ([name]) => !/_API_KEY$|^npm_|^VITEST|^NODE_|^FORCE_COLOR$/i.test(name),
  )
  return {
    folder,
    env: {
      ...Object.fromEntries(kept),
      HOME: home,
      NO_COLOR: "1",
      npm_config_update_notifier: "false",
      npm_config_ignore_scripts: "true",
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  }
}
