// What a worker thread begins with: a channel for each system that has actors here.
import { parentPort } from "node:worker_threads"
import { Site, type Welcome } from "./worker-site.js"

parentPort?.on("message", (welcome: Welcome) => new Site(welcome))
