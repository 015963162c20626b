import type { Header } from "../../src/cli/gallery.js"

export interface Entry extends Header {
  readonly name: string
  readonly description: string
  readonly drawing: string
}

const head = `# Flows to start from

Each of these documents is checked, priced and drawn here, and run by the tests with models that say what they are told. Take
the one that is nearest to what you need: \`troupe init my-flows --template NAME\` puts it into a project of its own (not
summarize, whose agents are code), and its command below runs there as it does here. \`--models local\` answers without a key
and a network, by sentences of the input; leave it out for the models that the document names.

| flow | use it when |
|---|---|
`

/** The page of the gallery, \`flows/README.md\`: it is made of the documents alone, so that it cannot say anything else. */
export function pageOf(entries: readonly Entry[]): string {
  const rows = entries.map(({ name, when }) => `| [${name}](#${name}) | ${when.replace(/\.$/, "")} |\n`)
  return `${head}${rows.join("")}${entries.map(section).join("")}`
}

const section = ({ name, description, command, drawing }: Entry): string => `
## ${name}

${description} [${name}.yaml](${name}.yaml)

\`\`\`sh
${command}
\`\`\`

\`\`\`mermaid
${drawing.trimEnd()}
\`\`\`
`
