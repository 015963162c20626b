import type { Json, JsonObject } from "../../data/json.js"
import { nearest } from "../../data/nearest.js"
import { listed } from "../suggest.js"
import { type Entry, entry, kindOf, type Tree } from "../tree.js"
import type { Reader } from "./reader.js"

/**
 * How one value of the grammar is read, written and described: the decoder, the encoder and the JSON Schema of the
 * format are all made of these.
 *
 * `decode` reports what is wrong and gives `undefined`. `E` is what `encode` takes, where that is not what `decode`
 * gives: a flow is decoded to a node and written from JSON.
 */
export interface Field<out D, E = D> {
  readonly schema: JsonObject
  decode(tree: Tree, cx: Reader): D | undefined
  encode(value: E): Json
}

/** What the reference and the JSON Schema of the format tell of a key beside what it is. */
export interface KeyNotes {
  /** The value that the key has where it is missing. */
  readonly standard?: Json
  readonly example?: Json
}

/** A key of a record: its field, whether it may be missing, and a line about it. */
export interface Key<out D, E, out Optional extends boolean> extends KeyNotes {
  readonly field: Field<D, E>
  readonly optional: Optional
  readonly about: string
}

export type Fields = Readonly<Record<string, Key<unknown, unknown, boolean>>>

type OptionalKeys<F extends Fields> = { [k in keyof F]: F[k] extends Key<unknown, unknown, false> ? never : k }[keyof F]
type In<K> = K extends Key<infer D, unknown, boolean> ? D : never
type Out<K> = K extends Key<unknown, infer E, boolean> ? E : never

/** What a record decodes to. */
export type Decoded<F extends Fields> = { readonly [k in Exclude<keyof F, OptionalKeys<F>>]: In<F[k]> } & {
  readonly [k in OptionalKeys<F>]?: In<F[k]>
}
/** What a record is written from. */
export type Encodable<F extends Fields> = { readonly [k in Exclude<keyof F, OptionalKeys<F>>]: Out<F[k]> } & {
  readonly [k in OptionalKeys<F>]?: Out<F[k]> | undefined
}

export const required = <D, E>(field: Field<D, E>, about: string, notes: KeyNotes = {}): Key<D, E, false> => ({
  field,
  optional: false,
  about,
  ...notes,
})
export const optional = <D, E>(field: Field<D, E>, about: string, notes: KeyNotes = {}): Key<D, E, true> => ({
  field,
  optional: true,
  about,
  ...notes,
})

/** `maxTokens` as documents spell it. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A mapping with a closed set of keys. */
export interface RecordField<F extends Fields> extends Field<Decoded<F>, Encodable<F>> {
  /** What it is called in messages: `at_least`, `an agent`. */
  readonly title: string
  readonly fields: F
}

/** `instead` is a hint for what is written where a mapping should be. */
export function record<F extends Fields>(
  title: string,
  fields: F,
  instead: (tree: Tree) => string | undefined = () => undefined,
): RecordField<F> {
  const keys = Object.keys(fields).map(snake)
  return {
    title,
    fields,
    schema: recordSchema(fields),
    decode(tree, cx) {
      if (tree.kind !== "mapping") {
        return cx.wrong(tree, `${title} is ${kindOf(tree)}`, `a mapping with ${listed(keys)}`, instead(tree))
      }
      const unknown = tree.entries.filter(({ key }) => !keys.includes(key))
      const step =
        keys.includes("do") && entry(tree, "do") === undefined ? unknown.filter((one) => isOfStep(one, cx)) : []
      const [first] = step
      if (first !== undefined) {
        cx.report.key(first, {
          code: "unknown_key",
          message: `${title} has no key \`${first.key}\``,
          hint: "put the step under `do`",
        })
      }
      for (const one of unknown) if (!step.includes(one)) cx.unknownKey(one, title, keys)
      return decodeFields(fields, tree, cx, title, first === undefined ? undefined : "do")
    },
    encode: (value) => encodeFields(fields, value),
  }
}

/** Whether the key is one of a step: what stands beside it was meant as the step. */
const isOfStep = ({ key }: Entry, cx: Reader): boolean => cx.known.homes.get(key)?.includes("a step") === true

