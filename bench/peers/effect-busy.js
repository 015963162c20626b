import { actorWorks } from "./effect-actors.js"

export const works = actorWorks({ disableYield: true })
