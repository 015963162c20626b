/**
 * What each workload of flows is held against.
 *
 * @type {readonly import("./beside.js").Goal[]}
 */
export const goals = [
  { row: 8, workload: "agent node", against: "bare", atMost: 25 },
  { row: 8, workload: "agent node of 20", against: "mastra", atMost: 1 / 20 },
  { row: 8, workload: "agent node of 20", against: "langgraph", atMost: 1 / 100 },
  { row: 9, workload: "map", against: "effect", atMost: 1.5 },
  { row: 9, workload: "map", against: "fp-ts", atMost: 10 },
  { row: 9, workload: "flatMap", against: "effect", atMost: 1 },
  { row: 9, workload: "loop", against: "effect", atMost: 1 / 3 },
  { row: 10, workload: "chain of agents", against: "bare", atMost: 2.5 },
  { row: 10, workload: "chain of 1000 agents", against: "bare", atMost: 2.5 },
  { row: 10, workload: "zip", against: "bare", atMost: 2.5 },
  { row: 10, workload: "race", against: "bare", atMost: 2 },
  { row: 11, workload: "fan-out 50", against: "bare", atMost: 2.5 },
  { row: 11, workload: "fan-out 1000", against: "bare", atMost: 2.5 },
  { row: 11, workload: "fan-out 10000", against: "bare", atMost: 2.5 },
  { row: 11, workload: "fan-out 10000", against: { workload: "fan-out 100" }, atMost: 2.5 },
  { row: 11, workload: "fan-out 100", against: "bare", atMost: 2.5 },
  { row: 12, workload: "depth 100000 left", ns: 300 },
  { row: 12, workload: "depth 100000 right", ns: 300 },
  { row: 14, workload: "retry", against: "bare", atMost: 3 },
  { row: 14, workload: "retry twice", against: "bare", atMost: 3 },
]
