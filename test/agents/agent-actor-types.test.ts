import { agent, AgentSystem, defineAgent, type Flow, type InOf, type OutOf } from "troupe"
import { Actor, type ActorRef, actor } from "troupe/actor"
import { AgentActor, ask, type AgentContext, type TaskResult } from "troupe/agents"
import { expect, it } from "vitest"
import { z } from "zod"

const is = <A>(value: A): A => value

const researcher = defineAgent(
  { name: "researcher", input: z.string(), output: z.object({ facts: z.array(z.string()) }) },
  async (q) => ({ facts: [q] }),
)
const analyst = defineAgent({ name: "analyst", input: z.string(), output: z.string() }, async (q) => `v ${q}`)
const num = defineAgent({ name: "num", input: z.number(), output: z.boolean() }, async (q) => q > 1)
const count = actor((text: string) => text.length)
class Words extends Actor<string, number, string> {
  override *onReceive(text: string) {
    yield* text.split(" ")
    return text.length
  }
}

interface Report {
  title: string
}
const Report = z.object({ title: z.string() })

class Orchestrator extends AgentActor<string, Report> {
  static readonly spec = { name: "orchestrator", input: z.string(), output: Report }
  override async *execute(query: string) {
    const { output, taskId } = await this.context.ask(researcher, query)
    is<string[]>(output.facts)
    is<string>(taskId)
    const [a, b, c] = await this.context.sequence([
      [researcher, query],
      [num, 3],
      [count, query],
    ])
    is<string[]>(a.output.facts)
    is<boolean>(b.output)
    is<number>(c)
    const all = await this.context.traverse(["d1", "d2"], analyst)
    is<string | undefined>(all[0]?.output)
    const fastest = await this.context.race([
      [analyst, query],
      [num, 3],
    ])
    is<string | boolean>(fastest.output)
    const [left, right] = await this.context.zip([num, 1], [Shout, query])
    is<boolean>(left.output)
    is<string>(right.output)
    // @ts-expect-error wrong input
    const wrong = () => this.context.ask(num, query)
    const wrongCall = () =>
      this.context.sequence([
        [researcher, query],
        // @ts-expect-error wrong input in a call
        [num, "x"],
      ])
    // @ts-expect-error wrong input of a class
    const wrongClass = () => this.context.ask(Shout, 3)
    // @ts-expect-error wrong input in a list
    const wrongList = () => this.context.traverse(["x"], num)
    // @ts-expect-error wrong input in a race
    const wrongRace = () => this.context.race([[analyst, 1]])
    // @ts-expect-error wrong input of a stream
    const wrongStream = () => this.context.stream(num, query)
    // @ts-expect-error no agent and no actor
    const nobody = () => this.context.ask({ name: "nobody" }, query)
    for await (const step of this.context.stream(analyst, query)) {
      if (step.type === "event" && step.event.type === "task_chunk") yield step.event.data
      else if (step.type === "result") is<string>(step.output)
    }
    for await (const step of this.context.stream(Words, query))
      is<string | number>(step.type === "event" ? step.event : step.output)
    expect([wrong, wrongCall, wrongClass, wrongList, wrongRace, wrongStream, nobody]).toHaveLength(7)
    return { title: output.facts.join() }
  }
}

class Shout extends AgentActor<string, string> {
  static readonly spec = { name: "shout", input: z.string(), output: z.string() }
  override execute(text: string, _context: AgentContext) {
    return text.toUpperCase()
  }
}

/** The output may be of a string alone, chunks joined. */
class Tokens extends AgentActor<string, string> {
  static readonly spec = { name: "tokens" }
  override async *execute(text: string) {
    yield text
  }
}

class Bad extends AgentActor<string, Report> {
  // @ts-expect-error returns the wrong thing
  override async *execute(text: string) {
    yield text
    return 3
  }
}

class NoSpec extends AgentActor<string, number> {
  override execute(text: string) {
    return text.length
  }
}

class WrongSpec extends AgentActor<string, number> {
  static readonly spec = { name: "wrong", output: z.string() }
  override execute(text: string) {
    return text.length
  }
}

it("classes of agents are typed as agents are", async () => {
  const flow = agent(Orchestrator)
  is<Flow<string, Report>>(flow)
  is<Flow<string, string>>(agent(Tokens))
  is<InOf<typeof flow>>("text")
  is<OutOf<typeof flow>>({ title: "text" })
  // @ts-expect-error a class without a spec
  expect(() => agent(NoSpec)).toThrow("the class NoSpec has no spec")
  // @ts-expect-error a class whose spec says otherwise
  expect(() => agent(WrongSpec)).not.toThrow()
  // @ts-expect-error a function
  expect(() => agent(() => 1)).toThrow("agent(…) takes what defineAgent gives")
  // @ts-expect-error a plain actor
  expect(() => agent(Words)).toThrow("agent(…) takes what defineAgent gives")
  expect(Bad.name).toBe("Bad")

  await using system = new AgentSystem()
  is<TaskResult<string>>(await ask(system, Shout, "x"))
  // @ts-expect-error wrong input
  await ask(system, num, "x").catch(() => undefined)
  const ref: ActorRef<string, number> | undefined = undefined
  const context: AgentContext | undefined = undefined
  const answer = (c: AgentContext, to: ActorRef<string, number>): Promise<number> => c.ask(to, "x")
  const told = (c: AgentContext, to: ActorRef<string>) => {
    c.tell(to, "x")
    // @ts-expect-error wrong message
    c.tell(to, 1)
  }
  expect([ref, context, answer.length, told.length]).toEqual([undefined, undefined, 2, 2])
  expect(await system.run(flow, "bees")).toEqual({ title: "bees" })
})
