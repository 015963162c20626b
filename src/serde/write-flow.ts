import type { Json, JsonObject } from "../data/json.js"
import { joinsBefore } from "../flow/derived.js"
import type { FlowAlgebra } from "../flow/fold.js"
import * as make from "../flow/make.js"
import type { Code, Node, NodeOf, Retry } from "../flow/node.js"
import { recoverBody } from "./grammar/decorators.js"
import { bodies, writeOverride } from "./grammar/nodes.js"
import { divertBody, limitBody, retryBody } from "./grammar/policies.js"
import { duration } from "./grammar/scalars.js"
import { limits } from "./limits.js"
import { CodeWriter, levelsAround, type Where } from "./write-code.js"
import { Written } from "./written.js"

const sideKeys = { tap: "tap", notify: "notify", divertTo: "divert_to" } as const

/** Writes the nodes of one flow: each from what its children were written as. */
export class FlowWriter {
  readonly code: CodeWriter = new CodeWriter()
  readonly #code = this.code

  readonly algebra: FlowAlgebra<Written> = {
    Pure: ({ code, ...step }, _, at) => this.#pure(code, at).said(step),
    Agent: ({ ref, override, ...step }, _, at) => {
      const { prompt, systemPrompt, ...rest } = override ?? {}
      const beside = writeOverride({
        ...rest,
        prompt: prompt && this.#code.template(prompt, at),
        systemPrompt: systemPrompt && this.#code.template(systemPrompt, at),
      })
      return Written.node("agent", bodies.agent.encode(ref.name), beside).said(step)
    },
    Fail: ({ code, message, data, retry, ...step }, _, at) => {
      const body = bodies.fail.encode({
        code,
        message,
        retry,
        data: data === undefined ? undefined : this.#code.json(data, at),
      })
      return Written.node("fail", body).said(step)
    },
    Seq: (node, kids, at) => (node.unit ? this.#unit(node, kids, at) : this.#sequence(kids, at)).said(node),
    Let: ({ name, ...step }, { of, body }, at) => this.#deep(of, at).bound(name, body).said(step),
    FlatMap: ({ using, id, note }, { of, among }, at) => {
      const body = bodies.flatMap.encode({
        of: this.#deep(of, at).step(),
        using: this.#code.fn(using, at),
        among: among && this.#steps(among, at),
      })
      return Written.node("flat_map", body).said({ id, note })
    },
    All: ({ keys, ...step }, kids, at) => {
      const split = keys === undefined && kids.length > 0 && kids.every((kid, i) => kid.part?.element === i)
      const of = split ? kids.map((kid) => kid.step()) : this.#steps(kids, at)
      const made = Written.node("all", bodies.all.encode({ of, keys: this.#code.keys(keys, at) }))
      return split ? made.as({ elements: of }).said(step) : made.said(step)
    },
    Traverse: ({ concurrency, atLeast, id, note }, body, at) => {
      const written = bodies.forEach.encode({ do: this.#deep(body, at).step(), concurrency, atLeast })
      return Written.node("for_each", written).said({ id, note })
    },
    AtLeast: (node, kids, at) => {
      const { n, settle, grace, required, hedge, keys, id, note } = node
      const body = bodies.atLeast.encode({
        n,
        of: { of: this.#steps(kids, at), keys: this.#code.keys(keys, at) },
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
        ...(by === undefined ? { on: this.#code.selector(on, at) } : { by: this.#deep(by, at).step() }),
        cases: { of: this.#steps(arms, at), keys: this.#code.keys(tags, at) },
        otherwise: otherwise && this.#deep(otherwise, at).step(),
      })
      return Written.node("branch", body).said({ id, note })
    },
    Recover: ({ gets, on, id, note }, kids, at) => {
      const body = recoverBody.encode({ on, ...this.#handler(gets, kids.handler, at) })
      return this.#deep(kids.of, at).decorated("recover", body).said({ id, note })
    },
    Loop: ({ max, exhausted, id, note }, body, at) => {
      const { turn, until } = this.#settled(this.#fits(body, at), at).turn()
      const written = bodies.loop.encode({
        do: turn,
        until,
        max: max === 10 ? undefined : max,
        exhausted: exhausted === "last" ? exhausted : undefined,
      })
      return Written.node("loop", written).said({ id, note })
    },
    Within: ({ ms, id, note }, of, at) =>
      this.#deep(of, at).decorated("timeout", duration.encode(ms)).said({ id, note }),
    Retry: (node, of, at) => this.#deep(of, at).decorated("retry", policyOf(node)).said(node),
    Limit: (node, of, at) => this.#deep(of, at).decorated("limit", limitBody.encode(node)).said(node),
    Divert: ({ how, when, id, note }, kids, at) => {
      const to = this.#deep(kids.side, at).step()
      const body =
        how === "divertTo" ? divertBody.encode({ do: to, when: when && this.#code.expression(when, at) }) : to
      return this.#deep(kids.of, at).decorated(sideKeys[how], body).said({ id, note })
    },
    Guard: ({ check, id, note }, { of, by }, at) => {
      const step = by && this.#deep(by, at).step()
      const body = "code" in check ? this.#code.expression(check.code, at) : { check: step ?? null }
      return this.#deep(of, at).decorated("guard", body).said({ id, note })
    },
    Graph: ({ ids, dependsOn, id, note }, kids, at) => {
      this.#code.keys(ids, at)
      const steps = this.#steps(kids, at)
      const members = ids.map((member, i) => ({
        id: member,
        dependsOn: (dependsOn[i] ?? []).map((on) => ids[on] ?? ""),
        do: steps[i] ?? null,
      }))
      return Written.node("graph", bodies.graph.encode(members)).said({ id, note })
    },
    Call: ({ name, id, note }) => Written.node("flow", bodies.flow.encode(name)).said({ id, note }),
    Suspend: ({ name, schema, id, note }, _, at) => {
      const { json } = schema
      if (json === undefined) this.#code.problem(at, "the schema of the answer has no form in JSON Schema")
      const body = bodies.suspend.encode({ name: this.#code.text(name, at), schema: json ?? true })
      return Written.node("suspend", body).said({ id, note })
    },
    Sleep: ({ ms, id, note }) => Written.node("sleep", bodies.sleep.encode(ms)).said({ id, note }),
  }

  whole(written: Written): JsonObject {
    return this.#deep(written, { path: "" }).step()
  }

  /** The same, unless it can only be a part of something else, or nests deeper than a document may. */
  #deep(written: Written, at: Where): Written {
    if (written.endsLoop) this.#code.problem(at, "the condition of a loop stands outside the end of its body")
    return this.#fits(this.#settled(written, at), at)
  }

  #settled(written: Written, at: Where): Written {
    if (written.part !== undefined) this.#code.problem(at, "a part of a split stands outside of it")
    return written
  }

  #fits(written: Written, at: Where): Written {
    if (written.depth <= limits.depth - levelsAround) return written
    return Written.node("map", this.#code.tooDeep(at))
  }

  #steps(kids: readonly Written[], at: Where): JsonObject[] {
    return kids.map((kid) => this.#deep(kid, at).step())
  }

  #pure(code: Code, at: Where): Written {
    if (code._tag === "Until") return Written.until(this.#code.expression(code.when, at))
    if (code._tag === "Arity") return Written.node("map", null).as({ arity: code.size })
    if (code._tag === "Element") return Written.node("map", null).as({ first: code.index })
    return code._tag === "Fn"
      ? Written.node("fn", bodies.fn.encode(this.#code.fn(code, at)))
      : Written.node("map", bodies.map.encode(this.#code.template(code, at)))
  }

  #sequence(kids: readonly Written[], at: Where): Written {
    for (const kid of kids) this.#settled(kid, at)
    return Written.sequence(kids)
  }

  /** Parts that share a segment: a step whose input is computed first, or what a derived constructor is made of. */
  #unit({ parts }: NodeOf<"Seq">, kids: readonly Written[], at: Where): Written {
    const [input, step] = kids
    const [first, last] = parts
    if (input === undefined || step === undefined || first === undefined || last === undefined || kids.length > 2) {
      return Written.node("map", this.#code.problem(at, "steps that share a path are no form of a document"))
    }
    const { arity, first: element } = input.part ?? {}
    if (element !== undefined) return this.#deep(step, at).as({ element })
    const elements = step.part?.elements ?? (isNone(step.step()) ? [] : undefined)
    if (arity !== undefined && elements?.length === arity) return Written.node("split", bodies.split.encode(elements))
    if (joinsBefore(last)) return Written.node("steps", [this.#deep(input, at).closed(), this.#deep(step, at).step()])
    if (!isCode(first)) this.#code.problem(at, "steps that share a path are no form of a document")
    return this.#deep(step, at).prepared(asTemplate(this.#deep(input, at).step()))
  }

  /** A handler that only computes has a shorter word. */
  #handler(gets: "fault" | "input", handler: Written, at: Where): Parameters<typeof recoverBody.encode>[0] {
    const step = this.#deep(handler, at).step()
    const [only, second] = Object.keys(step)
    if (gets === "fault") return only === "fn" && second === undefined ? { value: step } : { withFault: step }
    return only === "map" && second === undefined ? { value: step["map"] } : { do: step }
  }
}

/** A split of nothing has no element to know it by. */
const isNone = ({ all, ...others }: JsonObject): boolean =>
  Array.isArray(all) && all.length === 0 && Object.keys(others).length === 0

const isCode = (node: Node): boolean => node._tag === "Pure" && node.id === undefined && node.note === undefined

/** What a pure step computes, where a template may stand for it. */
const asTemplate = (step: JsonObject): Json =>
  step["map"] ?? (Object.hasOwn(step, "fn") ? { fn: step["fn"] ?? null } : null)

const usual = make.retry(make.seq([]), {})

/** What a policy says that is not so anyway; how often is always said. */
function policyOf({ times, backoff, base, max, jitter, on }: Retry): Json {
  return retryBody.encode({
    times,
    ...(backoff === usual.backoff ? {} : { backoff }),
    ...(base === usual.base ? {} : { base }),
    ...(max === usual.max ? {} : { max }),
    ...(jitter === usual.jitter ? {} : { jitter }),
    ...(on === undefined ? {} : { on }),
  })
}
