import { ActorSystem } from "troupe/actor"
import { probe } from "troupe/testing"
import { expect, it } from "vitest"

it("keeps every message in order, and gives each once, before it comes or after", async () => {
  const app = new ActorSystem("app")
  const told = probe<number>()
  const ref = app.spawn(told.actor, "told")
  const early = [told.next(), told.next()]
  ref.tell(1)
  ref.tell(2)
  ref.tell(3)
  expect(await Promise.all(early)).toEqual([1, 2])
  expect(await told.next()).toBe(3)
  expect(told.received).toEqual([1, 2, 3])
  await app.shutdown()
})

it("answers what it is told to, and fails as it is told to", async () => {
  const app = new ActorSystem("app")
  const told = probe((text: string) => {
    if (text === "") throw new Error("nothing to say")
    return text.length
  })
  const ref = app.spawn(told.actor, "told")
  const length: number = await ref.ask("four")
  expect(length).toBe(4)
  await expect(ref.ask("")).rejects.toThrow("nothing to say")
  expect(told.received).toEqual(["four", ""])
  await app.shutdown()
})
