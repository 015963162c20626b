/**
 * For users' own tests: a clock that moves only when told, models that say what they are told, and a server that speaks
 * the wire formats of the real ones.
 *
 * @packageDocumentation
 */
export * from "./model-server.js"
export * from "./scripted-model.js"
export { type VirtualClock, virtualClock } from "./virtual-clock.js"
