import { isRecord, type Json, type JsonObject } from "../data/json.js"
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
  readonly schema: JsonObject
  expand(body: Json, step: ReadStep): AnyFlow
}

const seatSchema: JsonObject = { anyOf: [{ type: "string" }, { $ref: "#/$defs/step" }] }

const layerSchema: JsonObject = {
  type: "object",
  properties: {
    proposers: { description: "agents by name, or steps", type: "array", items: seatSchema, minItems: 1 },
    aggregator: { description: "the agent, or the step, that makes one answer of theirs", ...seatSchema },
    quorum: { description: "how many proposers must answer; all of them by default", type: "integer", minimum: 1 },
    timeout: { description: "the longest that each may take; no limit by default", $ref: "#/$defs/duration" },
  },
  required: ["proposers", "aggregator"],
  additionalProperties: false,
}

/** The step keys of ensembles, for a registry: `moa: { layers: [{ proposers, aggregator, quorum, timeout }] }`. */
export const sugar: readonly MoaSugar[] = [
  {
    key: "moa",
    about: "a Mixture of Agents: layers of proposers and an aggregator",
    schema: {
      type: "object",
      properties: {
        layers: {
          description: "one after the other: each proposes with what the one before has found",
          type: "array",
          items: layerSchema,
          minItems: 1,
        },
      },
      required: ["layers"],
      additionalProperties: false,
      examples: [
        {
          layers: [
            { proposers: ["researcher", "analyst", "critic"], aggregator: "editor", quorum: 2, timeout: "20s" },
            { proposers: ["critic"], aggregator: "editor" },
          ],
        },
      ],
    },
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
