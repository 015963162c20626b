export { cel, parseCel } from "./cel.js"
export { nearest } from "./nearest.js"
export { ExprError } from "./problem.js"
export { parseTemplate, template } from "./template.js"
