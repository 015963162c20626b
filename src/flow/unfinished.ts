/** Stands where a part of this branch is still to be written. */
export function unfinished(what: string): never {
  throw new Error(`unfinished: ${what}`)
}
