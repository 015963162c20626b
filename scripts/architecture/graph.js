import { packageOf, target } from "./layers.js"

/** @import { Source } from "./source.js" */

/**
 * Files that import each other in a ring, types and lazy imports included: each ring once, as `a -> b -> a`.
 *
 * @param {readonly Source[]} sources
 * @returns {string[]}
 */
export function cycles(sources) {
  const files = new Map(sources.map((source) => [source.file, source]))
  /** @type {Map<string, "open" | "done">} */
  const state = new Map()
  /** @type {string[]} */
  const trail = []
  /** @type {Set<string>} */
  const rings = new Set()

  /** @param {string} file */
  const visit = (file) => {
    if (state.get(file) === "done") return
    if (state.get(file) === "open") {
      const ring = trail.slice(trail.indexOf(file))
      const first = ring.indexOf([...ring].sort()[0] ?? file)
      const turned = [...ring.slice(first), ...ring.slice(0, first)]
      rings.add([...turned, turned[0]].join(" -> "))
      return
    }
    state.set(file, "open")
    trail.push(file)
    for (const { specifier } of files.get(file)?.imports ?? []) {
      const to = target(file, specifier)
      if (to !== undefined && files.has(to)) visit(to)
    }
    trail.pop()
    state.set(file, "done")
  }
  for (const file of files.keys()) visit(file)
  return [...rings].sort()
}

/**
 * The packages that are loaded as soon as `entry` is, each with the way there: `a.ts -> b.ts -> package`.
 *
 * @param {readonly Source[]} sources
 * @param {string} entry
 * @returns {Map<string, string>}
 */
export function loadedBy(sources, entry) {
  const files = new Map(sources.map((source) => [source.file, source]))
  /** @type {Map<string, string>} */
  const packages = new Map()
  /** @type {Map<string, string>} */
  const ways = new Map([[entry, entry]])
  for (const [file, way] of ways) {
    for (const { specifier, kind } of files.get(file)?.imports ?? []) {
      if (kind !== "value") continue
      const to = target(file, specifier)
      const dependency = packageOf(specifier)
      if (to !== undefined && !ways.has(to)) ways.set(to, `${way} -> ${to}`)
      if (dependency !== undefined && !packages.has(dependency)) packages.set(dependency, `${way} -> ${dependency}`)
    }
  }
  return packages
}
