import { isRight } from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { local, openModel } from "../../../src/agents/models/index.js"
import { sentencesOf } from "../../../src/data/sentences.js"
import { Cancel } from "../../../src/data/cancel.js"
import { AbortedError } from "../../../src/data/fault.js"
import type { Json, JsonObject } from "../../../src/data/json.js"
import { type JsonSchema, jsonSchema } from "../../../src/data/schema.js"
import { times } from "../../setup/times.js"

const text = "Ants march in rows. Bees dance to tell where the flowers are. Wasps sting. Bees hum all day. Rain falls."
const ask = (content: string, schema?: JsonSchema, system = "What do bees do?") =>
  local().call({ system, messages: [{ role: "user", content }], ...(schema === undefined ? {} : { schema }) })
const fill = async (schema: JsonSchema, content = text): Promise<unknown> => (await ask(content, schema)).value

describe("prose", () => {
  it("is the sentences that share most with the system text, in their order", async () => {
    const answer = await ask(text)
    expect(answer.text).toContain("Bees dance to tell where the flowers are.")
    expect(answer.text).toContain("Bees hum all day.")
    expect(answer.text.indexOf("dance")).toBeLessThan(answer.text.indexOf("hum"))
    expect(answer.text).not.toContain("Rain")
    expect(answer.stopReason).toBe("end")
    expect((await ask(text, undefined, "Will rain fall?")).text).toContain("Rain falls.")
  })

  it("is what its documentation shows", async () => {
    const answer = await ask("Ants march. Bees dance to tell where. Wasps sting. Bees hum.")
    expect(answer.text).toBe("Ants march. Bees dance to tell where. Bees hum.")
  })

  it("is marked as simulated, under whatever name", () => {
    expect(local()).toMatchObject({ version: 1, provider: "local", simulated: true })
    expect(openModel({ provider: "anthropic", type: "local", model: "m" })).toMatchObject({
      provider: "anthropic",
      model: "m",
      simulated: true,
    })
  })

  it("reads the texts inside a message of JSON", async () => {
    const answer = await ask(JSON.stringify({ question: "Bees dance.", n: 3, more: ["Ants march."] }))
    expect(answer.text).toBe("Bees dance. Ants march.")
  })

  it("says only what the input says, the same each time, in chunks that join to the text", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 200 }), fc.string(), async (content, system) => {
        const chunks: string[] = []
        const request = { system, messages: [{ role: "user", content: `t ${content}` }] } as const
        const answer = await local().call({ ...request, onDelta: (chunk) => chunks.push(chunk) })
        expect(chunks.join("")).toBe(answer.text)
        const squeezed = (part: string): string => part.replaceAll(/\s+/g, "")
        for (const sentence of sentencesOf(answer.text).all) {
          expect(squeezed(`t ${content}`)).toContain(squeezed(sentence))
        }
        expect(await local().call(request)).toEqual(answer)
      }),
    ))

  it("stops when it is cancelled between two sentences", async () => {
    const cancel = new Cancel()
    const chunks: string[] = []
    const onDelta = (chunk: string): void => {
      chunks.push(chunk)
      cancel.cancel("enough")
    }
    const call = local().call({ messages: [{ role: "user", content: text }], cancel, onDelta })
    await expect(call).rejects.toBeInstanceOf(AbortedError)
    expect(chunks).toHaveLength(1)
  })
})

describe("a schema is filled by rule", () => {
  it.each([
    ["a string: the best sentence", { type: "string" }, "Bees hum all day."],
    ["a boolean: true", { type: "boolean" }, true],
    ["a number: its minimum", { type: "number", minimum: 2.5 }, 2.5],
    ["a number: else 0", { type: "integer", maximum: 9 }, 0],
    ["a number: never above its maximum", { type: "integer", maximum: -3 }, -3],
    ["a number: a multiple", { type: "integer", minimum: 4, multipleOf: 3 }, 6],
    ["an enum: the first that occurs", { enum: ["cats", "wasps", "ants"] }, "wasps"],
    ["an enum: else the first", { enum: ["cats", "dogs"] }, "cats"],
    ["an enum: whole words alone", { enum: ["cats", "ant"] }, "cats"],
    ["a constant", { const: { a: 1 } }, { a: 1 }],
    [
      "the first alternative that fits",
      { anyOf: [false, { type: "string", minimum: 1, enum: [3] }, { type: "null" }] },
      null,
    ],
    ["a type of several", { type: ["null", "string"] }, null],
    ["a pattern: a word of the input", { type: "string", pattern: "^B[a-z]+$" }, "Bees"],
  ] as const)("%s", async (_, schema, value) => {
    expect(await fill(schema)).toEqual(value)
  })

  it("a list of strings: the best sentences; required and optional properties", async () => {
    const schema: JsonSchema = {
      type: "object",
      required: ["facts"],
      properties: {
        facts: { type: "array", items: { type: "string" } },
        ok: { type: "boolean" },
        rain: { type: "string" },
      },
    }
    expect(await fill(schema)).toEqual({
      facts: expect.arrayContaining(["Bees dance to tell where the flowers are.", "Bees hum all day."]),
      ok: true,
      rain: "Rain falls.",
    })
  })

  it("another input gives another answer", async () => {
    const schema: JsonSchema = { type: "object", required: ["s"], properties: { s: { type: "string" } } }
    expect(await fill(schema, "Cats sleep.")).toEqual({ s: "Cats sleep." })
  })

  it("a recursive schema ends", async () => {
    const node: JsonObject = {
      type: "object",
      required: ["name", "children"],
      properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
    }
    const schema: JsonSchema = { $ref: "#/$defs/node", $defs: { node } }
    expect(isRight(jsonSchema(schema).parse(await fill(schema)))).toBe(true)
  })

  it.each([
    ["what fits nothing", { type: "object", required: ["a"], properties: { a: false } }, "/a"],
    ["a pattern that nothing matches", { type: "string", pattern: "^\\d{9}$" }, "\\\\d{9}"],
    ["bounds without a number", { type: "integer", minimum: 1.2, maximum: 1.8 }, "bounds"],
    ["what only a validator sees", { type: "string", not: { type: "string" } }, "NOT"],
    ["an endless requirement", { type: "object", required: ["a"], properties: { a: { $ref: "#" } } }, "never ends"],
  ] as const)("%s is a fault that says where", async (_, schema, said) => {
    await expect(ask(text, schema)).rejects.toMatchObject({
      fault: { _tag: "ModelFailed", provider: "local", retry: "no", message: expect.stringContaining(said) },
    })
  })
})

