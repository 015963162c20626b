/** One segment of a path, its reserved characters percent-encoded. */
export function segment(name: string): string {
  return name.replace(/[/#!~@:[\]%]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** What begins a suffix, which joins the segment before it: counters, called flows, flows that were chosen. */
const suffixes = new Set(["#", "!", "[", "~", "@", ":"])

/** A path one step further down. The root is `""`; an empty segment adds nothing. */
export function under(path: string, next: string): string {
  if (next === "") return path
  return path === "" || suffixes.has(next.charAt(0)) ? path + next : `${path}/${next}`
}

/** A path of a run without its counters (`[i]`, `#n`, `!n`, `~n`): the place in the text of the flow. */
export function staticPath(path: string): string {
  return path
    .split("/")
    .map((part) => part.replace(/(\[\d+\]|[#!~]\d+)(?=$|[[#!~@:])/g, ""))
    .filter((part) => part !== "")
    .join("/")
}
