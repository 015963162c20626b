import { type ActorRef, ActorSystem, actor, type Free } from "troupe/actor"
import { virtualClock } from "../../src/testing/virtual-clock.js"

/** What a program came to, and what it did to get there. */
export interface Trace {
  readonly outcome: unknown
  readonly steps: readonly unknown[]
}

/** Two actors that add up what they are told; the trace is what they got. */
export async function live(
  program: (a: ActorRef<number, number>, b: ActorRef<number, number>) => Free<unknown>,
): Promise<Trace> {
  const app = new ActorSystem("app", { clock: virtualClock() })
  const steps: unknown[] = []
  app.deadLetters.subscribe(({ to, message }) => steps.push([to, message, "dead"]))
  const summing = (name: string): ActorRef<number, number> => {
    let sum = 0
    const receive = (n: number) => {
      steps.push([`/app/${name}`, n])
      if (n < 0) throw new RangeError(`${n} is below 0`)
      sum += n
      return sum
    }
    return app.spawn(actor(receive), name)
  }
  const outcome = await app.runFree(program(summing("a"), summing("b"))).catch((error: unknown) => error)
  await app.whenQuiescent()
  await app.shutdown()
  return { outcome, steps }
}
