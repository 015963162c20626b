import { parseSync } from "oxc-parser"
import { isSyntax } from "../architecture/source.js"

/**
 * A program whose remarks are checked: where a statement is an expression and the comment behind it, on the same line,
 * is a JavaScript literal, the two must be deeply equal. Any other comment stays a comment, and every line its number. A
 * program that is none is left to the compiler, which says what is wrong.
 *
 * @param {string} program
 * @returns {string}
 */
export function withAssertions(program) {
  const { program: tree, comments, errors } = parseSync("program.ts", program)
  if (errors.length > 0) return program
  let text = program
  for (const statement of tree.body.toReversed()) {
    if (statement.type !== "ExpressionStatement") continue
    const { expression, end } = statement
    const remark = comments.find(({ start }) => start >= end && !program.slice(end, start).includes("\n"))
    if (remark === undefined || !isLiteral(remark.value)) continue
    const said = program.slice(expression.start, expression.end)
    // The `;` before keeps the call from joining the line above. The remark itself stays behind it.
    text = `${text.slice(0, expression.start)};$equal(${said}, ${remark.value.trim()})${text.slice(end)}`
  }
  // A function of wide types: an assertion of its own would narrow what later lines read.
  const check = "const $equal = (given: unknown, told: unknown): void => $assert.deepStrictEqual(given, told)"
  return `import * as $assert from "node:assert"; ${check}; ${text}`
}

/** @param {string} text */
function isLiteral(text) {
  const { program, errors } = parseSync("literal.js", `(${text.trim()}\n)`)
  const [statement, more] = program.body
  if (errors.length > 0 || more !== undefined || statement?.type !== "ExpressionStatement") return false
  return isSyntax(statement.expression) && isValue(statement.expression)
}

/**
 * @param {unknown} node
 * @returns {boolean}
 */
function isValue(node) {
  if (!isSyntax(node)) return false
  switch (node.type) {
    case "ParenthesizedExpression":
      return isValue(node["expression"])
    case "Literal":
      return true
    case "Identifier":
      return node["name"] === "undefined"
    case "UnaryExpression":
      return node["operator"] === "-" && isValue(node["argument"])
    case "ArrayExpression":
      return all(node["elements"], isValue)
    case "ObjectExpression":
      return all(
        node["properties"],
        (property) => isSyntax(property) && !property["computed"] && isValue(property["value"]),
      )
    default:
      return false
  }
}

/**
 * @param {unknown} list
 * @param {(part: unknown) => boolean} holds
 */
const all = (list, holds) => Array.isArray(list) && list.every(holds)
