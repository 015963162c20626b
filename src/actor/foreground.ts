import type { ActorSource } from "./actor.js"
import { systemClock } from "./clock.js"
import { ActorFailed } from "./local-host.js"
import { observe } from "./local-ref.js"
import type { ActorSystem } from "./system.js"

/** Options of `runMain`. */
export interface MainOptions {
  /** Who has the terminal. It is spawned under the name `ui`, unless `name` says otherwise. */
  readonly foreground: ActorSource<never, unknown>
  readonly name?: string
  /** Milliseconds that the shutdown waits for handlers and hooks. Default 5,000. */
  readonly timeout?: number
}

/** Why a program came to its end: the foreground actor did, or the process was told to. */
export type MainEnded = "ended" | "SIGINT" | "SIGTERM"

const signals = ["SIGINT", "SIGTERM"] as const

/**
 * The main program of a process: gives the terminal to one actor, and shuts the system down when that ends, else on
 * SIGINT or SIGTERM. Resolves with which of them it was, when all has ended.
 *
 * The shutdown is in order: new messages are refused at once; then the foreground actor ends, then the agents, tools,
 * workers and sockets, as the `stage` of top-level actors says. What the actor did to the terminal is undone: standard
 * input is no longer raw and no longer read, so that the process ends by itself. A second signal, while the shutdown is
 * under way, ends the process at once, as if nobody listened. The exit code is left to the caller.
 *
 * Rejects, after the shutdown, with the error that ended the foreground actor, if that is how it ended; as `spawn` does,
 * when the name is taken.
 *
 * @example
 * ```ts
 * import { Actor, ActorSystem, runMain } from "troupe/actor"
 * class Ui extends Actor<string> {
 *   override onStarted() {
 *     this.context.self.tell("hello")
 *   }
 *   override onReceive(line: string) {
 *     console.log(line)
 *     this.context.stopSelf()
 *   }
 * }
 * const app = new ActorSystem("app")
 * await runMain(app, { foreground: Ui }) // "ended"
 * ```
 */
export async function runMain(system: ActorSystem, options: MainOptions): Promise<MainEnded> {
  const { foreground, name = "ui", timeout } = options
  const ui = system.spawn(foreground, name, { stage: "ui" })
  const failures: unknown[] = []
  const off = system.bus.subscribe(ActorFailed, ({ path, directive, error }) => {
    if (path === ui.path && directive !== "restart" && directive !== "resume") failures.push(error)
  })
  const why = await new Promise<MainEnded>((resolve) => {
    // Nothing else may keep the process alive while the actor waits for its next message.
    const rest = systemClock.after(Number.MAX_SAFE_INTEGER, () => {})
    const end = (ended: MainEnded): void => {
      rest()
      for (const [signal, listener] of listeners) process.removeListener(signal, listener)
      resolve(ended)
    }
    const listeners = signals.map((signal) => [signal, () => end(signal)] as const)
    for (const [signal, listener] of listeners) process.on(signal, listener)
    observe(ui, () => end("ended"))
  })
  await system.shutdown(timeout === undefined ? {} : { timeout })
  off()
  giveBack()
  for (const error of failures) throw error
  return why
}

/** The terminal as it was: nobody reads from it, and what is typed is a line again. */
function giveBack(): void {
  const { stdin } = process
  if (stdin.isTTY && stdin.isRaw) stdin.setRawMode(false)
  stdin.pause()
  // A file has no handle to let go of.
  if ("unref" in stdin) stdin.unref()
}
