import { Argument, type Command } from "commander"
import { examples, type Finish } from "./offer.js"

/** Commands for a machine and a new project. */
export function settingUp(troupe: Command, finish: Finish): void {
  troupe
    .command("init")
    .description("make a project that runs at once, from a flow of the gallery")
    .argument("[folder]", "where; made if it is not there", ".")
    .option("-t, --template <name>", "the flow to start from", "hello")
    .option("--list", "make nothing; name the flows to start from, and when to use each")
    .addHelpText("after", examples("troupe init my-flows", "troupe init --list", "troupe init desk --template triage"))
    .action(async (folder: string, options: object) =>
      finish((await import("../commands/init.js")).init(folder, options)),
    )

  troupe
    .command("doctor")
    .description("what is missing on this machine for a flow, and how to mend it, without asking a model")
    .argument("[file]", "the flow document; without it, all that the command line can use")
    .option("--import <module>", "the host's code, which is run, to tell whether troupe.manifest.json is stale")
    .option("--json", "one JSON object on standard output")
    .addHelpText(
      "after",
      examples("troupe doctor", "troupe doctor flow.yaml", "troupe doctor flow.yaml --json | jq .ok"),
    )
    .action(async (file: string | undefined, options: object) =>
      finish((await import("../commands/doctor.js")).doctor(file, options)),
    )

  troupe
    .command("completion")
    .description("print a script that completes commands, options and flow documents in your shell")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      examples(
        "source <(troupe completion bash)   # in ~/.bashrc; zsh: in ~/.zshrc, after compinit",
        "troupe completion fish > ~/.config/fish/completions/troupe.fish",
      ),
    )
    .action(async (shell: string) => finish((await import("../commands/completion.js")).completion(shell, troupe)))
}
