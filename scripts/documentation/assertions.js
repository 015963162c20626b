import { parseSync } from "oxc-parser"
import { isSyntax, source } from "../architecture/source.js"

/** @typedef {import("../architecture/source.js").Syntax} Syntax */

/**
 * A program whose remarks are checked: where a statement is an expression and the comment behind it, on the same line,
 * is a JavaScript literal, the two must be deeply equal. Any other comment stays a comment, and every line its number.
 *
 * @param {string} program
 * @returns {string}
 */
export function withAssertions(program) {
  const { program: tree, comments, line } = source("program.ts", program)
  const statements = Array.isArray(tree["body"]) ? tree["body"].filter(isSyntax) : []
  let text = program
  for (const { expression, end } of statements.filter(({ type }) => type === "ExpressionStatement").reverse()) {
    const remark = comments.find(({ start }) => start >= end && line(start) === line(end))
    if (remark === undefined || !isSyntax(expression) || !isLiteral(remark.value)) continue
    const said = program.slice(expression.start, expression.end)
    // The line break ends the remark that stays; a `;` before keeps the call from joining the line above.
    text = `${text.slice(0, expression.start)};$equal(${said}, ${remark.value.trim()})${text.slice(end)}`
  }
  // `void` and a wide type: an assertion must not narrow what later lines read.
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
