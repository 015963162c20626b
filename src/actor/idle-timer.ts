import type { CancelTimer } from "../data/clock.js"
import type { Host } from "./host.js"

/** Ends an actor that has been idle for long. One timer at most: when it fires it looks how long that really was. */
export class IdleTimer {
  readonly #host: Host
  readonly #ms: number
  readonly #idle: () => boolean
  readonly #end: () => void
  #since = 0
  #stop: CancelTimer | undefined

  constructor(host: Host, ms: number, idle: () => boolean, end: () => void) {
    this.#host = host
    this.#ms = ms
    this.#idle = idle
    this.#end = end
  }

  /** The actor has just become idle. */
  begin(): void {
    this.#since = this.#host.clock.now()
    if (this.#stop === undefined) this.#arm(this.#ms)
  }

  close(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  #arm(wait: number): void {
    this.#stop = this.#host.timer(wait, () => this.#look(), "idle")
  }

  #look(): void {
    this.#stop = undefined
    // A busy actor begins anew when it has done its work.
    if (!this.#idle()) return
    const left = this.#since + this.#ms - this.#host.clock.now()
    if (left > 0) this.#arm(left)
    else this.#end()
  }
}
