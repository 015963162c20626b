// Two palettes with the same names; every colour of the page is one of these.
const light = `
  --page: #fff; --ink: #1d2433; --dim: #5b6577; --line: #d5dbe5; --panel: #f6f8fb; --accent: #1f5fc4; --arrow: #6b7688;
  --agent: #e3efff; --agent-line: #2f6fd0; --agent-ink: #10264a;
  --pure: #f1f2f4; --pure-line: #a3abb8; --pure-ink: #3b4352;
  --fail: #fde7e7; --fail-line: #c93434; --fail-ink: #6b1313;
  --quorum: #fff3cd; --quorum-line: #b88700; --quorum-ink: #5c4400;
  --choice: #eee8fb; --choice-line: #7a55c7; --choice-ink: #33205e;
  --wait: #e2f5ea; --wait-line: #2c8f57; --wait-ink: #123f26;
  --call: #e0f4f6; --call-line: #22838f; --call-ink: #0d3d43;
  --end: #fff; --end-line: #555e6e; --end-ink: #1d2433;
  --frame: rgba(110, 140, 190, 0.08); --frame-line: #8fa5c8;
  --called: rgba(34, 131, 143, 0.08);`
const dark = `
  --page: #12161d; --ink: #e3e8f0; --dim: #9aa5b6; --line: #2d3542; --panel: #191f29; --accent: #7db0ff; --arrow: #8c98aa;
  --agent: #17305a; --agent-line: #5b97f2; --agent-ink: #dceaff;
  --pure: #252c37; --pure-line: #5d6879; --pure-ink: #cdd5e0;
  --fail: #4a1a1c; --fail-line: #e06a6a; --fail-ink: #ffdede;
  --quorum: #43360d; --quorum-line: #d9ab2b; --quorum-ink: #ffedb8;
  --choice: #33265a; --choice-line: #a485ec; --choice-ink: #ece4ff;
  --wait: #153a26; --wait-line: #4fb57d; --wait-ink: #d5f5e2;
  --call: #12393e; --call-line: #45a9b5; --call-ink: #d2f3f7;
  --end: #12161d; --end-line: #9aa5b6; --end-ink: #e3e8f0;
  --frame: rgba(130, 160, 215, 0.08); --frame-line: #566a8c;
  --called: rgba(69, 169, 181, 0.09);`

const kinds = ["agent", "pure", "fail", "quorum", "choice", "wait", "call", "end"]
const boxes = kinds.map(
  (kind) =>
    `.box.${kind} > :is(rect, polygon, path) { fill: var(--${kind}); stroke: var(--${kind}-line) }\n` +
    `.box.${kind} > text { fill: var(--${kind}-ink) }`,
)

