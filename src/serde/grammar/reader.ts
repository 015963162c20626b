import type { AnyAgentRef } from "../../data/agent-ref.js"
import type { JsonSchema } from "../../data/schema.js"
import { walk } from "../../flow/fold.js"
import { InvalidFlow } from "../../flow/invalid.js"
import type { Fn, Node } from "../../flow/node.js"
import type { Expr } from "../../flow/expr.js"
import type { Registry } from "../registry.js"
import { remedy } from "./remedies.js"
import type { Report } from "../report.js"
import { nearest } from "../../data/nearest.js"
import { listed, suggestion } from "../suggest.js"
import { type Entry, entry, type Tree } from "../tree.js"
import { habits } from "./habits.js"
import { later } from "./later.js"

/** What a document says before its flow is read. */
export interface Known {
  readonly names: Registry
  /** The document's own agents; `undefined` for one that is there but wrong. */
  readonly agents: ReadonlyMap<string, AnyAgentRef | undefined>
  /** `undefined` for a flow without a document: then any parameter may be named. */
  readonly params: Readonly<Record<string, JsonSchema>> | undefined
  /** The names of flows: of the document and of the registry. */
  readonly flows: ReadonlySet<string>
  /** Where a key may stand, for hints on misplaced ones. */
  readonly homes: ReadonlyMap<string, readonly string[]>
  /** Reads a step: the grammar's one recursion. */
  readonly step: (tree: Tree, cx: Reader) => Node | undefined
}

/** What was written where: nodes and expressions to the trees that they came from. */
export class Places {
  readonly #trees = new WeakMap<Node | Expr, Tree>()

  set<T extends Node | Expr>(made: T, tree: Tree): T {
    if (!this.#trees.has(made)) this.#trees.set(made, tree)
    return made
  }

  /** Says that what a step became was written as the step, whatever its node key said before. */
  claim(made: Node, step: Tree): Node {
    this.#trees.set(made, step)
    return made
  }

  get(made: Node | Expr): Tree | undefined {
    return this.#trees.get(made)
  }

  /** What has become of the nodes of a flow was written where they were. */
  follow(flow: Node, became: (node: Node) => Node): void {
    walk(flow, (node) => {
      const tree = this.#trees.get(node)
      if (tree !== undefined) this.set(became(node), tree)
    })
  }
}

interface Names {
  readonly name: string
  /** Where it was bound. */
  readonly tree: Tree
  readonly outer: Names | undefined
}

/** Reads one document: what it knows, the names in scope at this place, and where problems go. */
export class Reader {
  readonly known: Known
  readonly report: Report
  readonly places: Places
  readonly #bound: Names | undefined

  constructor(known: Known, report: Report, places: Places = new Places(), bound?: Names) {
    this.known = known
    this.report = report
    this.places = places
    this.#bound = bound
  }

  /** The same with one more name in scope. */
  binding(name: string, tree: Tree): Reader {
    return new Reader(this.known, this.report, this.places, { name, tree, outer: this.#bound })
  }

  /** Where a name in scope was bound. */
  bound(name: string): Tree | undefined {
    let at = this.#bound
    while (at !== undefined && at.name !== name) at = at.outer
    return at?.tree
  }

  isBound(name: string): boolean {
    return this.bound(name) !== undefined
  }

  get scope(): string[] {
    const names: string[] = []
    for (let at = this.#bound; at !== undefined && names.length < 20; at = at.outer) names.push(at.name)
    return names
  }

  step(tree: Tree): Node | undefined {
    return this.known.step(tree, this)
  }

  /** A value of the wrong kind. `hint` says what to write; by default, what was expected. */
  wrong(tree: Tree, message: string, expected: string, hint: string = `write ${expected}`): undefined {
    this.report.at(tree, { code: "wrong_type", message: `${message}: expected ${expected}`, expected, hint })
  }

  unknownKey(entry: Entry, title: string, keys: readonly string[]): undefined {
    const { key } = entry
    const habit = habits.get(key)
    const meant = habit !== undefined && keys.includes(habit) ? habit : nearest(key, keys)
    const homes = this.known.homes.get(key)?.filter((home) => home !== title) ?? []
    const missing = meant !== undefined && !beside(entry, meant)
    const place = missing
      ? undefined
      : later.has(key)
        ? `\`${key}\` is not supported by this version yet`
        : homes.length === 0
          ? undefined
          : `\`${key}\` belongs in ${title === "the document" && homes.includes("a step") ? "`flow`" : listed(homes)}`
    this.report.key(entry, {
      code: "unknown_key",
      message: `${title} has no key \`${key}\``,
      expected: keys.length === 0 ? undefined : `one of ${keys.join(", ")}`,
      hint: place ?? (meant === undefined ? suggestion(key, keys) : `did you mean \`${meant}\`?`),
    })
  }

  /** Makes a node; what its maker refuses becomes a problem at `blamed`, or at the option in it that is wrong. */
  make<N extends Node>(tree: Tree, build: () => N, blamed: Tree = tree): N | undefined {
    try {
      return this.places.set(build(), tree)
    } catch (error) {
      if (!(error instanceof InvalidFlow)) throw error
      const option = blamed.kind === "mapping" ? entry(blamed, error.option ?? "")?.value : undefined
      return this.report.at(option ?? blamed, { code: error.code, message: error.message, hint: remedy(error.code) })
    }
  }

  fn(name: string, tree: Tree): Fn | undefined {
    const fn = this.known.names.fn(name)
    if (fn !== undefined) return fn
    return this.report.at(tree, {
      code: "unknown_function",
      message: `no function is called \`${name}\``,
      expected: "a function of the registry",
      hint: suggestion(name, [...this.known.names.functions.keys()]),
    })
  }

  /** An agent by name: of the document, else of the registry. A name in both is refused. */
  agent(name: string, tree: Tree): AnyAgentRef | undefined {
    const { agents, names } = this.known
    const registered = names.agents.get(name)
    if (agents.has(name)) {
      if (registered === undefined) return agents.get(name)
      return this.report.at(tree, {
        code: "ambiguous_agent",
        message: `\`${name}\` is an agent of the document and of the registry`,
        hint: "rename the one in `agents`",
      })
    }
    if (registered !== undefined) return registered
    const known = [...new Set([...agents.keys(), ...names.agents.keys()])]
    return this.report.at(tree, {
      code: "unknown_agent",
      message: `no agent is called \`${name}\``,
      expected: known.length === 0 ? undefined : `one of ${listed(known)}`,
      hint: known.length === 0 ? "declare it under `agents`, or register it" : suggestion(name, known),
    })
  }
}

/** Whether a key stands in the same mapping as another. */
const beside = ({ value: { parent } }: Entry, key: string): boolean =>
  parent?.kind === "mapping" && parent.entries.some((one) => one.key === key)
