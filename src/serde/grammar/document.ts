import type { AnyAgentRef } from "../../data/agent-ref.js"
import type { Json, JsonObject } from "../../data/json.js"
import type { JsonSchema } from "../../data/schema.js"
import type { ProviderSettings } from "../../flow/document.js"
import * as make from "../../flow/make.js"
import type { Node } from "../../flow/node.js"
import type { Registry } from "../registry.js"
import type { Report } from "../report.js"
import { entry, kindOf, type Mapping, type Tree } from "../tree.js"
import { agentSchema, checkStandard, providerSchema, readAgents, readProviders } from "./agents.js"
import { agentGraph, hasDependencies, refuseDependencies } from "./agent-graph.js"
import { ofKind } from "./definitions.js"
import { decodeFields, encodeFields, type Field, optional, propertiesOf, required } from "./field.js"
import { homes } from "./homes.js"
import { limitBody } from "./policies.js"
import { type Known, Places, Reader } from "./reader.js"
import { json, text } from "./scalars.js"
import { paramsField, schemaField } from "./schemas.js"
import { readStep } from "./step.js"

/** The version of the format that this package reads and writes. */
const version = 1

type Schemas = Readonly<Record<string, JsonSchema>>

const head = {
  name: optional(text, "what the flow is called", { example: "second-look" }),
  description: optional(text, "what it is for", { example: "A draft, and a critic who reads it." }),
  input: optional(schemaField, "the schema of its input", { example: { type: "string" } }),
  output: optional(schemaField, "the schema of its output", { example: { type: "string" } }),
  params: optional(paramsField, "its parameters: schemas with defaults, which `--set` and `run` may give values", {
    example: { tries: { type: "integer", default: 2, minimum: 1, maximum: 5 } },
  }),
  defaultProvider: optional(text, "the provider of agents that name none", { standard: "ollama", example: "mine" }),
}

/** Sections that are read apart, because others need them first. */
const sections = {
  troupe: required(versionField(), "the version of the format", { example: version }),
  providers: optional(described({ type: "object", additionalProperties: providerSchema }), "where models are called", {
    example: {
      mine: { type: "openai", base_url: "http://localhost:8000/v1", api_key: "${env.OPENAI_API_KEY}", timeout: "60s" },
    },
  }),
  agents: optional(
    described({
      anyOf: [
        { type: "object", additionalProperties: agentSchema },
        { type: "array", items: agentSchema },
      ],
    }),
    "the agents of this document: a mapping of names, or a list with `id`",
    { example: { writer: { model: "small" }, critic: { provider: "local" } } },
  ),
  limit: optional(limitBody, "what all asks of the flow share", { example: { calls: 10 } }),
  flows: optional(
    described({ type: "object", additionalProperties: ofKind("step") }),
    "more flows, called by name: `flow: name`",
    { example: { reading: { agent: "critic" } } },
  ),
  flow: optional(
    described(ofKind("step")),
    "what runs: one step, often `steps`; without it, the graph that `depends_on` of the agents says",
    { example: { steps: [{ agent: "writer" }, { tap: { flow: "reading" } }] } },
  ),
}

function described(schema: JsonObject): Field<Json> {
  return { ...json, schema }
}

function versionField(): Field<number> {
  return {
    schema: { const: version },
    decode(tree, cx) {
      if (tree.kind === "scalar" && tree.value === version) return version
      const message = `this is ${kindOf(tree)}, and the format has version ${version}`
      return cx.report.at(tree, {
        code: "version",
        message,
        expected: `${version}`,
        hint: `write \`troupe: ${version}\``,
      })
    },
    encode: (value) => value,
  }
}

const keys = [
  "troupe",
  "name",
  "description",
  "input",
  "output",
  "params",
  "default_provider",
  "providers",
  "agents",
  "limit",
  "flows",
  "flow",
]

/** What a document says, read. */
export interface ReadDocument {
  readonly name?: string
  readonly description?: string
  readonly input?: JsonSchema
  readonly output?: JsonSchema
  /** Undefined when the head is wrong, and nothing is known of them. */
  readonly params: Schemas | undefined
  readonly agents: ReadonlyMap<string, AnyAgentRef | undefined>
  readonly providers: ReadonlyMap<string, ProviderSettings>
  /** Undefined when something in it is wrong. */
  readonly flow: Node | undefined
  /** Flows that are called by name, not linked yet; undefined for one that is wrong. */
  readonly flows: ReadonlyMap<string, Node | undefined>
  readonly flowTree: Tree | undefined
  readonly places: Places
}

/** What is known before anything is read: the registry alone. */
function nothing(names: Registry): Known {
  return {
    names,
    agents: new Map(),
    params: undefined,
    flows: new Set(names.flows.keys()),
    homes: homes(),
    step: readStep,
  }
}

/** A reader for a flow that stands without a document. */
export const flowReader = (names: Registry, report: Report): Reader => new Reader(nothing(names), report)

