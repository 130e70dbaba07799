/**
 * SQL without any value of a user: texts (also `E''`, `B''`, dollar quotes), numbers and comments become `?`. Statements that
 * the server did not normalize, such as CREATE USER … PASSWORD, hold them.
 */
export const maskLiterals = (sql: string): string =>
  sql.replaceAll(
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?:[eEbBxXnN]|[uU]&)?'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|(\$[A-Za-z_]\w*\$|\$\$)[\s\S]*?(?:\1|$)|"(?:[^"]|"")*"|\$\d+|\b[A-Za-z_][\w$]*|\b\d[\w.]*/g,
    (token) => {
      if (token.startsWith("--") || token.startsWith("/*")) return " "
      if (/^"|^\$\d+$/.test(token)) return token
      if (/^[A-Za-z_][\w$]*$/.test(token)) return token
      return "?"
    },
  )
