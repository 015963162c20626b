import type { Command } from "commander"
import { collect, examples, type Finish } from "./offer.js"

/** Commands for those who read and review flows. */
export function reviewing(troupe: Command, finish: Finish): void {
  troupe
    .command("check")
    .description("check a flow without running it, or any code beside it")
    .argument("<files...>", "flow documents")
    .option(
      "-f, --format <format>",
      "text, json, or github: annotations of a pull request in GitHub Actions (default: text)",
    )
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .option("--json", "one JSON object on standard output: --format json")
    .addHelpText(
      "after",
      examples(
        "troupe check flows/*.yaml",
        "troupe check flow.yaml --json",
        "troupe check flows/*.yaml --format github",
      ),
    )
    .action(async (files: string[], options: object) =>
      finish((await import("../commands/check.js")).check(files, options)),
    )

  troupe
    .command("explain")
    .description("a flow in words: an outline, one line for a step, with its path")
    .argument("<file>", "the flow document")
    .option("--set <key=value>", "a parameter of the document (again for more)", collect)
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .option("--json", "one JSON object on standard output")
    .addHelpText(
      "after",
      examples(
        "troupe explain flow.yaml",
        "troupe explain flow.yaml --set tries=3",
        "troupe explain flow.yaml --json | jq -r '.lines[].text'",
      ),
    )
    .action(async (file: string, options: object) =>
      finish((await import("../commands/explain.js")).explain(file, options)),
    )

  troupe
    .command("render")
    .description("draw a flow")
    .argument("<file>", "the flow document")
    .option("-f, --format <format>", "mermaid, svg, png or html; by default what --output ends in, else mermaid")
    .option("-o, --output <file>", "write here instead of standard output")
    .option("--all", "draw everything, however large")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .addHelpText(
      "after",
      examples(
        "troupe render flow.yaml",
        "troupe render flow.yaml -o flow.html      # a page to pan, zoom and click, which needs nothing else",
        "troupe render flow.yaml --format svg -o flow.svg",
      ),
    )
    .action(async (file: string, options: object) =>
      finish((await import("../commands/render.js")).render(file, options)),
    )

  troupe
    .command("diff")
    .description("what changed from one flow to another, in a reviewer's words, and what that does to the cost")
    .argument("<before>", "a flow document, or REVISION:PATH as git takes it; alone, the file that changed")
    .argument("[after]", "the document to compare with it, likewise")
    .option("--from <revision>", "compare one file with what this revision of git has of it (default: HEAD)")
    .option("--exit-code", "exit with 1 when something but layout changed")
    .option("-f, --format <format>", "text, or markdown: a comment for a pull request, with both flows drawn", "text")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .option("--json", "one JSON object on standard output")
    .addHelpText(
      "after",
      examples(
        "troupe diff flow.yaml                          # since the last commit",
        "troupe diff flow.yaml --from main --format markdown",
        "troupe diff main:flows/flow.yaml flow.yaml     # a path of git's: from the top of the repository",
        "troupe diff old.yaml new.yaml --exit-code",
      ),
    )
    .action(async (before: string, after: string | undefined, options: object) =>
      finish((await import("../commands/diff.js")).diff(before, after, options)),
    )
}
