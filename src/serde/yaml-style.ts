import { type Document as Yaml, isMap, type Scalar, visit, type YAMLMap, type YAMLSeq } from "yaml"

/**
 * YAML as people write it: two spaces, no line broken, `|` for texts of several lines, `[a, b]` and `{ a: b }`, and what
 * has a `${…}` in quotes, as it must be inside of braces.
 */
export function styled(document: Yaml): string {
  visit(document, {
    Scalar: (_, node) => quoted(node),
    Collection: (_, node) => padded(node),
  })
  return document.toString({ lineWidth: 0, blockQuote: "literal", doubleQuotedMinMultiLineLength: Infinity })
}

function quoted(node: Scalar): void {
  const { value } = node
  if (node.type === undefined && typeof value === "string" && value.includes("${") && !value.includes("\n")) {
    node.type = "QUOTE_DOUBLE"
  }
}

/** The library pads both kinds of brackets or none. */
function padded(node: YAMLMap | YAMLSeq): void {
  const print = node.toString.bind(node)
  const flowCollectionPadding = isMap(node) ? " " : ""
  node.toString = (context, onComment, onChompKeep) =>
    print(context && { ...context, flowCollectionPadding }, onComment, onChompKeep)
}
