import { isSyntax, nameOf, walk } from "./source.js"

/** @import { Source, Syntax } from "./source.js" */

/** The only file with a `switch` over the node tag. */
export const foldFile = "src/flow/fold.ts"

/**
 * The tags of the nodes: the members of `type Node` in `src/flow/node.ts`.
 *
 * @param {Source} nodeFile
 * @returns {string[]}
 */
export function nodeTags(nodeFile) {
  /** @type {string[]} */
  const tags = []
  walk(nodeFile.program, (node) => {
    if (node.type !== "TSTypeAliasDeclaration" || nameOf(node["id"]) !== "Node") return
    walk(node, (member) => {
      if (member.type === "TSTypeReference") tags.push(nameOf(member["typeName"]) ?? "")
    })
  })
  return tags
}

/**
 * Every `switch` with a node tag among its cases.
 *
 * @param {readonly Source[]} sources
 * @param {readonly string[]} tags
 * @returns {Array<{ file: string, line: number, hasDefault: boolean }>}
 */
export function tagSwitches(sources, tags) {
  return sources.flatMap(({ file, program, line }) => {
    /** @type {Array<{ file: string, line: number, hasDefault: boolean }>} */
    const found = []
    walk(program, (node) => {
      if (node.type !== "SwitchStatement" || !Array.isArray(node["cases"])) return
      const tests = node["cases"].filter(isSyntax).map((one) => one["test"])
      if (!tests.some((test) => tags.includes(nameOf(test) ?? ""))) return
      found.push({ file, line: line(node.start), hasDefault: tests.includes(null) })
    })
    return found
  })
}

/**
 * Files that compare `_tag` with more than one node tag: a switch in disguise. One comparison is a question about one
 * node ("is this a sequence?"); two are the start of an interpreter that will forget the third.
 *
 * @param {readonly Source[]} sources
 * @param {readonly string[]} tags
 * @returns {string[]}
 */
export function disguisedSwitches(sources, tags) {
  return sources.flatMap(({ file, program, line }) => {
    if (file === foldFile) return []
    /** @type {Map<string, number>} */
    const compared = new Map()
    walk(program, (node) => {
      if (node.type !== "BinaryExpression" || !/^[!=]==?$/.test(String(node["operator"]))) return
      const sides = [node["left"], node["right"]].filter(isSyntax)
      const tag = sides
        .map((side) => nameOf(side))
        .find((name, i) => sides[i]?.type === "Literal" && name !== undefined)
      if (tag !== undefined && tags.includes(tag) && sides.some(readsTag)) compared.set(tag, line(node.start))
    })
    if (compared.size < 2) return []
    const places = [...compared].map(([tag, at]) => `${tag} (line ${at})`).join(", ")
    return [`${file}: compares _tag with ${places}: write an entry of FlowAlgebra and use fold`]
  })
}

/** @param {Syntax} node */
const readsTag = (node) => {
  const inner = node.type === "ChainExpression" && isSyntax(node["expression"]) ? node["expression"] : node
  return inner.type === "MemberExpression" && nameOf(inner["property"]) === "_tag"
}

/**
 * Methods called `then`: `await` would take their object for a promise.
 *
 * @param {readonly Source[]} sources
 * @returns {string[]}
 */
export function thenables(sources) {
  return sources.flatMap(({ file, program, line }) => {
    /** @type {string[]} */
    const found = []
    walk(program, (node) => {
      if (nameOf(node["key"]) !== "then") return
      const value = node["value"]
      const isMember =
        /^(MethodDefinition|PropertyDefinition|AccessorProperty|TSMethodSignature|TSPropertySignature|TSAbstract\w+)$/.test(
          node.type,
        ) ||
        (node.type === "Property" && isSyntax(value) && /Function/.test(value.type))
      if (isMember) found.push(`${file}:${line(node.start)}: a method called then: await would treat it as a promise`)
    })
    return found
  })
}
