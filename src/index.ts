/**
 * Orchestrate agents with flows: typed values that are checked, drawn and priced before they run.
 *
 * @packageDocumentation
 */
export {
  type AgentContext,
  type AgentSpec,
  AgentSystem,
  type AgentSystemOptions,
  defineAgent,
  type Executed,
  type FunctionAgent,
  type SystemRunOptions,
  type SystemStats,
} from "./agents/index.js"
export type { AgentRef, Caps, InOf, OutOf } from "./data/agent-ref.js"
export {
  type Aborted,
  AbortedError,
  type Failure,
  type Fault,
  FlowError,
  retryable,
  type Verdict,
} from "./data/fault.js"
export {
  agent,
  type Attempt,
  atLeast,
  call,
  type Continue,
  continueOrDone,
  continueWith,
  type Document,
  type Done,
  done,
  type Flow,
  type FlowEvent,
  fail,
  graph,
  InvalidFlow,
  identity,
  letIn,
  lift,
  loop,
  loopWithState,
  named,
  pure,
  type QuorumOptions,
  type QuorumResult,
  race,
  route,
  type RunHandle,
  sleep,
  split,
  suspend,
  traverse,
  zip,
  zipAll,
} from "./flow/index.js"
