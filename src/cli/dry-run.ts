import { providerType } from "../agents/models/providers.js"
import type { Diagnostic } from "../data/diagnostic.js"
import { asText, own } from "../data/json.js"
import { type Document, isCommandAgent, isHttpAgent, isModelAgent } from "../flow/document.js"
import type { Unchecked } from "../flow/interpret/check-findings.js"
import type { Cost } from "../flow/interpret/cost.js"
import { formatCost } from "../flow/interpret/cost-format.js"
import { toMermaid } from "../flow/interpret/mermaid.js"
import { checkDocument } from "../serde/types-check.js"
import { printable } from "./printable.js"
import { tellDiagnostic } from "./report.js"
import type { Terminal } from "./terminal.js"

/** What is known of a run that is not made. */
export interface DryRun {
  readonly file: string
  readonly document: Document
  readonly cost: Cost
  /** What may be wrong with it. */
  readonly warnings: readonly Diagnostic[]
  /** Variables of the environment that it needs and that are not set. */
  readonly missing: readonly Diagnostic[]
  /** What the document would do that nobody has allowed yet. */
  readonly leave: readonly Diagnostic[]
  /** By how much the least exceeds what the run may take. */
  readonly over: readonly string[]
  /** Whether the stand-in answers in the place of models. */
  readonly local: boolean
}

/** Who would be asked, and what that is. */
interface Asked {
  readonly agent: string
  readonly is: string
  readonly most: number | null
}

function asked({ document, cost, local }: DryRun): Asked[] {
  return Object.entries(cost.most.calls.byAgent).map(([agent, { value }]) => {
    const ref = own(document.agents, agent)
    return { agent, is: ref === undefined ? "the host's code" : kindOf(ref, local), most: value }
  })
}

function kindOf(ref: Document["agents"][string], local: boolean): string {
  if (isCommandAgent(ref)) return `the process ${ref.command.map(({ source }) => asText(source)).join(" ")}`
  if (isHttpAgent(ref)) return `${ref.method} ${asText(ref.url.source)}`
  if (!isModelAgent(ref)) return "the host's code"
  const { provider, model } = ref
  if (local) return "the local stand-in"
  const name = model === undefined ? provider.name : `${provider.name} ${model}`
  const key = provider.apiKey === undefined ? providerType(provider.type)?.keyEnv : undefined
  return key === undefined || process.env[key] !== undefined ? name : `${name}, and ${key} is not set`
}

const times = (most: number | null): string =>
  most === null ? "any number of times" : most === 1 ? "once at most" : `up to ${most.toLocaleString("en-US")} times`

/** Tells what a run would do: the diagram on standard output, all else on standard error; with `--json` one object. */
export function tellDryRun(screen: Terminal, dry: DryRun, json: boolean): void {
  const { file, document, cost, warnings, missing, leave, over } = dry
  const unchecked = checkDocument(document).unchecked.map((one) => ({ file, ...document.at(one.path), ...one }))
  const diagram = toMermaid(document.flow)
  if (json) {
    const diagnostics = [...warnings, ...missing, ...leave]
    screen.out(`${JSON.stringify({ diagnostics, unchecked, over, cost, asks: asked(dry), diagram }, null, 2)}\n`)
    return
  }
  const { err, colors } = screen
  for (const problem of missing) tellDiagnostic(screen, problem)
  for (const one of unchecked) err(`${colors.dim(printable(`${placeOf(one)}: unchecked: ${one.reason}`))}\n`)
  err(`${formatCost(cost)}\n`)
  for (const { agent, is, most } of asked(dry)) err(`would ask ${printable(`${agent} (${is}) ${times(most)}`)}\n`)
  for (const one of leave) tellDiagnostic(screen, one)
  for (const message of over) err(`${colors.red("error:")} ${printable(message)}\n`)
  err(`${colors.dim("nothing was run: --dry-run")}\n`)
  screen.out(diagram)
}

const placeOf = ({ file, line, column }: Unchecked & { file: string; line?: number; column?: number }): string =>
  line === undefined ? file : `${file}:${line}:${column}`
