import type { Command } from "commander"
import { collect, examples, type Finish } from "./offer.js"

/** Commands that run a flow, or say what a run would take. */
export function running(troupe: Command, finish: Finish): void {
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
    .action(async (file: string, options: object) => finish((await import("../commands/run.js")).run(file, options)))

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
    .action(async (file: string, options: object) => finish((await import("../commands/cost.js")).cost(file, options)))

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
      finish((await import("../commands/simulate.js")).simulate(file, options)),
    )
}
