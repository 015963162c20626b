import { type Either, left, right } from "../data/either.js"
import type { Diagnostic } from "../data/diagnostic.js"
import { flow } from "../flow/build.js"
import { inWords, nameProblems } from "../flow/closed.js"
import type { CheckProblem } from "../flow/interpret/check-findings.js"
import type { Document } from "../flow/document.js"
import type { Node } from "../flow/node.js"
import type { Flow } from "../flow/types.js"
import { place } from "./diagnose.js"
import { flowReader, type ReadDocument, readDocument } from "./grammar/document.js"
import type { Places } from "./grammar/reader.js"
import { remedy } from "./grammar/remedies.js"
import { type LinkedFlows, linkFlows } from "./link-flows.js"
import { Origin, remember } from "./origin.js"
import { type Read, readText, readValue } from "./reading.js"
import { type Registry, registry } from "./registry.js"
import { Report } from "./report.js"
import { entry, type Tree } from "./tree.js"
import { checkDocument, uncalled } from "./types-check.js"

/** How a text is read: the name that diagnostics give it, and how imports are found. */
export interface ParseOptions {
  /** The name of the file, for diagnostics. */
  readonly file?: string
  /** Reads what the document imports. Nothing does yet. */
  readonly read?: (file: string) => string | undefined
}

/**
 * Reads a document: YAML, or JSON, which is YAML too. Gives the document, or everything that is wrong with it.
 *
 * Agents and functions are looked for in the document, then in `names`. Nothing is run.
 *
 * @example
 * ```ts
 * import { AgentSystem } from "troupe"
 * import { parse } from "troupe/serde"
 * const read = parse("{ troupe: 1, flow: { map: 'hello ${value}' } }")
 * if (read._tag === "Left") throw new Error(read.left[0]?.message)
 * await using system = new AgentSystem()
 * await system.run(read.right, "bees") // "hello bees"
 * ```
 */
export function parse(
  text: string,
  names: Registry = registry({}),
  options: ParseOptions = {},
): Either<readonly Diagnostic[], Document> {
  return documentOf(readText(text, options.file), names)
}

/**
 * The flow that JSON says: what `encode` gives, or a whole document, whose flow it is then. Diagnostics have paths, and
 * no positions.
 *
 * @example
 * ```ts
 * import { AgentSystem } from "troupe"
 * import { decode, registry } from "troupe/serde"
 * const names = registry({ functions: { shout: (text: string) => text.toUpperCase() } })
 * const read = decode({ steps: [{ map: "bees" }, { fn: "shout" }] }, names)
 * if (read._tag === "Left") throw new Error(read.left[0]?.message)
 * await using system = new AgentSystem()
 * await system.run(read.right, undefined) // "BEES"
 * ```
 */
export function decode(
  json: unknown,
  names: Registry = registry({}),
): Either<readonly Diagnostic[], Flow<unknown, unknown>> {
  const read = readValue(json)
  if ("problem" in read) return left([read.problem])
  const { tree } = read
  if (tree.kind === "mapping" && entry(tree, "troupe") !== undefined) {
    const document = documentOf(read, names)
    return document._tag === "Left" ? document : right(document.right.flow)
  }
  const report = new Report(undefined)
  const reader = flowReader(names, report)
  const node = reader.step(tree)
  const { node: whole } = linkFlows({ flow: node, flows: new Map(), places: reader.places }, names, report)
  if (node !== undefined && !report.failed) closeTree(node, tree, reader.places, report)
  return node === undefined || report.failed ? left(report.diagnostics) : right(flow(whole))
}

function documentOf(read: Read, names: Registry): Either<readonly Diagnostic[], Document> {
  if ("problem" in read) return left([read.problem])
  const { tree, source } = read
  const report = new Report(source)
  const said = readDocument(tree, names, report)
  if (said === undefined) return left(report.diagnostics)
  const { node, flows } = linkFlows(said, names, report)
  for (const one of [said.flow, ...said.flows.values()]) {
    if (one !== undefined && !report.failed) closeTree(one, tree, said.places, report)
  }
  const origin = new Origin(source, [node, ...uncalled(node, flows)], said.places)
  const readable = !report.failed
  const { errors } =
    said.flow === undefined ? { errors: [] } : checkDocument({ ...said, flow: flow(node), flows: byName(flows) })
  for (const problem of errors) if (readable || !toldBefore.has(problem.code)) place(problem, origin, report)
  if (report.failed) return left(report.diagnostics)
  return right(
    remember(
      made(said, { node, flows }, origin, () => report.diagnostics),
      origin,
    ),
  )
}

const byName = (flows: ReadonlyMap<string, Node>): Document["flows"] =>
  Object.fromEntries([...flows].map(([name, of]) => [name, flow(of)]))

/** What the types find again of names, ids and calls that could not be read. */
const toldBefore: ReadonlySet<CheckProblem["code"]> = new Set([
  "unknown_name",
  "name_free",
  "name_rebound",
  "id_twice",
  "id_taken",
  "call_unknown",
])

/**
 * What a run would refuse of names and ids is a diagnostic here: steps share an id across members and nested lists too.
 * A flow is looked at before its calls are linked: those that it calls are looked at by themselves.
 */
function closeTree(node: Node, whole: Tree, places: Places, report: Report): void {
  for (const problem of nameProblems(node)) {
    if (problem.code === "call_unknown" || problem.code === "call_recursion") continue
    const tree = places.get(problem.node) ?? whole
    const key = tree.kind === "mapping" && problem.code.startsWith("id_") ? entry(tree, "id") : undefined
    const said = { code: problem.code, message: inWords(problem), hint: remedy(problem.code) }
    report.at(key?.value ?? tree, said, undefined, problem.path)
  }
}

function made(
  said: ReadDocument,
  { node, flows }: LinkedFlows,
  origin: Origin,
  warnings: () => readonly Diagnostic[],
): Document {
  const known = [...said.agents].flatMap(([name, ref]) => (ref === undefined ? [] : [[name, ref] as const]))
  return {
    _tag: "Document",
    name: said.name,
    description: said.description,
    flow: flow(node),
    input: said.input,
    ...(said.output === undefined ? {} : { output: said.output }),
    params: said.params ?? {},
    agents: Object.fromEntries(known),
    providers: Object.fromEntries(said.providers),
    flows: byName(flows),
    get warnings() {
      return warnings()
    },
    at: (path) => origin.position(path),
  }
}