/** The style of the page: light and dark as the system asks, or as the switch says, and on paper always light. */
export const style: string = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }
:root[data-theme="light"] { color-scheme: light }
:root[data-theme="dark"] { color-scheme: dark; ${dark} }
* { box-sizing: border-box }
html, body { margin: 0; height: 100% }
body { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) minmax(300px, 400px);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); background: var(--page) }
header { grid-column: 1 / -1; display: flex; align-items: center; gap: 6px 18px; padding: 9px 16px; border-bottom: 1px solid var(--line) }
header div { flex: 1; min-width: 0 }
h1 { font-size: 17px; margin: 0; overflow-wrap: anywhere }
header p { margin: 1px 0 0; color: var(--dim); max-height: 4.4em; overflow: auto; overflow-wrap: anywhere }
h2 { font-size: 11.5px; letter-spacing: 0.06em; text-transform: uppercase; color: var(--dim); margin: 0 0 7px }
button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 3px 10px; cursor: pointer; white-space: nowrap }
button:hover { border-color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
#stage { position: relative; min-width: 0; min-height: 0; overflow: hidden; cursor: grab; touch-action: none; user-select: none; -webkit-user-select: none }
#stage:active { cursor: grabbing }
#stage:focus-visible { outline-offset: -2px }
#drawing { display: block; width: 100%; height: 100% }
#tools { position: absolute; left: 12px; bottom: 12px; display: flex; gap: 5px }
#hint { position: absolute; right: 12px; bottom: 14px; color: var(--dim); font-size: 12px; pointer-events: none }
aside { overflow: auto; border-left: 1px solid var(--line); background: var(--panel); overscroll-behavior: contain }
section { padding: 13px 16px; border-bottom: 1px solid var(--line) }
section p { margin: 0 0 6px }
pre, code, .path { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; unicode-bidi: isolate }
pre { margin: 3px 0 9px; padding: 8px 10px; max-height: 340px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--page); border: 1px solid var(--line); border-radius: 6px }
#cost pre { max-height: none }
#details h2:not(:first-child) { margin-top: 14px }
#details dl + .label { margin-top: 8px }
dl { margin: 0 0 6px; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 12px }
dt { color: var(--dim) }
dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate }
.label { color: var(--dim); margin: 0 }
.none { color: var(--dim) }
#details h3 { font-size: 15px; margin: 0 0 6px; overflow-wrap: anywhere; unicode-bidi: isolate }
#details .top { display: flex; justify-content: space-between; align-items: start; gap: 10px }
.told { margin: 0 0 9px; overflow-wrap: anywhere; unicode-bidi: isolate }
#outline ul { list-style: none; margin: 0; padding: 0 }
#outline li { overflow-wrap: anywhere; unicode-bidi: isolate; padding: 1px 0 }
#outline li.open { cursor: pointer; border-radius: 4px }
#outline li.open:hover, #outline li.chosen { color: var(--accent) }
#outline .path { color: var(--dim); font-size: 11px }
svg text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); text-anchor: middle }
svg text.name { font-size: 13.5px; font-weight: 600 }
svg text.word, svg text.said { font-size: 12px }
svg text.code { font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
svg .frame text { text-anchor: start; fill: var(--dim) }
svg text.said { fill: var(--dim) }
.paper { fill: var(--page); fill-opacity: 0.82 }
.arrow { fill: none; stroke: var(--arrow); stroke-width: 1.4; marker-end: url(#tip) }
.arrow.dotted { stroke-dasharray: 3 4 }
#tip path { fill: var(--arrow) }
.box > :is(rect, polygon, path) { stroke-width: 1.4 }
${boxes.join("\n")}
.box:is(.dynamic, .unknown) > :is(rect, polygon) { fill: var(--choice); stroke: var(--choice-line); stroke-dasharray: 6 4 }
.box:is(.dynamic, .unknown) > text { fill: var(--choice-ink) }
.box.more > rect { fill: var(--page); stroke: var(--pure-line); stroke-dasharray: 4 3 }
.box.more > text { fill: var(--dim) }
.frame > rect { fill: var(--frame); stroke: var(--frame-line); stroke-width: 1.2 }
.frame.called > rect { fill: var(--called); stroke: var(--call-line) }
g.open { cursor: pointer; outline: none }
g.open:hover > :is(rect, polygon), g.open:focus-visible > :is(rect, polygon) { stroke: var(--accent); stroke-width: 2.4 }
g.open.chosen > :is(rect, polygon) { stroke: var(--accent); stroke-width: 3 }
@media (max-width: 760px) {
  body { display: block; height: auto }
  #stage { height: 68vh }
  aside { border-left: 0; border-top: 1px solid var(--line) }
  #hint { display: none }
}
@media print {
  :root, :root[data-theme] { color-scheme: light; ${light} }
  html, body { height: auto }
  body { display: block }
  header, section { border: 0; padding: 4px 0 }
  aside { overflow: visible; border: 0; background: none }
  #stage { overflow: visible }
  #drawing { height: auto; max-height: 92vh; break-inside: avoid }
  #tools, #hint, #theme, #details.empty, #details button { display: none }
  pre { max-height: none; border: 0; padding: 0 }
}
`
