import type { Clock } from "../../data/clock.js"
import { isLeft } from "../../data/either.js"
import { type Files, filesOf } from "./actor-id.js"
import { type Envelope, readEnvelope, salvage } from "./envelope.js"
import { Log, type Read } from "./log.js"
import { PositionFile } from "./position.js"
import { quarantine, type Spoiled } from "./quarantine.js"

/** A message from the file. */
export interface Delivery {
  readonly envelope: Envelope
  readonly read: Read
  /** What follows it in the file up to the next message. */
  readonly after: Step[]
}

/** What is done when all before it has been handled: a line is put aside, if it is spoiled, and the position moves. */
interface Step {
  readonly spoiled?: Spoiled
  readonly read?: Read
}

/** Spoiled lines beyond which no more are read until the message before them is done. */
const waiting = 256

/** The messages of an actor's file, from where an earlier process stopped. */
export class Deliveries {
  readonly #id: string
  readonly #clock: Clock
  readonly #files: Files
  readonly #position: PositionFile
  readonly #log: Log
  #ready: Delivery[] = []
  /** The last message that was read, until it is done. */
  #last: Delivery | undefined
  /** Steps whose turn it is. One that fails stays, and is tried again. */
  #due: Step[] = []
  #held = false
  /** The age of the file that the position is in. */
  #age = 0

  constructor(folder: string, id: string, clock: Clock) {
    this.#id = id
    this.#clock = clock
    this.#files = filesOf(folder, id)
    this.#position = new PositionFile(this.#files.offset)
    try {
      this.#log = new Log(folder, id, this.#position.read(), () => clock.now())
    } catch (error) {
      this.#position.close()
      throw error
    }
  }

  /**
   * The next messages, some of them, and none where all that was read is spoiled; undefined when all has been read, or
   * too much that is spoiled waits for the message before it. Throws where it cannot read or write.
   */
  next(): readonly Delivery[] | undefined {
    this.#step()
    this.#held = this.#last !== undefined && this.#last.after.length >= waiting
    if (this.#held) return undefined
    if (this.#ready.length === 0) {
      const found = this.#log.read()
      if (found.length === 0) return undefined
      for (const read of found) this.#sort(read)
      this.#step()
    }
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  /** Whether there may be more once a message is done. */
  get held(): boolean {
    return this.#held
  }

  /** The message need not be delivered again. */
  done(delivery: Delivery): void {
    if (this.#last === delivery) this.#last = undefined
    this.#due = [...this.#due, { read: delivery.read }, ...delivery.after]
    this.#step()
  }

  close(): void {
    this.#log.close()
    this.#position.close()
  }

  #sort(read: Read): void {
    const { line, cut } = read
    const why = cut ?? (line.tooLong ? "it is too long" : undefined)
    if (why !== undefined) return this.#after({ spoiled: spoiled(read, why, line.bytes), read })
    const found = readEnvelope(line.bytes, this.#id)
    if (!isLeft(found)) return this.#deliver(found.right, read)
    const saved = salvage(line.bytes, this.#id)
    if (saved === undefined) return this.#after({ spoiled: spoiled(read, found.left, line.bytes), read })
    const torn = line.bytes.subarray(0, saved.at)
    this.#after({ spoiled: spoiled(read, "its writer was ended in the middle of it", torn) })
    this.#deliver(saved.envelope, read)
  }

  #deliver(envelope: Envelope, read: Read): void {
    this.#last = { envelope, read, after: [] }
    this.#ready.push(this.#last)
  }

  #after(step: Step): void {
    const line = this.#last?.after ?? this.#due
    line.push(step)
  }

  #step(): void {
    for (let next = this.#due[0]; next !== undefined; next = this.#due[0]) {
      const { spoiled, read } = next
      if (spoiled !== undefined) quarantine(this.#files.quarantine, spoiled, this.#clock.now())
      // A late line of an older file does not move the position back.
      if (read !== undefined && read.age >= this.#age) {
        this.#age = read.age
        this.#position.write(read.after)
      }
      this.#due.shift()
    }
  }
}

function spoiled({ line, after }: Read, why: string, bytes: Buffer): Spoiled {
  return { why, file: after.file, end: line.end, bytes, length: line.tooLong ? line.length : bytes.length }
}
