import { appendFileSync, existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ActorSystem, actor, type Envelope, jsonl, type JsonlOptions } from "troupe/actor"
import { type VirtualClock, virtualClock } from "../../../src/testing/virtual-clock.js"

/** A line as any program may write it. */
export function lineFor(to: string, payload: unknown, more: object = {}): string {
  const envelope = {
    id: "m",
    to,
    from: "alice",
    customer: "alice",
    timestamp: "2026-01-31T12:00:00Z",
    payload,
    ...more,
  }
  return `${JSON.stringify(envelope)}\n`
}

export interface Reader {
  readonly app: ActorSystem
  readonly clock: VirtualClock
  readonly seen: readonly Envelope[]
  /** The `n` of each payload. */
  readonly numbers: () => readonly unknown[]
  /** Lets a poll go by. */
  readonly poll: () => Promise<void>
}

/** An actor `bob` that notes its messages. It looks at its file each second of a clock that stands still. */
export function reader(
  root: string,
  handle: (envelope: Envelope) => unknown = () => {},
  options: JsonlOptions = {},
): Reader {
  const clock = virtualClock()
  const app = new ActorSystem("app", { clock })
  const seen: Envelope[] = []
  const noting = actor((envelope: Envelope) => {
    seen.push(envelope)
    return handle(envelope)
  })
  app.spawn(noting, "bob", { mailbox: jsonl({ root, watch: false, ...options }) })
  return {
    app,
    clock,
    seen,
    numbers: () => seen.map(({ payload }) => payload["n"]),
    poll: () => clock.advance(1_000),
  }
}

/** Appends as a foreign program does. */
export function add(root: string, ...parts: readonly (string | Uint8Array)[]): void {
  for (const part of parts) appendFileSync(join(root, "bob.jsonl"), part)
}

/** What stands in a file of lines of JSON; nothing when there is none. */
export function jsonLines(root: string, name: string): readonly Record<string, unknown>[] {
  const file = join(root, name)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
  return lines.map((line) => JSON.parse(line))
}
