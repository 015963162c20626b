import { it, expect } from "vitest"
import { verify, roundTrips } from "../../src/laws/index.js"
import { standard } from "../../src/laws/sampled.js"
import { runOn, schedules } from "./interpreters.js"
import { json, yaml } from "./codecs.js"
import { toMermaid, cost, print } from "../../src/flow/index.js"
for (const [name, codec] of [["json", json], ["yaml", yaml]] as const) it(name, async () => {
  const lost = roundTrips(codec)
  console.log(name, lost.length, lost.slice(0,3).map(l => String(l.thrown).slice(0,300) + "\n" + l.text?.slice(0,600) ).join("\n"))
  const found = await verify({ samples: standard().slice(0,12), run: (flow, input) => runOn(schedules.now, codec.read(codec.write(flow), flow), input)})
  console.log(name, found.filter(f=>!f.ok).map(b => b.name + ": " + b.problem?.slice(0,200) + "\n   L " + JSON.stringify(b.left)?.slice(0,200)+ "\n   R " + JSON.stringify(b.right)?.slice(0,200)).join("\n"))
})
