import { parseDocument } from "yaml"

/**
 * The first list of objects that stands in a TypeScript or JSON text, read as data: nothing is executed, and what is no
 * literal stays the text that it is. `undefined` where there is no such list.
 */
export const readLiteral = (source: string): unknown => {
  const bare = withoutComments(source)
  const start = /\[\s*\{/.exec(bare)?.index
  const literal = start === undefined ? undefined : bare.slice(start, endOf(bare, start))
  if (literal === undefined) return undefined
  // The literals of JavaScript are YAML's flow style, but for backticks, and for colons that want a space.
  const yaml = literal
    .replaceAll("\n", "\n ")
    .replaceAll("\t", " ")
    .replaceAll(/([{,]\s*[A-Za-z]\w*)\??\s*:(?=\S)/g, "$1: ")
  const document = parseDocument(yaml, { prettyErrors: false })
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 })
}

/** Each character with whether it stands in a text, so that a bracket or `//` in an address is no syntax. */
const walk = (source: string, visit: (at: number, inText: boolean) => number): void => {
  let quote: string | undefined
  for (let at = 0; at < source.length;) {
    const character = source[at]
    if (quote !== undefined && character === "\\") {
      visit(at, true)
      visit(at + 1, true)
      at += 2
      continue
    }
    const wasText = quote !== undefined
    if (quote === undefined && (character === '"' || character === "'" || character === "`")) quote = character
    else if (character === quote) quote = undefined
    at = visit(at, wasText || quote !== undefined)
  }
}

const withoutComments = (source: string): string => {
  let kept = ""
  walk(source, (at, inText) => {
    const end = inText ? undefined : source.startsWith("//", at) ? "\n" : source.startsWith("/*", at) ? "*/" : undefined
    if (end === undefined) {
      kept += source[at] ?? ""
      return at + 1
    }
    const found = source.indexOf(end, at + 2)
    return found < 0 ? source.length : end === "\n" ? found : found + 2
  })
  return kept
}

const endOf = (source: string, start: number): number => {
  let depth = 0
  let end = source.length
  walk(source, (at, inText) => {
    if (at < start || inText) return at + 1
    const character = source[at] ?? ""
    if ("[{".includes(character)) depth++
    if ("]}".includes(character) && --depth === 0) {
      end = at + 1
      return source.length
    }
    return at + 1
  })
  return end
}
