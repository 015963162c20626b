import type { Fault } from "../data/fault.js"
import * as flows from "../flow/index.js"
import type { Fn } from "../flow/node.js"
import { answerTo, ask, digest, isEven, mark, parity, step } from "./alphabet.js"
import * as meaning from "./meaning.js"
import { together } from "./meaning-parallel.js"
import { gave } from "./outcome.js"
import { about, members, only, type Sample } from "./sample.js"
import { atOnce } from "./world.js"

type Any = flows.Flow<unknown, unknown>

// One maker for each way to put flows in a row or to choose between them, which makes the flow and what it means.

export const constant = (value: unknown): Sample => ({ flow: flows.pure(value), means: meaning.constant(value) })

export const applying = (fn: Fn<unknown>): Sample => ({
  flow: flows.lift(fn),
  means: meaning.applied(fn.name ?? "", fn.run),
})

export const asking = (name: string): Sample => ({
  flow: ask(name),
  means: name === "stop" ? meaning.aborted : meaning.asked(name),
  agent: name,
})

export const failing = (code: string, retry: boolean): Sample => ({
  flow: flows.fail({ code, message: `it is ${code}`, retry }),
  means: meaning.failing(code, retry),
})

/** Each on the output of the one before. */
export const inOrder = (...of: readonly Sample[]): Sample => ({
  flow: of.reduce<flows.Flow<unknown, unknown>>((so, { flow }) => so.andThen(flow), flows.identity<unknown>()),
  means: meaning.followed(...of.map(({ means }) => means)),
  ...only(of),
})

/** `of`, its result called `name` in what `body` makes of that name. */
export function binding(name: string, of: Sample, body: (bound: Sample) => Sample): Sample {
  let inside: Sample = of
  const flow = flows.letIn(name, of.flow, (bound) => {
    inside = body({ flow: bound, means: meaning.bound(name) })
    return inside.flow
  })
  return { flow, means: meaning.named(name, of.means, inside.means), ...only([of, inside]) }
}

/** By whether the digest is even. */
export const choosing = (yes: Sample, no: Sample): Sample => ({
  flow: flows.identity<unknown>().branchOn(isEven, yes.flow, no.flow),
  means: meaning.chosen((value) => String(digest(value) % 2 === 0), { true: yes.means, false: no.means }),
  ...members([yes, no]),
})

/** By the parity that a classifier finds; the arm gets what the classifier got. */
export const routing = (by: Sample, even: Sample, odd: Sample): Sample => ({
  flow: flows.route(by.flow.map(parity), { even: even.flow, odd: odd.flow }),
  means: meaning.routed(meaning.followed(by.means, meaning.applied("", parity.run)), {
    even: even.means,
    odd: odd.means,
  }),
  ...members([even, odd]),
})

/** The flow that a function chooses from an output, by its parity. */
export const chooser = (yes: Any, no: Any): Fn<unknown, Any> =>
  flows.named(`laws.choose.${mark(yes)}.${mark(no)}`, (output: unknown) => (isEven.run(output) ? yes : no))

/** What a function chooses by the output of `of`, on the input of `of`. `listed`: the choices are known. */
export function flatMapping(of: Sample, yes: Sample, no: Sample, listed: boolean): Sample {
  const distinct = mark(yes.flow) === mark(no.flow) ? [yes] : [yes, no]
  const using = chooser(yes.flow, no.flow)
  const options = listed ? { among: distinct.map(({ flow }) => flow) } : {}
  return {
    flow: of.flow.flatMap(using, options),
    means: meaning.flatMapped(of.means, (output) => (isEven.run(output) ? yes.means : no.means)),
    ...only([of, listed ? members(distinct) : { agent: null }]),
  }
}

export const recovering = (of: Sample, handler: Sample): Sample => ({
  flow: of.flow.recoverWith(handler.flow),
  means: meaning.recovered(of.means, handler.means, "fault"),
  ...about(of.agent),
})

export const fallingBack = (of: Sample, other: Sample): Sample => ({
  flow: of.flow.fallbackTo(other.flow),
  means: meaning.recovered(of.means, other.means, "input"),
  ...about(of.agent),
})

export const recoveringTag = (tag: Fault["_tag"], of: Sample, handler: Sample): Sample => ({
  flow: of.flow.recoverTag(tag, handler.flow),
  means: meaning.recovered(of.means, handler.means, "fault", (fault) => fault._tag === tag),
  ...about(of.agent),
})

/** Never fails: an outcome as a value. */
export const attempting = (of: Sample): Sample => ({
  flow: of.flow.attempt(),
  means: meaning.recovered(
    meaning.followed(
      of.means,
      atOnce((value) => gave({ ok: true, value })),
    ),
    atOnce((fault) => gave({ ok: false, fault })),
    "fault",
  ),
  ...about(of.agent),
})

/** Turns of a body until its output's digest is a multiple of three. */
export const looping = (body: Sample, max: number, exhausted: "fail" | "last"): Sample => ({
  flow: flows.loop(body.flow.map(step), { max, exhausted }),
  means: meaning.repeated(meaning.followed(body.means, meaning.applied("", step.run)), max, exhausted),
  ...about(body.agent),
})

const count = flows.named("laws.turns", ([, turns]: readonly [unknown, number]) => turns + 1)

/** A loop that counts its turns: the body sees the value and the count. */
export function loopingWithState(body: Sample, initial: number, max: number): Sample {
  const turn = flows.zip(body.flow.map(step), flows.lift(count))
  const counted = atOnce((given) => gave(Array.isArray(given) ? given[1] + 1 : undefined))
  const means = together([meaning.followed(body.means, meaning.applied("", step.run)), counted])
  // A turn gives [step, state]; the next one gets [value, state].
  const next = atOnce((given) => {
    const [said, state] = Array.isArray(given) ? given : []
    return gave(said._tag === "Done" ? said : { _tag: "Continue", value: [said.value, state] })
  })
  return {
    flow: flows.loopWithState(turn, { initial, max }),
    means: meaning.followed(
      atOnce((value) => gave([value, initial])),
      meaning.repeated(meaning.followed(means, next), max, "fail"),
    ),
    ...members([body]),
  }
}

/** A field of a record, from what the record is made of. */
export const bindingField = (of: Sample, name: string, k: Sample): Sample => ({
  flow: of.flow.map(record).bind(name, k.flow),
  means: meaning.followed(
    of.means,
    meaning.applied("", record.run),
    together([meaning.followed(), k.means]),
    atOnce((both) => {
      const [fields, value] = Array.isArray(both) ? both : []
      return gave({ ...fields, [name]: value })
    }),
  ),
  ...only([of, members([k])]),
})

const record = flows.named("laws.record", (value: unknown) => ({ was: digest(value) }))

/** Another flow, by a name that stands for it alone. */
export const calling = (of: Sample): Sample => ({
  flow: flows.call(`flow_${mark(of.flow)}`, of.flow),
  means: meaning.called(of.means),
  ...about(of.agent),
})

/** Waits for the answer of that name. */
export const suspending = (name: string): Sample => ({
  flow: flows.suspend(name, { type: "string" }),
  means: meaning.constant(answerTo(name)),
})

export const sleeping = (ms: number): Sample => ({ flow: flows.sleep(ms), means: meaning.slept(ms) })
