export { type LayerOptions, layer } from "./layer.js"
export { moa } from "./moa.js"
export type { Briefing, Reference, Seat } from "./seats.js"
export { functions, sugar } from "./sugar.js"
