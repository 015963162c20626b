// A program with an actor on a worker thread: it ends by itself.
import { ActorSystem, workers } from "troupe/actor"

/** @type {unknown} */
const loaded = Reflect.get(process, "moduleLoadList")
if (!Array.isArray(loaded) || loaded.includes("NativeModule worker_threads")) console.log("loaded early")
const pool = workers({ size: 1 })
const app = new ActorSystem("app")
/** @type {import("troupe/actor").ActorSource<number, number>} */
const source = pool.actor(new URL("./worker-modules.js", import.meta.url), "Fibonacci")
console.log(await app.spawn(source).ask(20))
if (process.argv[2] === "shutdown") {
  await app.shutdown()
  console.log(pool.stats().threads)
}
