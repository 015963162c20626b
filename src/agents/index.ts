export { AgentActor } from "./agent-actor.js"
export type {
  AgentAnswer,
  AgentAnswers,
  AgentCall,
  AgentCalls,
  AgentContext,
  AgentInput,
  AgentStreamEvent,
  TaskResult,
} from "./agent-context.js"
export { ask } from "./agent-ask.js"
export {
  type AgentSpec,
  defineAgent,
  type Executed,
  type FunctionAgent,
} from "./define-agent.js"
export * from "./models/index.js"
export { resolveParams } from "./params.js"
export { AgentSystem, type AgentSystemOptions, type SystemRunOptions, type SystemStats } from "./system.js"
