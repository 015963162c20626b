export {
  type AgentContext,
  type AgentSpec,
  defineAgent,
  type Executed,
  type FunctionAgent,
} from "./define-agent.js"
export * from "./models/index.js"
export { resolveParams } from "./params.js"
export { AgentSystem, type AgentSystemOptions, type SystemRunOptions, type SystemStats } from "./system.js"
