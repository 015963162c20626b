import { type Json, type JsonObject, notJsonAt } from "../data/json.js"
import { nodeOf } from "../flow/build.js"
import { close } from "../flow/closed.js"
import type { Expr } from "../flow/expr.js"
import { type FlowAlgebra, fold } from "../flow/fold.js"
import type { Branch, Code, Fn, Node } from "../flow/node.js"
import type { AnyFlow } from "../flow/types.js"
import { writeCel, writeConstant, writeKey, writeName, writeTemplate } from "./expressions.js"
import { recoverBody } from "./grammar/decorators.js"
import { bodies, writeOverride } from "./grammar/nodes.js"
import { duration } from "./grammar/scalars.js"
import { limits } from "./limits.js"
import { Written } from "./written.js"
import { unfinished } from "../flow/unfinished.js"

/** One thing that keeps a flow from being written: where it is, and what to do about it. */
export interface Unwritable {
  readonly path: string
  readonly message: string
}

/** Thrown by `encode`: the flow holds what no document can say. `paths` says where. */
export class EncodeError extends Error {
  override readonly name = "EncodeError"
  readonly problems: readonly Unwritable[]
  constructor(problems: readonly Unwritable[]) {
    const lines = problems.slice(0, 20).map(({ path, message }) => `${path === "" ? "the root" : path}: ${message}`)
    const more = problems.length > lines.length ? [`… and ${problems.length - lines.length} more`] : []
    super(["the flow cannot be written as a document:", ...lines, ...more].join("\n  "))
    this.problems = problems
  }
  /** Where in the flow, each path once. */
  get paths(): readonly string[] {
    return [...new Set(this.problems.map(({ path }) => path))]
  }
}

/**
 * A flow as JSON, which `decode` reads back to an equal flow.
 *
 * Throws `EncodeError`, which lists every function without a name, every constant that is not JSON and every part that
 * nests too deep; and `InvalidFlow` for a flow with free names.
 *
 * @example
 * ```ts
 * import { named, pure } from "troupe"
 * import { encode } from "troupe/serde"
 * const flow = pure("a").map(named("shout", (text: string) => text.toUpperCase()))
 * encode(flow) // { steps: [{ map: "a" }, { fn: "shout" }] }
 * ```
 */
export function encode(flow: AnyFlow): JsonObject {
  return encodeNode(nodeOf(flow))
}

export function encodeNode(node: Node): JsonObject {
  close(node)
  const writing = new Writing()
  const written = writing.whole(fold(node, writing.algebra))
  if (writing.problems.length > 0) throw new EncodeError(writing.problems)
  return written
}

interface Where {
  readonly path: string
}

/** The levels that a document puts around its flow, and a node around its children. */
const levelsAround = 6

class Writing {
  readonly problems: Unwritable[] = []

