// Testing a flow: time that moves only when told, and models that say what they are told, over the real SDKs' own HTTP.
import assert from "node:assert/strict"
import { AgentSystem, agent, defineAgent, FlowError } from "troupe"
import { ActorSystem } from "troupe/actor"
import { probe, scriptedModel, virtualClock } from "troupe/testing"

const never = defineAgent({ name: "never" }, (question: string) => new Promise<string>(() => question))

const clock = virtualClock()
await using system = new AgentSystem({ clock })
const run = system.start(agent(never).timeout(3_600_000), "an hour")
await clock.advance(3_599_999)
assert.equal(system.stats().runs, 1)
await clock.advance(1) // at the deadline, and not later
await assert.rejects(run.value, (error) => error instanceof FlowError && error.fault._tag === "TimedOut")
assert.equal(system.stats().abandoned, 1) // it ignores its signal: the flow does not wait for it

const model = scriptedModel(["Blue light scatters most."])
const { text } = await model.call({ messages: [{ role: "user", content: "Why is the sky blue?" }] })
assert.equal(text, "Blue light scatters most.")

const app = new ActorSystem("app")
const told = probe<string>()
const ref = app.spawn(told.actor, "told") // what an actor under test is given to talk to
ref.tell("one")
ref.tell("two")
assert.equal(await told.next(), "one")
assert.equal(await told.next(), "two")
assert.deepEqual(told.received, ["one", "two"])
await app.shutdown()
console.log(text)
