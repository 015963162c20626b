import { writeSync } from "node:fs"

const hide = "\u001B[?25l"
const show = "\u001B[?25h"

/** Hides the cursor; gives what shows it again. It is shown however the process ends, a crash or `process.exit` included. */
export function hideCursor(write: (text: string) => void): () => void {
  const atExit = (): void => {
    try {
      writeSync(2, show)
    } catch {
      // the terminal is gone
    }
  }
  process.once("exit", atExit)
  write(hide)
  return () => {
    process.off("exit", atExit)
    write(show)
  }
}
