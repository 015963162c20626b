/** One segment of a path, its reserved characters percent-encoded. */
export function segment(name: string): string {
  return name.replace(/[/#!~@:[\]%]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Whether a text is a suffix, which joins the segment before it: a counter, a called flow, a flow that was chosen. */
function isSuffix(text: string): boolean {
  const first = text.charAt(0)
  return first === "#" || first === "!" || first === "[" || first === "~" || first === "@" || first === ":"
}

/** A path one step further down. The root is `""`; an empty segment adds nothing. */
export function under(path: string, next: string): string {
  if (next === "") return path
  // The short texts are joined first: paths are ropes, and one of a deep flow has a knot for each join.
  return path === "" || isSuffix(next) ? path + next : path + `/${next}`
}

/** A path of a run without its counters (`[i]`, `#n`, `!n`, `~n`): the place in the text of the flow. */
export function staticPath(path: string): string {
  return path
    .split("/")
    .map((part) => part.replace(/(\[\d+\]|[#!~]\d+)(?=$|[[#!~@:])/g, ""))
    .filter((part) => part !== "")
    .join("/")
}
