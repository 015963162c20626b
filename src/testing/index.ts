/**
 * For users' own tests: a clock that moves only when told, models that say what they are told, a server that speaks the
 * wire formats of the real ones, and actors that keep what they are told.
 *
 * @packageDocumentation
 */
export * from "./model-server.js"
export { type Probe, probe } from "./probe.js"
export { storeLaws, verifyStore } from "./registry-store.js"
export type { StoreFinding, StoreLaw, StoreSubject, StoreWorld } from "./registry-store.js"
export * from "./scripted-model.js"
export { type VirtualClock, virtualClock } from "./virtual-clock.js"
