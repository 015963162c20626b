import type { JsonSchema } from "../data/schema.js"
import { asText } from "../data/json.js"
import { type Document, isHttpAgent, isModelAgent } from "../flow/document.js"
import type { Expr, ExprProblem, Types } from "../flow/expr.js"
import type { CheckProblem } from "../flow/interpret/check-findings.js"

type Env = Readonly<Record<string, string | undefined>>

/**
 * Every place where an agent or a provider of a document reads a variable of the environment that is not set, and that it
 * does not test with `has`. Warnings for `diagnose`, which knows where they stand.
 *
 * @param parts `"agents"` leaves the providers out: a stand-in for models needs none of their keys.
 */
export function unsetVariables(document: Document, env: Env, parts: "all" | "agents" = "all"): readonly CheckProblem[] {
  const set = Object.keys(env).filter((name) => env[name] !== undefined)
  const variables: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(set.map((name) => [name, { type: "string" }])),
    required: set,
    additionalProperties: { type: "string" },
  }
  const types: Types = {
    names: ["value", "params", "env"],
    get: (name) => (name === "env" ? variables : true),
  }
  const agents = Object.values(document.agents).filter((ref) => isModelAgent(ref))
  const requests = Object.values(document.agents).filter((ref) => isHttpAgent(ref))
  const providers = parts === "all" ? Object.values(document.providers) : []
  const read: readonly (readonly [path: string, expr: Expr | undefined])[] = [
    ...providers.flatMap(({ name, baseUrl, apiKey }) => [
      [`providers.${name}.base_url`, baseUrl] as const,
      [`providers.${name}.api_key`, apiKey] as const,
    ]),
    ...agents.flatMap(({ name, prompt, systemPrompt }) => [
      [`agents.${name}.prompt`, prompt] as const,
      [`agents.${name}.system_prompt`, systemPrompt] as const,
    ]),
    ...requests.flatMap(({ name, url, body, headers = {} }) => [
      [`agents.${name}.http.url`, url] as const,
      [`agents.${name}.http.body`, body] as const,
      ...Object.entries(headers).map(([header, expr]) => [`agents.${name}.http.headers.${header}`, expr] as const),
    ]),
  ]
  return read.flatMap(([path, expr]) =>
    expr?.names.includes("env") === true
      ? expr
          .infer(types)
          .problems.filter(({ code }) => code === "optional_field")
          .map((problem) => unset(path, expr, problem))
      : [],
  )
}

function unset(path: string, expr: Expr, { at, start, end }: ExprProblem): CheckProblem {
  const name = asText(expr.source).slice(start, end)
  return {
    severity: "warning",
    code: "env_unset",
    message: `the environment variable ${name} is not set`,
    hint: `set it where the flow runs, or test it first: has(env.${name})`,
    path,
    expr,
    at,
    start,
    end,
  }
}
