import { createHash } from "node:crypto"
import { basename } from "node:path"
import type { Document } from "../../flow/document.js"
import { cost } from "../../flow/interpret/cost.js"
import { formatCost } from "../../flow/interpret/cost-format.js"
import { type OutlineLine, outlineOf } from "../../flow/interpret/explain.js"
import { chartOf } from "../../flow/interpret/mermaid.js"
import { agentsOf, detailsOf } from "./details.js"
import { html, scriptData } from "./escape.js"
import { layout } from "./layout.js"
import { script } from "./page-script.js"
import { style } from "./page-style.js"
import { svg } from "./svg.js"

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

// Nothing is fetched, and no script runs but the page's own, by its hash, whatever the document says.
const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`

/** A document as one HTML page that needs nothing else: the drawing, its details, the cost and the outline. */
export function page(document: Document, file: string, options: { readonly all?: boolean }): string {
  const { flow, input, description } = document
  const name = document.name ?? basename(file)
  const drawing = layout(chartOf(flow, options).piece)
  const outline = outlineOf(flow)
  const drawn = drawing.boxes.flatMap(({ box }) => box.paths ?? [])
  const told = outline.flatMap(({ path }) => (path === "" ? [] : [path]))
  const details = detailsOf(document, [...drawn, ...told.slice(0, mostTold)])
  const data = { file: basename(file), outline, details, agents: agentsOf(document) }
  const price = formatCost(cost(flow, input === undefined ? {} : { input }))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="troupe render">
<title>${html(name)}</title>
<style>${style}</style>
</head>
<body>
<header><div><h1>${html(name)}</h1><p>${html(description ?? basename(file))}</p></div><button id="theme" type="button">colours</button></header>
<main id="stage" tabindex="0" aria-label="The flow, drawn: arrow keys move it, plus and minus zoom, 0 shows all of it">
${svg(drawing, `The flow ${name}`)}
<div id="tools"><button id="zoom-in" type="button" aria-label="zoom in">+</button><button id="zoom-out" type="button" aria-label="zoom out">−</button><button id="zoom-fit" type="button">all of it</button></div>
<span id="hint">drag to move · wheel or + − to zoom · click for details</span>
</main>
<aside>
<section id="details" class="empty"><h2>Details</h2><p class="none">Click a box, a frame, or a line of the outline.</p></section>
<section id="cost"><h2>What a run can cost</h2><pre>${html(price)}</pre></section>
<section id="outline"><h2>Outline</h2><ul>
${outline.map(listed).join("\n")}
</ul></section>
${around(document)}</aside>
<script type="application/json" id="data">${scriptData(data)}</script>
<script>${script}</script>
</body>
</html>
`
}

/** Beyond so many lines of the outline, only what is drawn has details. */
const mostTold = 2_000

function listed({ level, text, path }: OutlineLine): string {
  const indent = ` style="padding-left:${Math.min(level, 24) * 14}px"`
  if (path === "") return `<li${indent}>${html(text)}</li>`
  return `<li class="open" tabindex="0" role="button" data-path="${html(path)}"${indent}>${html(text)} <span class="path">${html(path)}</span></li>`
}

/** What a document says around its flow: its input, its output and its parameters. */
function around({ input, output, params }: Document): string {
  const schemas = [
    ...(input === undefined ? [] : [["input", input] as const]),
    ...(output === undefined ? [] : [["output", output] as const]),
    ...Object.entries(params).map(([name, schema]) => [`parameter ${name}`, schema] as const),
  ]
  if (schemas.length === 0) return ""
  const parts = schemas.map(
    ([name, schema]) => `<p class="label">${html(name)}</p><pre>${html(JSON.stringify(schema, null, 2))}</pre>`,
  )
  return `<section id="schemas"><h2>Input and parameters</h2>${parts.join("")}</section>\n`
}
