import type { AnyAgentRef } from "../../../data/agent-ref.js"
import { Cancel } from "../../../data/cancel.js"
import type { EventTask } from "../../event.js"
import type { Told } from "../../runtime.js"
import type { AskedBy } from "./around.js"
import { AskedPath } from "./late-path.js"
import { type Continuation, Failed, Frame, type Outcome, PENDING } from "./machine.js"
import { within } from "./within.js"

/** How many agents may stand above one that is asked, each asked by the one before: what goes deeper has no end. */
const deepest = 64

/** The task of an agent that asks others. */
interface Asker extends EventTask {
  readonly path: string
}

/** What one agent asks of others while it is at work. All of it ends with the agent. */
export class Errands {
  /** Whether the agent has its own place in the limits. While it waits for others, they have it. */
  holds = true
  readonly asker: Asker
  readonly frame: Frame
  readonly depth: number
  // A list linked through its members: a Set through which many come and go keeps dead ones from the garbage collector.
  #last: Errand | undefined
  #open = 0
  #ended = false
  #count = 0

  constructor(asker: Asker, frame: Frame) {
    this.asker = asker
    this.frame = frame
    this.depth = (frame.around.askedBy?.depth ?? 0) + 1
  }

  send(ref: AnyAgentRef, input: unknown, told: Told): void {
    const errand = new Errand(this, ref, this.#count++, told)
    this.#open++
    errand.before = this.#last
    if (this.#last !== undefined) this.#last.after = errand
    this.#last = errand
    errand.start(input)
  }

  settled({ before, after }: Errand): void {
    this.#open--
    if (before !== undefined) before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    if (this.#open > 0 || this.holds || this.#ended) return
    this.holds = true
    this.frame.around.limits?.retake()
  }

  borrow(): boolean {
    const held = this.holds
    this.holds = false
    return held
  }

  giveBack(errand: Errand): boolean {
    const others = this.#open - (errand.settled ? 0 : 1)
    if (this.holds || others > 0) return false
    this.holds = true
    return true
  }

  /** The agent has ended, or is aborted. */
  end(reason: unknown): void {
    this.#ended = true
    const open: Errand[] = []
    for (let errand = this.#last; errand !== undefined; errand = errand.before) open.push(errand)
    for (const errand of open.toReversed()) errand.cancel(reason)
  }
}

/** One ask of an agent by another: a part of the run that no node stands for. It is the token that this part runs under. */
class Errand extends Cancel implements AskedBy, Continuation {
  readonly #errands: Errands
  readonly #ref: AnyAgentRef
  readonly #number: number
  readonly #told: Told
  /** Neighbours in the list of those that its asker waits for. */
  before: Errand | undefined
  after: Errand | undefined
  settled = false
  #task: EventTask | undefined

  constructor(errands: Errands, ref: AnyAgentRef, number: number, told: Told) {
    super(told.cancel)
    this.#errands = errands
    this.#ref = ref
    this.#number = number
    this.#told = told
  }

  get asker(): EventTask {
    return this.#errands.asker
  }
  get depth(): number {
    return this.#errands.depth
  }
  get heard(): EventTask["heard"] {
    return this.#told.heard
  }

  start(input: unknown): void {
    if (this.cancelled) return this.#aborted(this.reason)
    const { machine } = this.#errands.frame
    machine.enter(() => {
      if (this.cancelled) return
      if (this.heard !== undefined) machine.listen()
      const outcome = this.#go(input)
      if (outcome !== PENDING) this.resume(outcome)
    })
  }

  #go(input: unknown): Outcome {
    const { name } = this.#ref
    const { asker, depth, frame } = this.#errands
    const place = new AskedPath(asker, name, this.#number)
    if (depth > deepest) {
      const path = place.text
      const message = `${name} was not asked: ${deepest} agents wait for one another already, each asked by the one before. Does one of them ask itself?`
      return new Failed({ _tag: "BudgetExceeded", path, message, retry: "no" })
    }
    const { machine, deadline, level } = frame
    const around = { input, limits: frame.around.limits, askedBy: this }
    const inside = new Frame(machine, this, place, undefined, deadline, around, level)
    const exec = machine.agent(this.#ref)
    const { timeout } = this.#told
    return (timeout === undefined ? exec : within(timeout, exec, "", name))(inside, input, this)
  }

  began(task: EventTask): void {
    this.#task = task
  }

  borrow(): boolean {
    return this.#errands.borrow()
  }

  giveBack(): boolean {
    return this.#errands.giveBack(this)
  }

  resume(outcome: Outcome): void {
    if (!this.#settle()) return
    this.release()
    if (outcome instanceof Failed) this.#told.failed(outcome.fault)
    else this.#told.answered(outcome, this.#task?.taskId ?? "")
  }

  override hear(reason: unknown): void {
    super.hear(reason)
    this.#aborted(reason)
  }

  #aborted(reason: unknown): void {
    if (this.#settle()) this.#told.aborted(reason)
  }

  #settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.#errands.settled(this)
    this.before = undefined
    this.after = undefined
    return true
  }
}
