import { Command } from "commander"
import { examples, type Finish } from "./offer.js"
import { reviewing } from "./reviewing.js"
import { running } from "./running.js"
import { settingUp } from "./setting-up.js"
import { writing } from "./writing.js"

/** All that the command line offers. Commands are loaded when they are called, so that `--help` and `check` start fast. */
export function program(version: string, finish: Finish): Command {
  const troupe = new Command("troupe")
    .description("Orchestrate agents with flows that are checked, drawn and priced before they run.")
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError("(--help says more)")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .addHelpText("after", examples("troupe check flow.yaml", "troupe run flow.yaml --input @question.txt"))
  running(troupe, finish)
  reviewing(troupe, finish)
  writing(troupe, finish)
  settingUp(troupe, finish)
  return troupe
}
