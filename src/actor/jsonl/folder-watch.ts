import { type FSWatcher, watch } from "node:fs"

/** One watcher of a folder, for all mailboxes in it. */
interface Watched {
  readonly watcher: FSWatcher
  /** By the name of the file. */
  readonly changed: Map<string, () => void>
}

const folders = new Map<string, Watched>()

/**
 * Calls `changed` when a file in a folder may have changed, as far as the system tells: it may tell twice, late, or never
 * (a network file system). Gives a function that ends it.
 */
export function watchFile(folder: string, name: string, changed: () => void): () => void {
  const watched = folders.get(folder) ?? watchFolder(folder)
  if (watched === undefined) return () => {}
  watched.changed.set(name, changed)
  return () => {
    watched.changed.delete(name)
    if (watched.changed.size === 0) forget(folder, watched)
  }
}

/** Undefined where the system has no watcher left, or none for this folder. */
function watchFolder(folder: string): Watched | undefined {
  const changed = new Map<string, () => void>()
  let watcher: FSWatcher
  try {
    watcher = watch(folder, (_event, name) => {
      if (name !== null) changed.get(name)?.()
      else for (const each of changed.values()) each()
    })
  } catch {
    return undefined
  }
  const watched = { watcher, changed }
  watcher.on("error", () => forget(folder, watched))
  folders.set(folder, watched)
  return watched
}

function forget(folder: string, watched: Watched): void {
  if (folders.get(folder) === watched) folders.delete(folder)
  watched.watcher.close()
}
