import { Annotation, END, START, StateGraph } from "@langchain/langgraph"

const State = Annotation.Root({ n: Annotation() })

/** A line of so many nodes that each add one. */
function line(length) {
  let graph = new StateGraph(State)
  for (let i = 0; i < length; i++) graph = graph.addNode(`s${i}`, async ({ n }) => ({ n: n + 1 }))
  graph.addEdge(START, "s0")
  for (let i = 1; i < length; i++) graph.addEdge(`s${i - 1}`, `s${i}`)
  graph.addEdge(`s${length - 1}`, END)
  const app = graph.compile()
  return { per: length, run: () => app.invoke({ n: 0 }, { recursionLimit: length + 5 }) }
}

export const works = {
  "agent node of 20": () => line(20),
  "chain of agents": () => line(10),
}
