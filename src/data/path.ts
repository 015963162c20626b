/** One segment of a path, its reserved characters percent-encoded. */
export function segment(name: string): string {
  return name.replace(/[/#!~@:[\]%]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A path one step further down. The root is `""`; an empty segment adds nothing. */
export function under(path: string, next: string): string {
  if (next === "") return path
  return path === "" || next.startsWith("#") || next.startsWith("!") || next.startsWith("[") || next.startsWith("~")
    ? path + next
    : `${path}/${next}`
}

/** A path of a run without its counters (`[i]`, `#n`, `!n`, `~n`, `:hash`): the place in the text of the flow. */
export function staticPath(path: string): string {
  return path
    .split("/")
    .map((part) => part.replace(/(\[\d+\]|[#!~]\d+|:[0-9a-f]{8})+$/g, ""))
    .filter((part) => part !== "")
    .join("/")
}
