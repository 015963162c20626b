import { Cancel } from "../../data/cancel.js"
import type { Clock } from "../../data/clock.js"
import { AbortedError, FaultError } from "../../data/fault.js"
import { formatDuration } from "../../data/duration.js"
import type { Call, Connection, Endpoint, Reply } from "./endpoint.js"
import { readJson } from "./json-answer.js"
import { modelFault } from "./model-faults.js"
import { type Model, modelDefaults, type ModelRequest, type ModelResult } from "./model.js"

/** What a model behind a client is made of. */
export interface RemoteModelOptions {
  readonly endpoint: Endpoint
  readonly model: string
  /** Milliseconds for a call whose request names no other. */
  readonly timeout: number
  readonly clock: Clock
  /** Loads the client, on the first call. */
  readonly connect: (endpoint: Endpoint) => Promise<Connection>
}

/** A model behind an SDK: one deadline, one way to end it, and faults, whatever the client does. */
export class RemoteModel implements Model {
  readonly version = 1
  readonly provider: string
  readonly model: string
  readonly #options: RemoteModelOptions
  #connection: Promise<Connection> | undefined

  constructor(options: RemoteModelOptions) {
    this.provider = options.endpoint.provider
    this.model = options.model
    this.#options = options
  }

  call(request: ModelRequest): Promise<ModelResult> {
    const { clock, endpoint } = this.#options
    const timeout = request.timeout ?? this.#options.timeout
    const model = request.model ?? this.model
    const cancel = new Cancel(request.cancel)
    if (cancel.cancelled) return Promise.reject(new AbortedError(cancel.reason))
    return new Promise((resolve, reject) => {
      let open = true
      const end = (): boolean => {
        if (!open) return false
        open = false
        stopTimer()
        cancel.release()
        return true
      }
      const stopTimer = clock.after(timeout, () => {
        if (end()) reject(timedOut(endpoint, model, timeout))
        cancel.cancel("timed out")
      })
      cancel.onCancel((reason) => {
        if (end()) reject(new AbortedError(reason))
      })
      const { onDelta } = request
      const call = callOf(request, model, endpoint, cancel.signal, (text) => {
        if (!open) return
        try {
          onDelta?.(text)
        } catch (error) {
          if (end()) reject(error)
          cancel.cancel("its listener threw")
        }
      })
      this.#connect()
        .then((connection) => connection(call.call))
        .then((reply) => resultOf(reply, request, endpoint, model, call.ignored))
        .then(
          (result) => {
            if (end()) resolve(result)
          },
          (error: unknown) => {
            if (end()) reject(modelFault(error, endpoint, model, clock.now()))
          },
        )
    })
  }

  /** One client for all calls, so that connections are kept. A failure to load is not remembered. */
  #connect(): Promise<Connection> {
    this.#connection ??= this.#options.connect(this.#options.endpoint).catch((error: unknown) => {
      this.#connection = undefined
      throw error
    })
    return this.#connection
  }
}

function callOf(
  request: ModelRequest,
  model: string,
  endpoint: Endpoint,
  signal: AbortSignal,
  onDelta: (text: string) => void,
): { readonly call: Call; readonly ignored: readonly string[] } {
  const takes = endpoint.type.temperature
  const usual = takes === true || (takes !== false && !takes.not.test(model)) ? modelDefaults.temperature : undefined
  const call: Call = {
    model,
    system: request.system,
    messages: request.messages,
    schema: request.schema,
    temperature: takes === false ? undefined : (request.temperature ?? usual),
    maxTokens: request.maxTokens ?? modelDefaults.maxTokens,
    signal,
    onDelta: request.onDelta === undefined ? undefined : onDelta,
  }
  return { call, ignored: takes === false && request.temperature !== undefined ? ["temperature"] : [] }
}

function resultOf(
  reply: Reply,
  request: ModelRequest,
  endpoint: Endpoint,
  model: string,
  ignored: readonly string[],
): ModelResult {
  const { text, usage, stopReason, wrapped } = reply
  if (request.schema !== undefined && stopReason === "refused") {
    const message = `${endpoint.provider} ${model} refused to answer${text === "" ? "" : `: ${text.slice(0, 300)}`}`
    throw new FaultError({ _tag: "ModelFailed", provider: endpoint.provider, model, message, retry: "no" })
  }
  const cut = stopReason === "length"
  return {
    text,
    stopReason,
    ...(request.schema === undefined ? {} : { value: readJson(text, { wrapped, cut }) }),
    ...(usage === undefined ? {} : { usage }),
    ...(ignored.length === 0 ? {} : { ignored }),
  }
}

function timedOut(endpoint: Endpoint, model: string, timeout: number): FaultError {
  const message = `${endpoint.provider} ${model}: no whole answer within ${formatDuration(timeout)}`
  return new FaultError({ _tag: "TimedOut", after: timeout, message, retry: "yes" })
}
