import { describe, expect, it } from "vitest"
import { check, done, lift, loop, pure, split } from "../../src/flow/index.js"
import { parse } from "../../src/serde/index.js"
import { checkDocument } from "../../src/serde/types-check.js"

// What `check` decides of documents, what it calls a mistake, and what it leaves open: nothing is passed in silence.

interface Judged {
  readonly errors: readonly string[]
  readonly unchecked: readonly string[]
}

function judged(flow: string, input = "{ type: string }", more = ""): Judged {
  const read = parse(`troupe: 1\ninput: ${input}\n${more}flow: ${flow}\n`)
  if (read._tag === "Left") return { errors: read.left.map((one) => `${one.path}: ${one.message}`), unchecked: [] }
  return { errors: [], unchecked: checkDocument(read.right).unchecked.map(({ path, reason }) => `${path}: ${reason}`) }
}

const clean: Judged = { errors: [], unchecked: [] }
const texts = "{ type: array, items: { type: string } }"

describe("a list that is written out", () => {
  const pair = (list: string): string =>
    `{ steps: [{ map: ${list} }, { split: [{ map: "\${value.size()}" }, { map: "\${value + 1}" }] }] }`

  it("has its elements in their places, and is as long as it is written", () => {
    expect(judged(pair('["${input}", 1]'))).toEqual(clean)
    expect(judged(pair('"${[input, 1]}"'))).toEqual(clean)
    expect(judged(pair('["${input}", 1, 2]')).errors).toEqual(["1: split into 2: expected 2 elements, got 3 elements"])
    expect(judged(pair('[1, "${input}"]')).errors).toEqual([
      expect.stringContaining("`size` needs a string or a list or an object here: `value` is a number"),
    ])
    expect(check(pure(["a", 1]).andThen(split(pure(1), pure(2)) as never))).toEqual(clean)
    expect(check(pure(["a"]).andThen(split(pure(1), pure(2)) as never)).errors).toHaveLength(1)
  })

  it("may grow in a loop that begins with it", () => {
    const grows = (first: string): string =>
      `{ loop: { initial: ${first}, do: { map: { seen: "\${value.seen + ['b']}" } }, until: value.seen.size() > 3 } }`
    expect(judged(grows('{ seen: ["a"] }'))).toEqual(clean)
    expect(judged(grows("{ seen: [1] }")).errors).toEqual([
      expect.stringContaining("a turn's output is the next one's input"),
    ])
    const body = lift((seen: readonly string[]) => done(seen))
    expect(check(pure<readonly string[]>(["a"]).andThen(loop(body))).errors).toEqual([])
  })
})

describe("an element of a list", () => {
  it("that may not be there is left open", () => {
    const open = "nothing is known of the length of value: the input of the flow says nothing of it"
    expect(judged('{ map: "${value[0]}" }', texts)).toEqual({ errors: [], unchecked: [`: \${value[0]}: ${open}`] })
    expect(judged('{ map: "${value[value.size() - 1]}" }', texts).unchecked).toHaveLength(1)
    const one = texts.replace("}", "}, minItems: 1")
    expect(judged('{ map: "${value[0]}" }', one)).toEqual(clean)
    expect(judged('{ map: "${value[1]}" }', one).unchecked).toHaveLength(1)
    expect(judged('{ map: "${value[0]}" }', "{ enum: [[a], [b, c]] }")).toEqual(clean)
  })

  it("that cannot be there is a mistake", () => {
    const two = texts.replace("}", "}, maxItems: 2")
    expect(judged('{ map: "${value[2]}" }', two).errors).toEqual([": `value` has at most 2 elements"])
    expect(judged("{ map: \"${['a'][1]}\" }").errors).toEqual([": `['a']` has one element at most"])
    expect(judged('{ map: "${value[0]}" }', "{ type: array, items: false }").errors).toEqual([
      ": `value` has no element",
    ])
  })

  it("is there where as many succeeded", () => {
    const quorum = (n: number, i: number): string =>
      `{ steps: [{ at_least: { n: ${n}, of: [{ map: 1 }, { map: 2 }] } }, { map: "\${value.succeeded[${i}].value}" }] }`
    expect(judged(quorum(1, 0))).toEqual(clean)
    expect(judged(quorum(2, 1))).toEqual(clean)
    expect(judged(quorum(1, 1)).unchecked).toHaveLength(1)
  })
})

describe("the answer of a classifier", () => {
  const by = (classifier: string, cases: string): string => `{ branch: { by: ${classifier}, cases: ${cases} } }`
  const both = "{ none: { map: 1 }, some: { map: 2 } }"

  it("is one of the literals that it may give", () => {
    const some = "{ map: \"${value == '' ? 'none' : 'some'}\" }"
    expect(judged(by(some, both))).toEqual(clean)
    expect(judged(by(`{ steps: [{ map: "\${value + '!'}" }, ${some}] }`, both))).toEqual(clean)
    expect(judged(by(some, "{ none: { map: 1 } }")).errors).toEqual([": branch: there is no case for some"])
    expect(judged(by("{ map: none }", both))).toEqual(clean)
    expect(judged(by(some, "{ none: { map: 1 }, some: { map: 2 }, sme: { map: 3 } }")).errors).toEqual([
      ": branch: no value has the tag sme",
    ])
    expect(judged(by("{ race: [{ map: none }, { map: some }] }", both))).toEqual(clean)
    expect(judged(by("{ flow: kind }", both), undefined, "flows: { kind: { map: other } }\n").errors).toHaveLength(1)
  })

  it("is any text where it is made of one", () => {
    expect(judged(by('{ map: "${value}" }', both)).unchecked).toHaveLength(1)
    expect(judged(by('{ map: "no${value}" }', both)).unchecked).toHaveLength(1)
  })
})

describe("a named flow that nobody calls", () => {
  const flows = (other: string): string => `flows:\n  other: ${other}\n`

  it("is checked by itself, with its place in the text", () => {
    const wrong = flows("{ steps: [{ map: { a: 1 } }, { map: '${value.b}' }] }")
    const read = parse(`troupe: 1\n${wrong}flow: { map: 1 }\n`)
    expect(read).toMatchObject({
      _tag: "Left",
      left: [{ code: "unknown_field", path: "@other/1", line: 3, hint: "did you mean `a`?" }],
    })
    const clash = flows("{ steps: [{ map: 1 }, { split: [{ map: 1 }] }] }")
    expect(parse(`troupe: 1\n${clash}flow: { map: 1 }\n`)).toMatchObject({
      _tag: "Left",
      left: [{ code: "type_clash", path: "@other/1", line: 3, column: 34 }],
    })
  })

  it("is checked once, where another one calls it", () => {
    const wrong = "  inner: { steps: [{ map: { a: 1 } }, { map: '${value.b}' }] }\n"
    expect(judged("{ map: 1 }", undefined, `${flows("{ flow: inner }")}${wrong}`).errors).toHaveLength(1)
  })

  it("takes anything", () => {
    expect(judged("{ map: 1 }", undefined, flows("{ map: '${value.b}' }"))).toEqual({
      errors: [],
      unchecked: ["@other: ${value.b}: nothing is known of value: the input of the flow has no schema"],
    })
    expect(
      judged(
        "{ flow: other }",
        "{ type: object, properties: { b: {} }, required: [b] }",
        flows("{ map: '${value.b}' }"),
      ),
    ).toEqual(clean)
  })
})
