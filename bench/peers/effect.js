import { Effect } from "effect"
import { actorWorks } from "./effect-actors.js"

export const works = {
  ...actorWorks(),
  map: () => {
    let all = Effect.succeed(0)
    for (let i = 0; i < 1000; i++) all = Effect.map(all, (n) => n + 1)
    return { per: 1000, run: () => Effect.runPromise(all) }
  },
  flatMap: () => {
    let all = Effect.succeed(0)
    for (let i = 0; i < 1000; i++) all = Effect.flatMap(all, (n) => Effect.succeed(n + 1))
    return { per: 1000, run: () => Effect.runPromise(all) }
  },
  loop: () => {
    const all = Effect.gen(function* () {
      let n = 0
      while (n < 1000) n = yield* Effect.succeed(n + 1)
      return n
    })
    return { per: 1000, run: () => Effect.runPromise(all) }
  },
  zip: () => {
    const one = Effect.promise(async () => 2)
    const all = Effect.all(
      Array.from({ length: 10 }, () => one),
      { concurrency: "unbounded" },
    )
    return { per: 1, run: () => Effect.runPromise(all) }
  },
  race: () => {
    const one = Effect.promise(async () => 2)
    const all = Effect.raceAll(Array.from({ length: 10 }, () => one))
    return { per: 1, run: () => Effect.runPromise(all) }
  },
}