  readonly algebra: FlowAlgebra<Written> = {
    Pure: ({ code, ...step }, _, at) => this.#pure(code, at).said(step),
    Agent: ({ ref, override, ...step }, _, at) => {
      const { prompt, systemPrompt, ...rest } = override ?? {}
      const beside = writeOverride({
        ...rest,
        prompt: prompt && this.#template(prompt, at),
        systemPrompt: systemPrompt && this.#template(systemPrompt, at),
      })
      return Written.node("agent", bodies.agent.encode(ref.name), beside).said(step)
    },
    Fail: ({ code, message, data, retry, ...step }, _, at) => {
      const body = bodies.fail.encode({
        code,
        message,
        retry,
        data: data === undefined ? undefined : this.#json(data, at),
      })
      return Written.node("fail", body).said(step)
    },
    Seq: ({ unit, id, note }, kids, at) => {
      const [input, step] = kids
      if (unit !== true || input === undefined || step === undefined) return Written.sequence(kids).said({ id, note })
      return this.#deep(step, at).prepared(asTemplate(input.step())).said({ id, note })
    },
    Let: ({ name, ...step }, { of, body }, at) => this.#deep(of, at).bound(name, body).said(step),
    All: ({ keys, ...step }, kids, at) =>
      Written.node("all", bodies.all.encode({ of: this.#steps(kids, at), keys: this.#keys(keys, at) })).said(step),
    AtLeast: (node, kids, at) => {
      const { n, settle, grace, required, hedge, keys, id, note } = node
      const body = bodies.atLeast.encode({
        n,
        of: { of: this.#steps(kids, at), keys: this.#keys(keys, at) },
        settle: settle === "all" ? undefined : settle,
        grace,
        required: required?.map((index) => keys?.[index] ?? index),
        ...(hedge === undefined ? {} : { hedge }),
      })
      return Written.node("at_least", body).said({ id, note })
    },
    Race: ({ wins, id, note }, kids, at) => {
      const body = bodies.race.encode({ of: this.#steps(kids, at), wins: wins === "success" ? undefined : wins })
      return Written.node("race", body).said({ id, note })
    },
    Branch: ({ on, tags, id, note }, { by, arms, otherwise }, at) => {
      const body = bodies.branch.encode({
        ...(by === undefined ? { on: this.#selector(on, at) } : { by: this.#deep(by, at).step() }),
        cases: { of: this.#steps(arms, at), keys: this.#keys(tags, at) },
        otherwise: otherwise && this.#deep(otherwise, at).step(),
      })
      return Written.node("branch", body).said({ id, note })
    },
    Recover: ({ gets, on, id, note }, kids, at) => {
      const body = recoverBody.encode({ on, ...this.#handler(gets, kids.handler, at) })
      return this.#deep(kids.of, at).decorated("recover", body).said({ id, note })
    },
    Loop: ({ max, exhausted, id, note }, body, at) => {
      const { turn, until } = this.#fits(body, at).turn()
      const written = bodies.loop.encode({
        do: turn,
        until,
        max: max === 10 ? undefined : max,
        exhausted: exhausted === "last" ? exhausted : undefined,
      })
      return Written.node("loop", written).said({ id, note })
    },
    FlatMap: () => unfinished("encode FlatMap"),
    Traverse: () => unfinished("encode Traverse"),
    Retry: () => unfinished("encode Retry"),
    Limit: () => unfinished("encode Limit"),
    Divert: () => unfinished("encode Divert"),
    Guard: () => unfinished("encode Guard"),
    Graph: () => unfinished("encode Graph"),
    Call: () => unfinished("encode Call"),
    Suspend: () => unfinished("encode Suspend"),
    Sleep: () => unfinished("encode Sleep"),
    Within: ({ ms, id, note }, of, at) =>
      this.#deep(of, at).decorated("timeout", duration.encode(ms)).said({ id, note }),
  }

  whole(written: Written): JsonObject {
    return this.#deep(written, { path: "" }).step()
  }

  #problem(at: Where, message: string): null {
    this.problems.push({ path: at.path, message })
    return null
  }

  /** The same, unless it nests deeper than a document may. */
  #deep(written: Written, at: Where): Written {
    if (written.endsLoop) this.#problem(at, "the condition of a loop stands outside the end of its body")
    return this.#fits(written, at)
  }

  #fits(written: Written, at: Where): Written {
    if (written.depth <= limits.depth - levelsAround) return written
    return Written.node("map", this.#tooDeep(at))
  }

  #tooDeep(at: Where): null {
    return this.#problem(at, `it nests deeper than the ${limits.depth} levels that a document may have`)
  }

  #steps(kids: readonly Written[], at: Where): JsonObject[] {
    return kids.map((kid) => this.#deep(kid, at).step())
  }

  #keys(keys: readonly string[] | undefined, at: Where): readonly string[] | undefined {
    if (keys?.includes("__proto__")) this.#problem(at, "`__proto__` is no key in a document: choose another")
    return keys
  }

  #pure(code: Code, at: Where): Written {
    if (code._tag === "Until") return Written.until(this.#expression(code.when, at))
    return code._tag === "Fn"
      ? Written.node("fn", bodies.fn.encode(this.#fn(code, at)))
      : Written.node("map", bodies.map.encode(this.#template(code, at)))
  }

  /** A handler that only computes has a shorter word. */
  #handler(gets: "fault" | "input", handler: Written, at: Where): Parameters<typeof recoverBody.encode>[0] {
    const step = this.#deep(handler, at).step()
    const [only, second] = Object.keys(step)
    if (gets === "fault") return only === "fn" && second === undefined ? { value: step } : { withFault: step }
    return only === "map" && second === undefined ? { value: step["map"] } : { do: step }
  }

  #selector(on: Branch["on"], at: Where): Json {
    if ("key" in on) return writeKey(on.key)
    return "code" in on ? this.#expression(on.code, at) : null
  }

  #expression(code: Fn | Expr, at: Where): Json {
    if (code._tag === "Fn") return { fn: this.#fn(code, at) }
    return writeCel(code) ?? this.#problem(at, "a template stands where an expression belongs: write it as CEL")
  }

  #template(code: Code, at: Where): Json {
    if (code._tag === "Fn") return { fn: this.#fn(code, at) }
    if (code._tag === "Expr") return writeTemplate(code)
    if (code._tag === "Name") return writeName(code.name)
    if (code._tag === "Arity" || code._tag === "Element") return unfinished("encode of split")
    return code._tag === "Until"
      ? this.#problem(at, "the condition of a loop stands outside the end of its body")
      : writeConstant(this.#json(code.value, at))
  }

  #fn({ name }: Fn, at: Where): Json {
    if (name !== undefined && name !== "") return name
    return this.#problem(at, 'a function has no name: write named("merge", fn) and register it as merge')
  }

  #json(value: unknown, at: Where): Json {
    if (isJson(value)) return nests(value, limits.depth - levelsAround) ? this.#tooDeep(at) : value
    const where = notJsonAt(value) ?? ""
    return this.#problem(
      at,
      `a constant is not JSON${where === "" ? "" : ` (at ${where})`}: give it in a named function`,
    )
  }
}

/** What a pure step computes, where a template may stand for it. */
const asTemplate = (step: JsonObject): Json =>
  step["map"] ?? (Object.hasOwn(step, "fn") ? { fn: step["fn"] ?? null } : null)

const isJson = (value: unknown): value is Json => notJsonAt(value) === undefined

/** Whether JSON nests deeper than so many levels. */
const nests = (json: unknown, levels: number): boolean =>
  typeof json === "object" &&
  json !== null &&
  (levels === 0 || Object.values(json).some((part) => nests(part, levels - 1)))
