import { seen } from "../printable.js"

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

/** A text as HTML and SVG show it, between tags and in quoted attributes; controls are written out. */
export const html = (text: string): string => seen(text).replace(/[&<>"']/g, (c) => entities[c] ?? c)

/** Data for a script that is not run: nothing in it ends the script or begins a comment. */
export const scriptData = (data: unknown): string =>
  (JSON.stringify(data, (_key, value: unknown) => (typeof value === "string" ? seen(value) : value)) ?? "null").replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
