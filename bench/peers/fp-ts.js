import { pipe } from "fp-ts/lib/function.js"
import * as TE from "fp-ts/lib/TaskEither.js"

export const works = {
  map: () => {
    let all = TE.of(0)
    for (let i = 0; i < 1000; i++)
      all = pipe(
        all,
        TE.map((n) => n + 1),
      )
    return { per: 1000, run: () => all() }
  },
  flatMap: () => {
    let all = TE.of(0)
    for (let i = 0; i < 1000; i++)
      all = pipe(
        all,
        TE.chain((n) => TE.of(n + 1)),
      )
    return { per: 1000, run: () => all() }
  },
}
