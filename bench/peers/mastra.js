import { createStep, createWorkflow } from "@mastra/core/workflows"
import { z } from "zod"

const shape = z.object({ n: z.number() })

/** A line of so many steps that each add one. */
function line(length) {
  let flow = createWorkflow({ id: "line", inputSchema: shape, outputSchema: shape })
  for (let i = 0; i < length; i++) {
    const step = createStep({
      id: `s${i}`,
      inputSchema: shape,
      outputSchema: shape,
      execute: async ({ inputData }) => ({ n: inputData.n + 1 }),
    })
    flow = flow.then(step)
  }
  flow.commit()
  return {
    per: length,
    async run() {
      const run = await flow.createRunAsync()
      const { status } = await run.start({ inputData: { n: 0 } })
      if (status !== "success") throw new Error(`it ended ${status}`)
    },
  }
}

export const works = {
  "agent node of 20": () => line(20),
  "chain of agents": () => line(10),
}
