/** What may stand at a place in SQL; only in `E''` a backslash hides a quotation mark. */
const tokens =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|\\?$)|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)|(\$[\p{L}_][\p{L}\p{N}_]*\$|\$\$)[\s\S]*?(?:\1|$)|"(?:[^"]|"")*"|\$\d+|[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*/gu

/**
 * SQL without any value of a user: texts (also `E''`, `B''`, dollar quotes), numbers and comments (which nest) become `?` or
 * nothing. Statements that the server did not normalize, such as CREATE USER … PASSWORD, hold them.
 */
export const maskLiterals = (sql: string): string => {
  let masked = ""
  let at = 0
  tokens.lastIndex = 0
  for (let found = tokens.exec(sql); found !== null; found = tokens.exec(sql)) {
    const [token] = found
    masked += sql.slice(at, found.index)
    at = token === "/*" ? endOfComment(sql, found.index) : found.index + token.length
    tokens.lastIndex = at
    masked += maskToken(token)
  }
  return masked + sql.slice(at)
}

const maskToken = (token: string): string => {
  if (token.startsWith("--") || token === "/*") return " "
  return /^"|^\$\d+$/.test(token) || /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(token) ? token : "?"
}

const endOfComment = (sql: string, start: number): number => {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 0
  for (let found = marks.exec(sql); found !== null; found = marks.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return sql.length
}
