import type { Json, JsonObject } from "../../data/json.js"
import type { GraphMember } from "../../flow/make.js"
import type { Node } from "../../flow/node.js"
import { ringOf } from "../../flow/ring.js"
import { suggestion } from "../suggest.js"
import { entry, kindOf, type Mapping, type Tree } from "../tree.js"
import { encodeFields, type Field, type Key, optional, record, type RecordField, required } from "./field.js"
import { flowField } from "./flows.js"
import type { Reader } from "./reader.js"
import { listOf, text } from "./scalars.js"

type MemberFields = {
  readonly dependsOn: Key<readonly string[], readonly string[], true>
  readonly do: Key<Node, Json, false>
}

const member: RecordField<MemberFields> = record("a member of a graph", {
  dependsOn: optional(listOf(text, "members"), "those that must have ended before it starts"),
  do: required(flowField, "its flow; with dependencies it gets `{ input, results }`"),
})

/** A member as it is written: its flow is JSON. */
export interface WrittenMember {
  readonly id: string
  readonly dependsOn: readonly string[]
  readonly do: Json
}

const graphSchema: JsonObject = { type: "object", additionalProperties: member.schema, minProperties: 1 }

/** Members by id, whose dependencies are members and make no ring. */
export const graphField: Field<readonly GraphMember[], readonly WrittenMember[]> = {
  schema: graphSchema,
  decode(tree, cx) {
    if (tree.kind !== "mapping") return cx.wrong(tree, `graph is ${kindOf(tree)}`, "a mapping of ids to members")
    const read = Object.fromEntries(tree.entries.map(({ key, value }) => [key, member.decode(value, cx)]))
    const sound = soundDependencies(membersOf(tree), cx)
    const members: GraphMember[] = []
    for (const [id, said] of Object.entries(read)) {
      if (said !== undefined) members.push({ id, of: said.do, dependsOn: said.dependsOn ?? [] })
    }
    return sound && members.length === tree.entries.length ? members : undefined
  },
  encode: (members) =>
    Object.fromEntries(
      members.map(({ id, dependsOn, do: step }) => [
        id,
        encodeFields(member.fields, { dependsOn: dependsOn.length === 0 ? undefined : dependsOn, do: step }),
      ]),
    ),
}

/** What one thing depends on, as it was written. */
export interface Dependent {
  readonly id: string
  readonly on: readonly Extract<Tree, { kind: "scalar" }>[]
}

const membersOf = (tree: Mapping): Dependent[] => tree.entries.map(({ key, value }) => dependentOf(key, value))

/** The texts under `depends_on`; what else stands there is told elsewhere. */
export function dependentOf(id: string, tree: Tree): Dependent {
  const list = tree.kind === "mapping" ? entry(tree, "depends_on")?.value : undefined
  return { id, on: list?.kind === "list" ? list.items.filter((item) => item.kind === "scalar") : [] }
}

/** Tells of every dependency that is unknown, there twice, or closes a ring, where it is written. */
export function soundDependencies(members: readonly Dependent[], cx: Reader): boolean {
  const ids = members.map(({ id }) => id)
  const known = new Set(ids)
  let sound = true
  const wrong = (tree: Tree, code: string, message: string, hint?: string): void => {
    sound = false
    cx.report.at(tree, { code, message, hint })
  }
  for (const { id, on } of members) {
    const seen = new Set<string>()
    for (const tree of on) {
      const name = String(tree.value)
      if (!known.has(name)) {
        wrong(tree, "graph_unknown", `\`${id}\` depends on \`${name}\`, which is no member`, suggestion(name, ids))
      } else if (seen.has(name))
        wrong(tree, "duplicate", `\`${id}\` depends on \`${name}\` twice`, "remove one of the two")
      seen.add(name)
    }
  }
  for (const { tree, ring } of rings(members)) {
    wrong(tree, "graph_cycle", `the graph has a cycle: ${ring} (each depends on the next)`, "remove one of these")
  }
  return sound
}

/** The dependencies that close a ring, looked for in the order of the text. */
function rings(members: readonly Dependent[]): { readonly tree: Tree; readonly ring: string }[] {
  const byId = new Map(members.map((one) => [one.id, one]))
  const seen = new Set<string>()
  const found: { tree: Tree; ring: string }[] = []
  for (const start of members) {
    if (seen.has(start.id)) continue
    seen.add(start.id)
    const way: { readonly of: Dependent; next: number }[] = [{ of: start, next: 0 }]
    const open = new Map([[start.id, 0]])
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const tree = top.of.on[top.next++]
      if (tree === undefined) {
        open.delete(top.of.id)
        way.pop()
        continue
      }
      const id = String(tree.value)
      const from = open.get(id)
      const next = byId.get(id)
      if (from !== undefined) {
        found.push({ tree, ring: ringOf(way.length - from, (i) => way[from + i]?.of.id ?? "") })
      } else if (next !== undefined && !seen.has(id)) {
        seen.add(id)
        open.set(id, way.length)
        way.push({ of: next, next: 0 })
      }
    }
  }
  return found
}
