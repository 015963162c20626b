import { isRecord } from "../../src/data/json.js"
import type { Random } from "./random.js"
import { keys, values } from "./words.js"

/** A place in a value: a list or an object, and what stands there. */
interface Place {
  readonly holder: unknown[] | Record<string, unknown>
  readonly key: string
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value)

function placesOf(value: unknown, depth = 0, found: Place[] = []): Place[] {
  if (depth > 40 || !(isList(value) || isRecord(value))) return found
  for (const key of Object.keys(value)) {
    found.push({ holder: value, key })
    placesOf(read({ holder: value, key }), depth + 1, found)
  }
  return found
}

const read = ({ holder, key }: Place): unknown => (isList(holder) ? holder[Number(key)] : holder[key])

function write({ holder, key }: Place, value: unknown): void {
  if (isList(holder)) holder[Number(key)] = value
  else holder[key] = value
}

function remove({ holder, key }: Place): void {
  if (isList(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

/** Places a value once more under another key, or at another index. */
function add({ holder }: Place, value: unknown, random: Random): void {
  if (isList(holder)) holder.splice(random.below(holder.length + 1), 0, value)
  else holder[random.of(keys, "map")] = value
}

const copied = (value: unknown): unknown => structuredClone(value)

/** A value with a part removed, copied, moved, renamed, wrapped, or taken from another value. */
export function mutateTree(original: unknown, other: unknown, random: Random): unknown {
  const value = copied(original)
  const places = placesOf(value)
  const from = places[random.below(places.length)]
  const to = places[random.below(places.length)]
  if (from === undefined || to === undefined) return random.of(values, null)
  const part = copied(read(from))
  const kind = random.below(9)
  if (kind === 0) remove(from)
  else if (kind === 1) write(from, copied(random.of(values, null)))
  else if (kind === 2) add(from, copied(random.of(values, null)), random)
  else if (kind === 3) write(to, part)
  else if (kind === 4) add(to, part, random)
  else if (kind === 5) {
    const foreign = placesOf(other)
    const taken = foreign[random.below(foreign.length)]
    if (taken === undefined) remove(from)
    else if (random.below(2) === 0) write(to, copied(read(taken)))
    else add(to, copied(read(taken)), random)
  } else if (kind === 6) {
    remove(from)
    add(from, part, random)
  } else if (kind === 7) write(from, random.below(2) === 0 ? [part] : { [random.of(keys, "steps")]: part })
  else {
    const turns = 1 + random.below(30)
    let wrapped = part
    for (let i = 0; i < turns; i++) wrapped = i % 2 === 0 ? [wrapped] : { steps: wrapped }
    write(from, wrapped)
  }
  return value
}
