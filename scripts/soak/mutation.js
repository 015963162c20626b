import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** @import { Job } from "../soak.js" */

/** The laws by themselves; not the suite over every subject, which takes half a minute for each mutant that survives. */
const laws = ["test/laws/laws.test.ts", "test/laws/meaning.test.ts"]

/**
 * What is mutated, room by room, and the folders whose tests must notice. A test elsewhere that notices too is luck. A large
 * layer is several rooms, so that a round that is stopped has lost one of them at most.
 *
 * @type {Readonly<Record<string, { readonly sources: string, readonly tests: readonly string[] }>>}
 */
const rooms = {
  data: { sources: "src/data/**/*.ts", tests: ["test/data", "test/flow", "test/expr", "test/serde"] },
  flow: {
    sources: "src/flow/*.ts",
    tests: ["test/flow/*.test.ts", "test/flow/interpret/goldens.test.ts", ...laws],
  },
  "flow/run": {
    sources: "src/flow/interpret/run/*.ts",
    // What an agent asks within its own turn is a part of the run as well.
    tests: ["test/flow/*.test.ts", "test/agents/agent*.test.ts", "test/agents/context*.test.ts", ...laws],
  },
  "flow/diff": { sources: "src/flow/interpret/diff/*.ts", tests: ["test/flow/interpret"] },
  // Not the closed forms of quorum.test.ts: ten thousand runs each.
  "flow/simulate": {
    sources: "src/flow/interpret/simulate/*.ts",
    tests: ["clock", "distribution", "format", "goldens", "profile", "simulate"].map(
      (name) => `test/flow/interpret/simulate/${name}.test.ts`,
    ),
  },
  "flow/cost": { sources: "src/flow/interpret/cost*.ts", tests: ["test/flow/interpret"] },
  "flow/check": { sources: "src/flow/interpret/check*.ts", tests: ["test/flow/interpret", "test/serde"] },
  "flow/drawings": {
    sources: "src/flow/interpret/{mermaid,explain,repeats,graph}*.ts",
    tests: ["test/flow/interpret"],
  },
  expr: { sources: "src/expr/**/*.ts", tests: ["test/expr"] },
  serde: { sources: "src/serde/**/*.ts", tests: ["test/serde"] },
  moa: { sources: "src/moa/**/*.ts", tests: ["test/moa"] },
  actor: { sources: "src/actor/**/*.ts", tests: ["test/actor"] },
  agents: { sources: "src/agents/**/*.ts", tests: ["test/agents"] },
}

/**
 * @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: Point, end: Point } }} Mutant
 * @typedef {{ line: number, column: number }} Point
 * @typedef {{ files: Record<string, { source: string, mutants: readonly Mutant[] }> }} Report
 */

/**
 * One job for each room; or, where files are named, one for them.
 *
 * @param {string} root
 * @param {{ seed: number, files: string | undefined }} options `files`: paths or globs of sources, with commas between.
 * @returns {Job[]}
 */
export function mutationJobs(root, { seed, files }) {
  if (files === undefined) {
    return Object.entries(rooms).map(([room, { sources, tests }]) =>
      job(root, `mutation ${room}`, [sources], tests, seed),
    )
  }
  const mutate = files.split(",")
  const touched = [...new Set(mutate.map((file) => file.split("/")[1] ?? ""))]
  const tests = [...new Set(touched.flatMap((layer) => rooms[layer]?.tests ?? []))]
  return [job(root, `mutation ${files}`, mutate, tests, seed)]
}

/**
 * @param {string} root
 * @param {string} name
 * @param {readonly string[]} mutate
 * @param {readonly string[]} tests
 * @param {number} seed
 * @returns {Job}
 */
function job(root, name, mutate, tests, seed) {
  return {
    name,
    begins: (file) =>
      mutate.some((glob) => file.startsWith(glob.replace(/[*{].*/, ""))) ||
      tests.some((folder) => file.startsWith(folder.replace(/[^/]*\*.*/, ""))),
    run() {
      const folder = join(root, ".troupe", "mutation")
      mkdirSync(folder, { recursive: true })
      const file = join(folder, name.replace(/^mutation /, "").replace(/\W+/g, "-"))
      const report = `${file}.report.json`
      rmSync(report, { force: true })
      writeFileSync(`${file}.config.json`, JSON.stringify(settings(mutate, file), null, 2))
      const { status } = spawnSync(
        process.execPath,
        [join(root, "node_modules/@stryker-mutator/core/bin/stryker.js"), "run", `${file}.config.json`],
        {
          cwd: root,
          stdio: ["ignore", "inherit", "inherit"],
          // With one seed a mutant that was killed once is killed again. A property that needs a hundred runs to
          // notice one is too weak a test of it.
          env: { ...process.env, MUTATION_TESTS: tests.join(","), PROPERTY_RUNS: "20", PROPERTY_SEED: String(seed) },
        },
      )
      if (status !== 0 || !existsSync(report)) return { ok: false, said: "no result" }
      return judged(JSON.parse(readFileSync(report, "utf8")), `${file}.survivors.txt`)
    },
  }
}

/**
 * @param {readonly string[]} mutate
 * @param {string} file
 */
const settings = (mutate, file) => ({
  mutate,
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "scripts/soak/mutation.vitest.config.js", related: false },
  tsconfigFile: "no-such.json", // Stryker reads it with the compiler's old interface, which TypeScript 7 lacks
  ignorePatterns: ["/dist", "/coverage", "/engines"],
  tempDirName: ".troupe/stryker",
  incremental: true,
  // A mutant of a table at the top of a file needs every test of the room, each file loaded anew: 10 % of the mutants took
  // 94 % of the time.
  ignoreStatic: true,
  incrementalFile: `${file}.incremental.json`,
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: `${file}.report.json` },
  allowConsoleColors: false,
  concurrency: 2,
  // A mutant that never ends is one that was noticed: its process is killed after this, and a new one goes on.
  timeoutMS: 4_000,
  timeoutFactor: 2.5,
  dryRunTimeoutMinutes: 30,
})

/**
 * The score: the share of mutants that the tests noticed. The others are written down.
 *
 * @param {Report} report
 * @param {string} survivorsFile
 */
function judged({ files }, survivorsFile) {
  const all = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ file, lines: source.split("\n"), ...mutant })),
  )
  /** @param {readonly string[]} statuses */
  const those = (...statuses) => all.filter(({ status }) => statuses.includes(status))
  const noticed = those("Killed", "Timeout").length
  const left = those("Survived", "NoCoverage")
  writeFileSync(
    survivorsFile,
    left
      .map(({ file, lines, status, mutatorName, replacement = "", location: { start, end } }) => {
        const line = lines[start.line - 1] ?? ""
        const was =
          start.line === end.line ? line.slice(start.column - 1, end.column - 1) : `${line.slice(start.column - 1)} …`
        return `${file}:${start.line}:${start.column} ${status} ${mutatorName}\n  - ${was}\n  + ${replacement.split("\n").join("\n    ")}\n`
      })
      .join("\n"),
  )
  const score = noticed + left.length === 0 ? 100 : (100 * noticed) / (noticed + left.length)
  const untested = those("NoCoverage").length
  return {
    ok: true,
    said: `score ${score.toFixed(1)} %: ${noticed} noticed, ${left.length} not (${untested} in code that no test reaches); ${survivorsFile}`,
  }
}
