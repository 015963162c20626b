#!/usr/bin/env node
// Imports the programs that it is given, one after the other, and prints a line of JSON for each: what it threw, if it did.
// What they print themselves goes to standard error.
import { inspect } from "node:util"
import { pathToFileURL } from "node:url"

const tell = console.log
console.log = console.info = (...args) => console.error(...args)
for (const file of process.argv.slice(2)) {
  /** @type {unknown} */
  let error
  try {
    await import(pathToFileURL(file).href)
  } catch (thrown) {
    error = inspect(thrown)
  }
  tell(JSON.stringify({ file, error }))
}
