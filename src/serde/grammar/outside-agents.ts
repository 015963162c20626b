import type { AnyAgentRef } from "../../data/agent-ref.js"
import { isLeft } from "../../data/either.js"
import { asText, type JsonObject } from "../../data/json.js"
import { jsonSchema } from "../../data/schema.js"
import { type CommandAgent, type HttpAgent, isCommandAgent, isHttpAgent } from "../../flow/document.js"
import type { Expr } from "../../flow/expr.js"
import { readAddress, writeText } from "../expressions.js"
import { entry, kindOf, type Mapping } from "../tree.js"
import { textTemplate } from "./code.js"
import { encodeFields, type Field, optional, record, required } from "./field.js"
import { isFromEnv, reads } from "./in-scope.js"
import type { Reader } from "./reader.js"
import { duration, listOf, oneOf, text } from "./scalars.js"
import { schemaField } from "./schemas.js"

// Agents of a document that reach out of the process: another process, a request over HTTP.

const around = {
  timeout: optional(duration, "for one ask"),
  input: optional(schemaField, "what it takes"),
  output: optional(schemaField, "what it gives; without one its answer is text"),
  dependsOn: optional(listOf(text, "agents"), "in a document without a flow: agents that must have ended before it"),
}
const id = optional(text, "its name, where agents are a list")

const command = record("an agent that is a process", {
  id,
  command: required(
    listOf(textTemplate, "texts"),
    "a program and its arguments, without a shell; may read `params`. The input is on its standard input",
  ),
  ...around,
})

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const

/** Names of headers with their values. */
const headers: Field<Readonly<Record<string, Expr>>, JsonObject> = {
  schema: { type: "object", additionalProperties: { type: "string" } },
  decode(tree, cx) {
    if (tree.kind !== "mapping") return cx.wrong(tree, `headers is ${kindOf(tree)}`, "a mapping of names to texts")
    const found = tree.entries.map(({ key, value }) => [key, textTemplate.decode(value, cx)] as const)
    for (const one of tree.entries) {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(one.key)) {
        const message = `\`${one.key}\` is no name of a header`
        cx.report.key(one, { code: "header", message, hint: "write letters, digits and -" })
      }
    }
    return Object.fromEntries(found.flatMap(([key, expr]) => (expr === undefined ? [] : [[key, expr]])))
  },
  encode: (json) => json,
}

const request = record("http", {
  method: optional(oneOf(methods), "GET by default, POST where there is a `body`"),
  url: required(
    textTemplate,
    "where to; its host is written out or read from `env`. May read `value`, `params`, `env`",
  ),
  headers: optional(headers, "may read `value`, `params`, `env`; a secret is `${env.NAME}`"),
  body: optional(textTemplate, "what is sent; may read `value`, `params`, `env`. Without one, what arrived"),
})

const http = record("an agent that is a request over HTTP", {
  id,
  http: required(request, "the request: `{ method, url, headers, body }`"),
  ...around,
})

/** The forms, for the JSON Schema of the format. */
export const outsideSchemas: readonly JsonObject[] = [command.schema, http.schema]

export function readCommand(name: string, tree: Mapping, cx: Reader): CommandAgent | undefined {
  const said = command.decode(tree, cx)
  if (said === undefined) return undefined
  const { id: _, dependsOn: __, command: argv, ...rest } = said
  for (const one of argv) reads(one, ["params"], cx)
  if (argv.length === 0) {
    return cx.wrong(
      entry(tree, "command")?.value ?? tree,
      "the command is empty",
      "a program and its arguments",
      "[wc, -w]",
    )
  }
  return { _tag: "AgentRef", kind: "command", name, command: argv, ...schemas(rest) }
}

/** A header whose value is a secret. */
const secretName = /authorization|cookie|token|secret|password|api-?key/i

export function readHttp(name: string, tree: Mapping, cx: Reader): HttpAgent | undefined {
  const said = http.decode(tree, cx)
  if (said === undefined) return undefined
  const { id: _, dependsOn: __, http: request, ...rest } = said
  const allowed = ["value", "params", "env"]
  for (const one of [request.url, request.body, ...Object.values(request.headers ?? {})]) reads(one, allowed, cx)
  for (const [header, expr] of Object.entries(request.headers ?? {})) {
    const at = cx.places.get(expr)
    if (at === undefined || !secretName.test(header) || isFromEnv(asText(expr.source))) continue
    cx.report.at(at, {
      code: "secret",
      message: `the header ${header} is written into the document`,
      expected: "the name of a variable of the environment",
      hint: `write \`${header}: \${env.NAME}\` and set NAME where the flow runs`,
    })
  }
  const address = readAddress(request.url)
  if (isLeft(address)) {
    const at = cx.places.get(request.url) ?? tree
    const expected = "an address whose host is written out, or read from `env`: https://example.org/${value.id}"
    return cx.report.at(at, { code: "address", message: address.left, expected })
  }
  const method = request.method ?? (request.body === undefined ? "GET" : "POST")
  return { _tag: "AgentRef", kind: "http", name, ...request, method, address: address.right, ...schemas(rest) }
}

function schemas({
  input,
  output,
  timeout,
}: Pick<Parameters<typeof command.encode>[0], "input" | "output" | "timeout">) {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(input === undefined ? {} : { input: jsonSchema(input) }),
    ...(output === undefined ? {} : { output: jsonSchema(output) }),
  }
}

/** Such an agent as it is written; `undefined` for any other. */
export function writeOutside(ref: AnyAgentRef): JsonObject | undefined {
  if (!isCommandAgent(ref) && !isHttpAgent(ref)) return undefined
  const rest = { timeout: ref.timeout, input: ref.input?.json, output: ref.output?.json }
  if (isCommandAgent(ref)) return encodeFields(command.fields, { command: ref.command.map(writeText), ...rest })
  const { url, body, method, headers: said } = ref
  const usual = body === undefined ? "GET" : "POST"
  return encodeFields(http.fields, {
    http: {
      method: method === usual ? undefined : method,
      url: writeText(url),
      headers: said && Object.fromEntries(Object.entries(said).map(([key, expr]) => [key, writeText(expr)])),
      body: body && writeText(body),
    },
    ...rest,
  })
}