const range = (low: string, high: string, most: number): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(fc.option(fc.nat(most)), fc.option(fc.nat(most)))
    .map(([a, b]) => ({ ...(a === null ? {} : { [low]: a }), ...(b === null ? {} : { [high]: (a ?? 0) + b }) }))

/** Schemas that some value fits, of every form that the rules speak of. */
/** No document has this one as a key. */
const isKey = (name: string): boolean => name !== "__proto__"

const schemas = fc.letrec<{ schema: JsonObject; leaf: JsonObject }>((tie) => ({
  leaf: fc.oneof(
    range("minLength", "maxLength", 90).map((bounds) => ({ type: "string", ...bounds })),
    range("minimum", "maximum", 50).map((bounds) => ({ type: "integer", ...bounds })),
    range("exclusiveMinimum", "maximum", 50).map((bounds) => ({ type: "number", ...bounds, maximum: 120 })),
    fc.integer({ min: 1, max: 7 }).map((multipleOf) => ({ type: "integer", multipleOf, minimum: -9 })),
    fc.constantFrom("date", "date-time", "time", "email", "uri", "uuid", "ipv4", "hostname").map((format) => ({
      type: "string",
      format,
    })),
    fc.constant({ type: "boolean" }),
    fc.constant({ type: "null" }),
    fc.constant({ $ref: "#/$defs/word" }),
    fc.array(fc.string(), { minLength: 1, maxLength: 4 }).map((members) => ({ enum: [...new Set(members)] })),
    fc.jsonValue({ maxDepth: 1 }).map((value) => ({ const: JSON.parse(JSON.stringify(value)) as Json })),
  ),
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc
      .tuple(
        fc.dictionary(
          fc.oneof(fc.string().filter(isKey), fc.constantFrom("constructor", "hasOwnProperty", "a/b")),
          tie("schema"),
          {
            maxKeys: 4,
            noNullPrototype: true,
          },
        ),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([properties, all, closed]) => ({
        type: "object",
        properties,
        required: Object.keys(properties).filter((_, i) => all || i % 2 === 0),
        ...(closed ? { additionalProperties: false } : {}),
      })),
    fc
      .tuple(tie("schema"), range("minItems", "maxItems", 5))
      .map(([items, bounds]) => ({ type: "array", items, ...bounds })),
    fc.integer({ min: 1, max: 5 }).map((minItems) => ({
      type: "array",
      items: { type: "integer" },
      minItems,
      uniqueItems: true,
    })),
    fc.integer({ min: 1, max: 9 }).map((minItems) => ({
      type: "array",
      items: { type: "string" },
      minItems,
      uniqueItems: true,
    })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    tie("schema").map((one) => ({ allOf: [one] })),
    fc.tuple(tie("leaf"), tie("leaf")).map((prefixItems) => ({ type: "array", prefixItems, minItems: 2 })),
  ),
}))

describe("the filling of any schema", () => {
  it("fits, whatever the input", () =>
    fc.assert(
      fc.asyncProperty(
        schemas.schema,
        fc.oneof(fc.string({ unit: "grapheme", maxLength: 300 }), fc.constant(text)),
        async (part, content) => {
          const schema = { ...part, $defs: { word: { type: "string", maxLength: 12 } } }
          const chunks: string[] = []
          const answer = await local().call({
            messages: [{ role: "user", content }],
            schema,
            onDelta: (chunk) => chunks.push(chunk),
          })
          expect(jsonSchema(schema).parse(answer.value)).toMatchObject({ _tag: "Right" })
          expect(JSON.parse(answer.text)).toEqual(answer.value)
          expect(chunks.join("")).toBe(answer.text)
        },
      ),
      times(400),
    ))
})
