import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import host from "../../flows/troupe.config.js"
import { AgentSystem, FlowError } from "troupe"
import { type Answers, env, type Scripted, scripted } from "./scripted.js"

const opened = (name: string, answers: Answers): Promise<Scripted> =>
  scripted(readFileSync(new URL(`../../flows/${name}.yaml`, import.meta.url), "utf8"), host, answers)

const down = { status: 503, error: { type: "overloaded", message: "come back later" } }

/** How a run ends: its value, or the tag of its fault. */
async function ended({ document }: Scripted, input: unknown, params: Readonly<Record<string, unknown>> = {}) {
  await using system = new AgentSystem({ env })
  try {
    return await system.run(document, input, { params })
  } catch (error) {
    if (error instanceof FlowError) return { fault: error.fault._tag }
    throw error
  }
}

describe("approval", () => {
  const draft = (risk: string) => ({ clerk: [{ json: { reply: "You get it back.", risk } }] })

  /** Runs until the flow waits, answers, and gives the value. */
  async function answered(ok: boolean): Promise<unknown> {
    await using flow = await opened("approval", draft("high"))
    await using system = new AgentSystem({ env })
    const run = system.start(flow.document, "I want a refund.", { runId: "r" })
    for await (const { type } of run.events) {
      if (type === "run_suspended") await system.signal("r", "approval", { ok, reply: "You get half of it back." })
    }
    return run.value
  }

  it("sends what is harmless by itself", async () => {
    await using flow = await opened("approval", draft("low"))
    expect(await ended(flow, "I want a refund.")).toBe("You get it back.")
  })

  it("sends what a person has made of a risky reply", async () => {
    expect(await answered(true)).toBe("You get half of it back.")
  })

  it("sends nothing that a person refused", async () => {
    expect(await answered(false)).toBe("A colleague will come back to you.")
  })
})

describe("code-review", () => {
  const verdict = { verdict: "request_changes", remarks: ["an injection in line 3"] }
  const answers = { bugs: ["None."], security: ["Line 3."], clarity: ["Fine."], decider: [{ json: verdict }] }

  it("gives the decider the change and what was found", async () => {
    await using flow = await opened("code-review", answers)
    expect(await ended(flow, "+ eval(input)")).toEqual(verdict)
    expect(flow.sent("decider")[0]).toMatch(/eval\(input\).*bugs: None\..*security: Line 3\./)
  })

  it("goes on with two, and not without security", async () => {
    await using two = await opened("code-review", { ...answers, bugs: [down] })
    expect(await ended(two, "+ x")).toEqual(verdict)
    expect(two.sent("decider")[0]).not.toContain("bugs")
    await using unsafe = await opened("code-review", { ...answers, security: [down] })
    expect(await ended(unsafe, "+ x")).toEqual({ fault: "QuorumNotMet" })
    expect(unsafe.asked()).not.toContain("decider")
  })
})

describe("debate", () => {
  it("lets each side hear the other, and the judge both", async () => {
    await using flow = await opened("debate", {
      advocate: ["One place.", "Builds can be cached."],
      sceptic: ["Slow builds.", "Caches fail."],
      judge: ["Yes."],
    })
    expect(await ended(flow, "A monorepo?", { rounds: 2 })).toBe("Yes.")
    expect(flow.asked()).toEqual(["advocate", "sceptic", "advocate", "sceptic", "judge"])
    expect(flow.sent("advocate")[1]).toContain("Sceptic: Slow builds.")
    expect(flow.sent("judge")[0]).toMatch(/One place\..*Slow builds\..*cached\..*Caches fail\./)
  })
})

describe("extract", () => {
  const invoice = (total: number) => ({
    json: { supplier: "Smith", number: "7", net: 10_000, tax: 1_900, total },
  })

  it("keeps a record that adds up, has another read again, and gives none that does not", async () => {
    await using right = await opened("extract", { small: [invoice(11_900)] })
    expect(await ended(right, "Invoice 7")).toMatchObject({ total: 11_900 })
    await using mended = await opened("extract", { small: [invoice(119)], large: [invoice(11_900)] })
    expect(await ended(mended, "Invoice 7")).toMatchObject({ total: 11_900 })
    expect(mended.sent("large")[0]).toContain("Invoice 7")
    await using wrong = await opened("extract", { small: [invoice(119)], large: [invoice(120)] })
    expect(await ended(wrong, "Invoice 7")).toEqual({ fault: "Rejected" })
  })
})

describe("fallback", () => {
  it("asks the next where one is down, and the same again before", async () => {
    await using first = await opened("fallback", { best: [down, "Scattering."] })
    expect([await ended(first, "Why?"), first.asked()]).toEqual(["Scattering.", ["best", "best"]])
    const limited = { status: 400, error: { type: "quota", message: "out of quota" } }
    await using last = await opened("fallback", { best: [limited], other: [limited], own: ["Light."] })
    expect([await ended(last, "Why?"), last.asked()]).toEqual(["Light.", ["best", "other", "own"]])
    expect(last.sent("own")[0]).toContain("Why?")
  })
})

