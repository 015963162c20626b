import type { Command } from "commander"
import { examples, type Finish } from "./offer.js"

/** Commands for those who write documents. */
export function writing(troupe: Command, finish: Finish): void {
  troupe
    .command("fmt")
    .description("print flow documents in their canonical form, comments kept")
    .argument("<files...>", "flow documents, or - for standard input")
    .option("-w, --write", "write the files instead of printing them")
    .option("-c, --check", "write and print nothing but the names of files that are not formatted (exit code 1)")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .addHelpText(
      "after",
      examples(
        "troupe fmt flow.yaml",
        "troupe fmt --write flows/*.yaml",
        "troupe fmt --check flows/*.yaml",
        "troupe fmt - < flow.yaml",
      ),
    )
    .action(async (files: string[], options: object) =>
      finish((await import("../commands/fmt.js")).fmt(files, options)),
    )

  troupe
    .command("convert")
    .description("a flow document in the other spelling: YAML as JSON, JSON as YAML")
    .argument("<file>", "the flow document, or - for standard input")
    .option("-t, --to <spelling>", "yaml or json; by default what --output ends in")
    .option("-o, --output <file>", "write here instead of standard output")
    .option("--import <module>", "read names and schemas from this code instead of troupe.manifest.json")
    .addHelpText("after", examples("troupe convert flow.yaml --to json", "troupe convert flow.json -o flow.yaml"))
    .action(async (file: string, options: object) =>
      finish((await import("../commands/convert.js")).convert(file, options)),
    )

  troupe
    .command("schema")
    .description("print the JSON Schema of flow documents, for completion in editors")
    .option("-o, --output <file>", "write here instead of standard output")
    .addHelpText("after", examples("troupe schema -o troupe.schema.json", "troupe schema | jq '.properties | keys'"))
    .action(async (options: object) => finish((await import("../commands/schema.js")).schema(options)))

  troupe
    .command("manifest")
    .description("write the names and schemas of the host's code to troupe.manifest.json, beside the document")
    .argument("<file>", "the flow document")
    .option("--import <module>", "the host's code, instead of troupe.config.js beside the document")
    .option("--check", "write nothing; fail when it is stale")
    .addHelpText("after", examples("troupe manifest flows/summarize.yaml", "troupe manifest flow.yaml --check"))
    .action(async (file: string, options: object) =>
      finish((await import("../commands/manifest.js")).manifest(file, options)),
    )
}
