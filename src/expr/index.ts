export { cel, parseCel } from "./cel.js"
export { pieces } from "./holes.js"
export { ExprError } from "./problem.js"
export { parseTemplate, template } from "./template.js"