describe("fan-out", () => {
  const planned = (count: number) => ({ json: { value: Array.from({ length: count }, (_, i) => `part ${i}`) } })

  it("asks for every part, and joins what is there", async () => {
    await using flow = await opened("fan-out", { planner: [planned(3)], searcher: ["Found."], writer: ["All of it."] })
    expect(await ended(flow, "Why?")).toBe("All of it.")
    expect(
      flow
        .sent("searcher")
        .join()
        .match(/part \d/g)
        ?.sort(),
    ).toEqual(["part 0", "part 1", "part 2"])
    expect(flow.sent("writer")[0]?.match(/Found\./g)).toHaveLength(3)
  })

  it("stops at its budget, and writes with what it has", async () => {
    const dear = { text: "Dear.", usage: { inputTokens: 25_000, outputTokens: 0 } }
    await using flow = await opened("fan-out", { planner: [planned(8)], searcher: [dear], writer: ["Some of it."] })
    expect(await ended(flow, "Why?")).toBe("Some of it.")
    const searched = flow.sent("searcher").length
    expect(searched).toBeGreaterThanOrEqual(3)
    expect(searched).toBeLessThanOrEqual(5) // three at a time, and none after the 60,000 tokens
    expect(flow.sent("writer")[0]?.match(/Dear\./g)).toHaveLength(searched)
  })
})

describe("hello", () => {
  it("counts the words of the answer", async () => {
    await using flow = await opened("hello", { answerer: ["Blue light scatters."] })
    expect(await ended(flow, "Why is the sky blue?")).toBe("Blue light scatters. (3 words)")
  })
})

describe("map-reduce", () => {
  it("reads every document, and says how many it could not", async () => {
    await using flow = await opened("map-reduce", {
      reader: ["Rain.", { status: 400, error: { type: "bad", message: "too long" } }, "Sun."],
      reporter: ["Weather."],
    })
    expect(await ended(flow, ["May", "June", "July"])).toBe("Weather.")
    for (const part of ["Not read: 1", "Rain.", "Sun."]) expect(flow.sent("reporter")[0]).toContain(part)
  })
})

describe("refine", () => {
  const notes = (ok: boolean) => ({ json: { ok, notes: ok ? "" : "name the day" } })

  it("sends a draft back with the critic's notes, until it passes", async () => {
    await using flow = await opened("refine", {
      writer: ["Open.", "Open on Sunday."],
      critic: [notes(false), notes(true)],
    })
    expect(await ended(flow, "Announce it.")).toBe("Open on Sunday.")
    expect(flow.sent("writer")[1]).toMatch(/Announce it\..*Your last draft: Open\..*Mend this: name the day/)
  })

  it("gives the last draft when the tries are used up", async () => {
    await using flow = await opened("refine", { writer: ["A.", "B.", "C."], critic: [notes(false)] })
    expect(await ended(flow, "Announce it.", { tries: 2 })).toBe("B.")
  })
})

describe("release-notes", () => {
  it("puts the parts together, the guide made of what breaks", async () => {
    await using flow = await opened("release-notes", {
      features: ["A gallery."],
      fixes: ["A leak."],
      breaking: ["Node 18."],
      guide: ["Install Node 20."],
    })
    const page = await ended(flow, "abc a gallery")
    expect(page).toBe("# New\nA gallery.\n\n# Fixed\nA leak.\n\n# Breaking\nNode 18.\n\nInstall Node 20.\n")
    expect(flow.sent("guide")[0]).toContain("Node 18.")
    expect(flow.sent("guide")[0]).not.toContain("abc a gallery")
  })
})

describe("research-brief", () => {
  it("sends the page back once, and goes on without the researcher who is down", async () => {
    await using flow = await opened("research-brief", {
      researcher: [down],
      analyst: ["Mostly scattering."],
      editor: ["Blue.", "Blue, by scattering."],
      fact_check: [{ json: { ok: false, notes: "say why" } }, { json: { ok: true, notes: "" } }],
    })
    expect(await ended(flow, "Why is the sky blue?")).toBe("Blue, by scattering.")
    expect(flow.sent("editor")[1]).toMatch(/Mostly scattering\..*Mend this: say why/)
  })
})

describe("translation", () => {
  const judged = (same: boolean, lost = "") => ({ json: { same, lost } })

  it("mends what got lost on the way back, and hides the text from the one who translates back", async () => {
    await using flow = await opened("translation", {
      translator: ["Pidä poissa.", "Pidä poissa lämmöstä."],
      back: ["Keep away.", "Keep away from heat."],
      judge: [judged(false, "the heat"), judged(true)],
    })
    expect(await ended(flow, "Keep away from heat.", { language: "Finnish" })).toBe("Pidä poissa lämmöstä.")
    expect(flow.sent("translator")[1]).toMatch(/Finnish.*Mind this: the heat/)
    expect(flow.sent("back")[0]).not.toContain("heat")
  })

  it("gives no text rather than a wrong one", async () => {
    await using flow = await opened("translation", { translator: ["X."], back: ["Y."], judge: [judged(false, "all")] })
    expect(await ended(flow, "Keep away from heat.")).toEqual({ fault: "LoopExceeded" })
  })
})

describe("triage", () => {
  const experts = { billing: ["Your money is back."], technical: ["Restart it."], front_desk: ["What is it about?"] }

  it.each([
    ["billing", "Your money is back."],
    ["technical", "Restart it."],
    ["other", "What is it about?"],
  ])("hands the request itself to %s", async (label, answer) => {
    await using flow = await opened("triage", { sorter: [{ json: { value: label } }], ...experts })
    expect(await ended(flow, "My request.")).toBe(answer)
    expect(flow.asked()).toHaveLength(2)
    expect(flow.sent(flow.asked()[1] ?? "")[0]).toContain("My request.")
  })

  it("asks the front desk where nobody can tell", async () => {
    await using flow = await opened("triage", {
      sorter: [{ status: 400, error: { type: "x", message: "x" } }],
      ...experts,
    })
    expect(await ended(flow, "My request.")).toBe("What is it about?")
  })
})
