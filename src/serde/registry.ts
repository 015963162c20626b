import type { AnyAgentRef } from "../data/agent-ref.js"
import type { Json, JsonObject } from "../data/json.js"
import { flow, named, nodeOf } from "../flow/build.js"
import { builtin } from "../flow/builtin.js"
import { InvalidFlow } from "../flow/invalid.js"
import { linked } from "../flow/link.js"
import * as make from "../flow/make.js"
import type { Fn } from "../flow/node.js"
import type { AnyFlow } from "../flow/types.js"

/** A step key that expands to other nodes. */
export interface Sugar {
  readonly key: string
  /** One line for the reference. */
  readonly about: string
  /** What may stand under the key, as a JSON Schema in which `#/$defs/step` is a step: for editors and the reference. */
  readonly schema?: JsonObject
  /**
   * Gives the flow that `body`, what stands under the key, means. Throws `InvalidFlow`, whose path leads to the part of
   * the body that is wrong (`layers/0/quorum`).
   *
   * @param step reads the step that stands at a place of the body, given by keys and indexes; a text there is the name
   *   of an agent.
   */
  expand(body: Json, step: (at: readonly (string | number)[]) => AnyFlow): AnyFlow
}

/** The names that documents may use: what the host registered. */
export interface Registry {
  readonly agents: ReadonlyMap<string, AnyAgentRef>
  readonly functions: ReadonlyMap<string, Fn>
  readonly flows: ReadonlyMap<string, AnyFlow>
  readonly sugar: ReadonlyMap<string, Sugar>
  /** A function by name; those of derived constructors are known to every registry. */
  fn(name: string): Fn | undefined
}

type PlainFunction = (input: never) => unknown

/** What a host registers for its documents: agents, functions, flows and step keys of its own. */
export interface RegistryOptions {
  readonly agents?: readonly AnyAgentRef[]
  /** Plain functions by name, or named ones in a list. */
  readonly functions?: Readonly<Record<string, PlainFunction>> | readonly Fn[]
  readonly flows?: Readonly<Record<string, AnyFlow>>
  readonly sugar?: readonly Sugar[]
}

/**
 * Says which agents, functions and flows documents may name. A name that is there twice is refused, and so is a flow that
 * calls itself or what is no flow of the registry: `InvalidFlow`.
 *
 * @example
 * ```ts
 * import { defineAgent } from "troupe"
 * import { parse, registry } from "troupe/serde"
 * const researcher = defineAgent({ name: "researcher" }, (question: string) => [question, "an answer"])
 * const names = registry({ agents: [researcher], functions: { merge: (parts: string[]) => parts.join(": ") } })
 * const read = parse("{ troupe: 1, flow: { steps: [{ agent: researcher }, { fn: merge }] } }", names)
 * read._tag // "Right"
 * ```
 */
export function registry({ agents = [], functions = {}, flows = {}, sugar = [] }: RegistryOptions = {}): Registry {
  const fns = table("function", isList(functions) ? functions : namedOnes(functions), (fn) => fn.name)
  return {
    agents: table("agent", agents, (ref) => ref.name),
    functions: fns,
    flows: linkedFlows(flows),
    sugar: table("sugar", sugar, (one) => one.key),
    fn: (name) => fns.get(name) ?? builtin(name),
  }
}

/** Flows of a registry may call one another. */
function linkedFlows(flows: Readonly<Record<string, AnyFlow>>): Map<string, AnyFlow> {
  const nodes = new Map(Object.entries(flows).map(([name, of]) => [name, nodeOf(of)]))
  return new Map([...linked(make.seq([]), nodes).flows].map(([name, node]) => [name, flow(node)]))
}

const isList = (functions: NonNullable<RegistryOptions["functions"]>): functions is readonly Fn[] =>
  Array.isArray(functions)

const namedOnes = (functions: Readonly<Record<string, PlainFunction>>): Fn[] =>
  Object.entries(functions).map(([name, run]) => named(name, run))

function table<T>(kind: string, items: readonly T[], nameOf: (item: T) => string | undefined): Map<string, T> {
  const found = new Map<string, T>()
  for (const item of items) {
    const name = nameOf(item)
    if (name === undefined || name === "") {
      throw new InvalidFlow("registry", `a ${kind} of the registry has no name: write named("merge", fn)`)
    }
    if (found.has(name))
      throw new InvalidFlow("registry", `the registry has two ${kind}s called ${JSON.stringify(name)}`)
    if (kind === "function" && builtin(name) !== undefined) {
      throw new InvalidFlow(
        "registry",
        `${JSON.stringify(name)} is the name of a function of this package: choose another`,
      )
    }
    found.set(name, item)
  }
  return found
}