/** Reads those keys of a mapping that `fields` knows, and says which required ones are missing, but for `toldOf`. */
export function decodeFields<F extends Fields>(
  fields: F,
  tree: Extract<Tree, { kind: "mapping" }>,
  cx: Reader,
  title: string,
  toldOf?: string,
): Decoded<F> | undefined {
  const out: Record<string, unknown> = {}
  const keys = Object.keys(fields).map(snake)
  let failed = false
  for (const [name, { field, optional, about }] of Object.entries(fields)) {
    const found = tree.entries.find((one) => one.key === snake(name))
    if (found !== undefined) {
      const value = field.decode(found.value, cx)
      if (value === undefined) failed = true
      else out[name] = value
    } else if (!optional) {
      failed = true
      if (name !== toldOf && !misspelt(tree, snake(name), keys)) {
        const key = snake(name)
        const message = `${title} needs the key \`${key}\``
        cx.report.at(tree, { code: "missing_key", message, hint: `add \`${key}:\`, ${about}` })
      }
    }
  }
  return !failed && isComplete(fields, out) ? out : undefined
}

const isComplete = <F extends Fields>(fields: F, out: object): out is Decoded<F> =>
  Object.entries(fields).every(([name, { optional }]) => optional || Object.hasOwn(out, name))

/** Whether an unknown key of the mapping was meant to be this one: then that is the one thing to say. */
export const misspelt = (tree: Extract<Tree, { kind: "mapping" }>, key: string, keys: readonly string[]): boolean =>
  tree.entries.some((one) => !keys.includes(one.key) && nearest(one.key, keys) === key)

export function encodeFields<F extends Fields>(fields: F, value: Encodable<F>): JsonObject {
  const out: Record<string, Json> = {}
  for (const [name, { field }] of Object.entries(fields)) {
    const part: unknown = Reflect.get(value, name)
    if (part !== undefined) out[snake(name)] = field.encode(part)
  }
  return out
}

export function propertiesOf(fields: Fields): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { field, about, ...notes }]) => [
      snake(name),
      propertySchema(about, field.schema, notes),
    ]),
  )
}

/** A key of a mapping as the JSON Schema of the format has it. */
export const propertySchema = (
  about: string,
  schema: JsonObject,
  { standard, example }: KeyNotes = {},
): JsonObject => ({
  description: about,
  ...schema,
  ...(standard === undefined ? {} : { default: standard }),
  ...(example === undefined ? {} : { examples: [example] }),
})

function recordSchema(fields: Fields): JsonObject {
  const needed = Object.entries(fields).flatMap(([name, { optional }]) => (optional ? [] : [snake(name)]))
  return {
    type: "object",
    properties: propertiesOf(fields),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  }
}

/**
 * A record that may be written as one of its fields alone: `race: [a, b]` for `race: { of: [a, b] }`. It is written
 * short whenever nothing else is said.
 */
export function shorthand<F extends Fields>(
  of: RecordField<F>,
  key: keyof F & string,
  isShort: (tree: Tree) => boolean,
): Field<Decoded<F>, Encodable<F>> {
  const { field } = of.fields[key] ?? {}
  if (field === undefined) throw new TypeError(`${of.title} has no field ${key}`)
  return {
    schema: { anyOf: [field.schema, of.schema] },
    decode(tree, cx) {
      if (namesNone(of, tree)) {
        const hint = `leave the names out: \`${of.title}: [ … ]\``
        return cx.wrong(
          tree,
          `${of.title} is ${kindOf(tree)} of other keys`,
          `a list, or the keys ${Object.keys(of.fields).map(snake).join(", ")}`,
          hint,
        )
      }
      if (!isShort(tree)) return of.decode(tree, cx)
      const value = field.decode(tree, cx)
      const out = { [key]: value }
      return value !== undefined && isComplete(of.fields, out) ? out : undefined
    },
    encode(value) {
      const long = encodeFields(of.fields, value)
      const [only, ...rest] = Object.keys(long)
      const short = long[snake(key)]
      return rest.length === 0 && only === snake(key) && short !== undefined ? short : long
    },
  }
}

/** A mapping of names where a list is meant. */
const namesNone = (of: { readonly fields: Fields }, tree: Tree): boolean =>
  tree.kind === "mapping" &&
  tree.entries.length > 0 &&
  !tree.entries.some(({ key }) => Object.keys(of.fields).some((name) => snake(name) === key))
