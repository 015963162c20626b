#!/usr/bin/env node
import { readFileSync } from "node:fs"
import { Command, CommanderError } from "commander"
import { messageOf } from "../data/fault.js"
import { leave } from "./early-end.js"
import { type ExitCode, exitCodes, Refused } from "./exit.js"
import { printable } from "./printable.js"
import { resultsWritten, terminal } from "./terminal.js"

// Commands are loaded when they are called, so that `--help` and `check` start fast.

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`
}

function program(): Command {
  const troupe = new Command("troupe")
    .description("Orchestrate agents with flows that are checked, drawn and priced before they run.")
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError("(--help says more)")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .addHelpText("after", examples("troupe check flow.yaml", "troupe run flow.yaml --input @question.txt"))

  troupe
    .command("run")
    .description("run a flow: its value on standard output, its progress on standard error")
    .argument("<file>", "the flow document, YAML or JSON")
    .option(
      "-i, --input <text>",
      "the input: text, @file, or - for standard input; JSON unless the flow takes a string",
    )
    .option("--set <key=value>", "a parameter of the document (again for more)", collect)
    .option("--models <kind>", "local: answer every model by a stand-in that extracts, without key and network")
    .option("--import <module>", "the host's code, instead of troupe.config.js beside the document")
    .option(
      "--allow <what>",
      "command: start processes; env: read any variable of the environment; net: send to addresses that are not the provider's own",
      collect,
    )
    .option("--dry-run", "check, price and draw it; load the host's code, as a run does, and ask no agent")
    .option("--timeout <duration>", "end the whole run after so long, such as 30s (exit code 1)")
    .option("--max-calls <number>", "ask agents no more often than this (exit code 1)")
    .option("--max-tokens <number>", "take no more tokens of models than this")
    .option("--max-usd <amount>", "spend no more US dollars than this")
    .option("--run-id <id>", "the run's name in events")
    .option("--json", "events as JSON, one a line, on standard output")
    .option("-q, --quiet", "no cost and no progress")
    .addHelpText(
      "after",
      examples(
        "troupe run flows/summarize.yaml --input @article.txt --set sentences=3",
        'echo "Why is the sky blue?" | troupe run flows/research-brief.yaml --input - --models local',
        "troupe run flow.yaml --input @question.txt --json | jq -c .type",
        "troupe run flow.yaml --dry-run > flow.mmd",
        "troupe run flow.yaml --input @question.txt --timeout 5m --max-calls 20 --max-usd 0.50",
      ),
    )
    .action(async (file: string, options: object) => finish((await import("./commands/run.js")).run(file, options)))

  troupe
    .command("check")
    .description("check a flow without running it, or any code beside it")
    .argument("<files...>", "flow documents")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .option("--json", "one JSON object on standard output")
    .addHelpText("after", examples("troupe check flows/*.yaml", "troupe check flow.yaml --json"))
    .action(async (files: string[], options: object) =>
      finish((await import("./commands/check.js")).check(files, options)),
    )

  troupe
    .command("cost")
    .description("what a run can cost at least and at most, before it runs")
    .argument("<file>", "the flow document")
    .option("--set <key=value>", "a parameter of the document (again for more)", collect)
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .option("--json", "one JSON object on standard output")
    .option("--max-calls <number>", "fail (exit code 1) where a run can ask agents more often")
    .option("--max-requests <number>", "fail where it can call models more often")
    .option("--max-tokens <number>", "fail where it can take more tokens")
    .option("--max-usd <amount>", "fail where it can cost more US dollars")
    .addHelpText(
      "after",
      examples(
        "troupe cost flow.yaml",
        "troupe cost flow.yaml --max-calls 20 --max-usd 0.50",
        "troupe cost flow.yaml --json | jq .most.calls.total",
      ),
    )
    .action(async (file: string, options: object) => finish((await import("./commands/cost.js")).cost(file, options)))

  troupe
    .command("simulate")
    .description("run a flow thousands of times on a virtual clock, with agents that are distributions")
    .argument("<file>", "the flow document")
    .option("--runs <number>", "how many runs (default: 10,000)")
    .option("--seed <number>", "another one, other runs; the same one, the same figures (default: 1)")
    .option(
      "--latency <[agent=]distribution>",
      "how long an agent takes, or every one without a latency of its own (again for more)",
      collect,
    )
    .option("--profile <file>", "how the agents behave: { agents, default }, JSON or YAML")
    .option("-i, --input <text>", "the input, as of troupe run; without it, one made from the flow's schema")
    .option("--set <key=value>", "a parameter of the document (again for more)", collect)
    .option("--import <module>", "the host's code, instead of troupe.config.js beside the document")
    .option("--json", "one JSON object on standard output")
    .addHelpText(
      "after",
      examples(
        'troupe simulate flow.yaml --latency "98% lognormal(2s, 4s) + 2% 30s"',
        'troupe simulate flow.yaml --latency "editor=lognormal(8s, 20s)" --latency 2s --runs 1000',
        "troupe simulate flow.yaml --profile measured.json --json | jq .latency.p99",
      ),
    )
    .action(async (file: string, options: object) =>
      finish((await import("./commands/simulate.js")).simulate(file, options)),
    )

  troupe
    .command("render")
    .description("draw a flow")
    .argument("<file>", "the flow document")
    .option("-f, --format <format>", "mermaid, svg or png; by default what --output ends in, else mermaid")
    .option("-o, --output <file>", "write here instead of standard output")
    .option("--all", "draw everything, however large")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .addHelpText("after", examples("troupe render flow.yaml", "troupe render flow.yaml --format svg -o flow.svg"))
    .action(async (file: string, options: object) =>
      finish((await import("./commands/render.js")).render(file, options)),
    )

  troupe
    .command("diff")
    .description("what changed from one flow to another, in a reviewer's words, and what that does to the cost")
    .argument("<before>", "a flow document")
    .argument("<after>", "the document to compare with it")
    .option("--exit-code", "exit with 1 when something but layout changed")
    .option("-f, --format <format>", "text or markdown", "text")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .option("--json", "one JSON object on standard output")
    .addHelpText("after", examples("troupe diff old.yaml new.yaml", "troupe diff old.yaml new.yaml --format markdown"))
    .action(async (before: string, after: string, options: object) =>
      finish((await import("./commands/diff.js")).diff(before, after, options)),
    )

  troupe
    .command("manifest")
    .description("write the names and schemas of the host's code to troupe.manifest.json, beside the document")
    .argument("<file>", "the flow document")
    .option("--import <module>", "the host's code, instead of troupe.config.js beside the document")
    .option("--check", "write nothing; fail when it is stale")
    .addHelpText("after", examples("troupe manifest flows/summarize.yaml", "troupe manifest flow.yaml --check"))
    .action(async (file: string, options: object) =>
      finish((await import("./commands/manifest.js")).manifest(file, options)),
    )

  return troupe
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** Ends the process once its output is written, whatever an agent that ignores its abort still holds open. */
async function finish(code: Promise<ExitCode>): Promise<void> {
  const exit = await code
  await resultsWritten()
  await new Promise<void>((resolve) => process.stderr.write("", () => resolve()))
  leave(exit)
}

/** A mistake is told in words; only our own bug shows its stack. */
function tell(error: unknown): void {
  const { err, colors } = terminal()
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrong
    return
  }
  process.exitCode = exitCodes.wrong
  if (error instanceof Refused) {
    const { file, message, hint } = error
    err(
      `${file === undefined ? "" : `${colors.bold(printable(file))}: `}${colors.red("error:")} ${printable(message)}\n`,
    )
    if (hint !== undefined) err(`  ${colors.dim("hint:")} ${printable(hint)}\n`)
    return
  }
  process.exitCode = exitCodes.failed
  err(
    `troupe failed, and that is our mistake: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}

// A reader that leaves early (`troupe … | head -1`) is no error; a full disk is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") leave(exitCodes.done)
  terminal().err(`error: standard output cannot be written: ${error.code ?? error.message}\n`)
  leave(exitCodes.failed)
})
// What an agent or the host's code throws outside of any answer: a rejection that nobody awaits, a timer's error.
process.on("unhandledRejection", uncaught)
process.on("uncaughtException", uncaught)
function uncaught(error: unknown): never {
  const place = /\n\s+at (.*)/.exec(error instanceof Error ? (error.stack ?? "") : "")?.[1]
  const { err, colors } = terminal()
  err(`${colors.red("error:")} thrown where nothing catches it: ${printable(messageOf(error))}\n`)
  if (place !== undefined)
    err(`${colors.dim("hint:")} it comes from ${printable(place)}; await it, or catch it there\n`)
  leave(exitCodes.failed)
}
// Progress that nobody can read keeps no flow from its end.
process.stderr.on("error", () => undefined)

// Not awaited: a module that is never done would have Node warn of it where we tell it in words.
program().parseAsync().catch(tell)
