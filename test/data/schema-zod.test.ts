import { describe, expect, it } from "vitest"
import { z } from "zod"
import { type JsonSchema, zodSchema } from "../../src/data/schema.js"
import { never } from "../../src/data/schema-build.js"
import { subtype } from "../../src/data/schema-subtype.js"

describe("what zod says of what it gives fits what it says of what it takes", () => {
  it.each<[string, z.ZodType]>([
    ["object", z.object({ a: z.string(), b: z.number().nullable(), c: z.boolean().optional() })],
    ["defaults", z.object({ a: z.string().default("x") })],
    ["strict and loose", z.strictObject({ a: z.looseObject({ b: z.string() }) })],
    ["partial", z.object({ a: z.string() }).partial()],
    ["tuple", z.tuple([z.string(), z.number()])],
    ["tuple and more", z.tuple([z.string()]).rest(z.number())],
    ["lengths", z.array(z.string()).min(1).max(3)],
    ["enum", z.enum(["a", "b"])],
    ["literals", z.literal(["a", 1])],
    ["union", z.union([z.string(), z.array(z.number())])],
    [
      "discriminated union",
      z.discriminatedUnion("k", [z.object({ k: z.literal("a"), x: z.string() }), z.object({ k: z.literal("b") })]),
    ],
    ["record", z.record(z.string(), z.number())],
    ["whole number", z.int()],
    ["email", z.email()],
    ["nullish", z.object({ a: z.string().nullish() })],
  ])("%s", (_, zod) => {
    const [given, taken] = [zodSchema(zod, "output").json, zodSchema(zod, "input").json]
    expect(subtype(given ?? never, taken ?? never)).toEqual({ fits: "yes" })
  })

  it("and a member that is taken away is told", () => {
    const of = (...kinds: [string, ...string[]]): JsonSchema =>
      zodSchema(z.object({ kind: z.enum(kinds) }), "output").json ?? never
    expect(subtype(of("a", "b"), of("a", "b", "c")).fits).toBe("yes")
    expect(subtype(of("a", "b"), of("a"))).toMatchObject({ fits: "no", at: "kind", got: '"b"' })
  })

  it.each<[string, z.ZodType]>([
    ["coerced", z.coerce.number()],
    ["preprocessed", z.preprocess(Number, z.number())],
    ["caught", z.number().catch(0)],
    ["coerced, and described", z.coerce.number().describe("how many")],
  ])("anything is taken where it is converted: %s", (_, zod) => {
    const [flat, within] = [zodSchema(zod, "input"), zodSchema(z.object({ a: z.array(zod) }), "input")]
    expect([flat.parse("3")._tag, within.parse({ a: ["3"] })._tag]).toEqual(["Right", "Right"])
    const [text, texts] = [z.string(), z.object({ a: z.array(z.string()) })]
    expect(subtype(zodSchema<unknown>(text, "output").json ?? never, flat.json ?? never)).toEqual({ fits: "yes" })
    expect(subtype(zodSchema<unknown>(texts, "output").json ?? never, within.json ?? never)).toEqual({ fits: "yes" })
    expect(zodSchema(zod, "output").json).toMatchObject({ type: "number" })
  })
})
