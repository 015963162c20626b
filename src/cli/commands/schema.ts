import { sugar } from "../../moa/index.js"
import { formatSchema } from "../../serde/grammar/format-schema.js"
import { registry } from "../../serde/registry.js"
import { type ExitCode, exitCodes } from "../exit.js"
import { terminal } from "../terminal.js"
import { write } from "../write-file.js"

export interface SchemaOptions {
  readonly output?: string
}

/** `troupe schema`: the JSON Schema of the format, with the step keys that the command line always knows. */
export async function schema({ output }: SchemaOptions): Promise<ExitCode> {
  const text = `${JSON.stringify(formatSchema(registry({ sugar })), null, 2)}\n`
  if (output === undefined) terminal().out(text)
  else await write(output, text)
  return exitCodes.done
}
