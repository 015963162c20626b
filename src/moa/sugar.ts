import { isRecord, type Json } from "../data/json.js"
import { parseDuration } from "../data/duration.js"
import { nodeOf } from "../flow/build.js"
import type { Fn } from "../flow/node.js"
import { InvalidFlow } from "../flow/invalid.js"
import type { AnyFlow } from "../flow/types.js"
import { layer } from "./layer.js"
import { moa } from "./moa.js"
import { gather, question, refer, references } from "./seats.js"

/** The named functions of ensembles, for a registry. */
export const functions: readonly Fn[] = [asFn(references), asFn(gather), asFn(refer), asFn(question)]

function asFn<I, O>(fn: Fn<I, O>): Fn {
  return fn
}

type Place = readonly (string | number)[]
type ReadStep = (at: Place) => AnyFlow

interface MoaSugar {
  readonly key: string
  readonly about: string
  expand(body: Json, step: ReadStep): AnyFlow
}

/** The step keys of ensembles, for a registry: `moa: { layers: [{ proposers, aggregator, quorum, timeout }] }`. */
export const sugar: readonly MoaSugar[] = [
  {
    key: "moa",
    about: "a Mixture of Agents: layers of proposers and an aggregator",
    expand: (body, step) => expand(body, step),
  },
]

const layerKeys: readonly string[] = ["proposers", "aggregator", "quorum", "timeout"]

function refuse(at: Place, message: string): never {
  throw new InvalidFlow("moa", message, at.join("/"))
}

function expand(body: Json, step: ReadStep): AnyFlow {
  if (!isRecord(body)) return refuse([], "moa: expected a mapping with `layers`")
  for (const key of Object.keys(body)) if (key !== "layers") refuse([key], `moa has no key \`${key}\`: expected layers`)
  const { layers } = body
  if (!Array.isArray(layers) || layers.length === 0) return refuse([], "moa: expected `layers`, a list of one or more")
  return moa(layers.map((one: unknown, i) => expandLayer(one, ["layers", i], step)))
}

function expandLayer(body: unknown, at: Place, step: ReadStep): AnyFlow {
  if (!isRecord(body)) return refuse(at, "a layer: expected a mapping with `proposers` and `aggregator`")
  for (const key of Object.keys(body)) {
    if (!layerKeys.includes(key))
      refuse([...at, key], `a layer has no key \`${key}\`: expected one of ${layerKeys.join(", ")}`)
  }
  const { proposers, aggregator, quorum, timeout } = body
  if (!Array.isArray(proposers) || proposers.length === 0) return refuse(at, "a layer needs `proposers`, a list")
  if (aggregator === undefined) return refuse(at, "a layer needs an `aggregator`, a step")
  const ms = typeof timeout === "string" ? parseDuration(timeout) : undefined
  if (timeout !== undefined && ms === undefined)
    refuse([...at, "timeout"], "a layer's timeout: expected a duration such as 30s")
  if (quorum !== undefined && typeof quorum !== "number")
    refuse([...at, "quorum"], "a layer's quorum: expected a whole number")
  try {
    return layer({
      proposers: proposers.map((_, i) => seat(step([...at, "proposers", i]))),
      aggregator: seat(step([...at, "aggregator"])),
      ...(typeof quorum === "number" ? { quorum } : {}),
      ...(ms === undefined ? {} : { timeout: ms }),
    })
  } catch (error) {
    throw error instanceof InvalidFlow && error.path === ""
      ? new InvalidFlow(error.code, error.message, at.join("/"))
      : error
  }
}

/** A step that is one agent and nothing else stands for the agent, whose name the next layer reads. */
function seat(step: AnyFlow): Parameters<typeof layer>[0]["aggregator"] {
  const node = nodeOf(step)
  return "ref" in node && node.override === undefined && node.id === undefined && node.note === undefined
    ? node.ref
    : step
}