export function readDocument(tree: Tree, names: Registry, report: Report): ReadDocument | undefined {
  const places = new Places()
  const start = new Reader(nothing(names), report, places)
  if (tree.kind !== "mapping") {
    return start.wrong(tree, `the document is ${kindOf(tree)}`, "a mapping with `troupe`, `name` and `flow`")
  }
  for (const one of tree.entries) if (!keys.includes(one.key)) start.unknownKey(one, "the document", keys)
  checkVersion(tree, start)
  const said = decodeFields(head, tree, start, "the document")
  const section = (key: string): Tree | undefined => entry(tree, key)?.value
  const providersTree = section("providers")
  const providers =
    providersTree === undefined ? new Map<string, ProviderSettings>() : readProviders(providersTree, start)
  const agentsTree = section("agents")
  const standard = said?.defaultProvider
  checkStandard({ declared: providers, standard }, section("default_provider") ?? tree, start)
  const agents =
    agentsTree === undefined
      ? new Map<string, AnyAgentRef | undefined>()
      : readAgents(agentsTree, { declared: providers, standard }, start)
  const params = said && (said.params ?? {})
  const flowsTree = section("flows")
  const named = flowsTree?.kind === "mapping" ? flowsTree.entries.map(({ key }) => key) : []
  const flows = new Set([...named, ...start.known.flows])
  const cx = new Reader({ ...start.known, agents, flows, params }, report, places)
  const written = section("flow")
  if (written !== undefined) refuseDependencies(agentsTree, cx)
  const flowTree = written ?? (hasDependencies(agentsTree) ? agentsTree : undefined)
  if (flowTree === undefined) {
    const hint = "add `flow:`, a step: `flow: { agent: name }`"
    report.at(tree, { code: "missing_key", message: "the document needs the key `flow`", hint })
  }
  const flow = flowTree && (written === undefined ? agentGraph(flowTree, cx) : readStep(flowTree, cx))
  const { defaultProvider: _, ...rest } = said ?? {}
  const whole = limited(flow, flowTree, section("limit"), cx)
  return { ...rest, params, agents, providers, flow: whole, flows: readFlows(flowsTree, cx), flowTree, places }
}

/** A limit of the document is one around its flow. */
function limited(
  flow: Node | undefined,
  flowTree: Tree | undefined,
  tree: Tree | undefined,
  cx: Reader,
): Node | undefined {
  if (tree === undefined) return flow
  const limits = limitBody.decode(tree, cx)
  const made = limits && cx.make(tree, () => make.limit(flow ?? make.seq([]), limits))
  if (flow === undefined || made === undefined || flowTree === undefined) return flow
  return cx.places.claim(made, flowTree)
}

/** The named flows: each is read by itself, so that no name from outside is in scope. */
function readFlows(tree: Tree | undefined, cx: Reader): Map<string, Node | undefined> {
  const found = new Map<string, Node | undefined>()
  if (tree === undefined) return found
  if (tree.kind !== "mapping") cx.wrong(tree, `flows is ${kindOf(tree)}`, "a mapping of names to flows")
  else for (const { key, value } of tree.entries) found.set(key, readStep(bare(value, key, cx), cx))
  return found
}

/** A named flow is a step. Of one that is written like a document, which is the one mistake in it, the flow alone is read. */
function bare(tree: Tree, name: string, cx: Reader): Tree {
  const inner = tree.kind === "mapping" ? entry(tree, "flow") : undefined
  if (tree.kind !== "mapping" || inner === undefined || inner.value.kind === "scalar") return tree
  const beside = tree.entries.find(({ key }) => key !== "flow" && keys.includes(key))
  const told = beside ?? tree.entries.find(({ key }) => key === "flow")
  if (told === undefined) return tree
  const has = `a flow of \`flows\` has no key \`${told.key}\`: it is a step, not a document`
  const hint = `write the step itself: \`${name}: { agent: name }\`; its \`input\` is what its caller gives it`
  cx.report.key(told, { code: "unknown_key", message: has, hint })
  return inner.value
}

function checkVersion(tree: Mapping, cx: Reader): void {
  const found = entry(tree, "troupe")
  if (found !== undefined) sections.troupe.field.decode(found.value, cx)
  else {
    cx.report.at(tree.entries[0]?.value.parent === tree ? firstLine(tree) : tree, {
      code: "version",
      message: "the document does not say which version of the format it is",
      expected: `the key \`troupe\``,
      hint: `begin with \`troupe: ${version}\``,
    })
  }
}

const firstLine = (tree: Mapping): Tree => ({ ...tree, range: tree.entries[0]?.at ?? tree.range })

export interface Head {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly input?: JsonSchema | undefined
  readonly output?: JsonSchema | undefined
  readonly params?: Schemas | undefined
}

/** The head of a document, in the order in which people read it. */
export const writeHead = (said: Head): JsonObject => ({ troupe: version, ...encodeFields(head, said) })

/** What may stand in a document, for the JSON Schema of the format. */
export const documentProperties = (): Record<string, JsonObject> => {
  const all = { ...propertiesOf(head), ...propertiesOf(sections) }
  return Object.fromEntries(keys.map((key) => [key, all[key] ?? {}]))
}
