/** Where a string value stands in a JSON text: `[start, end)` in bytes, quotes included. */
export interface FoundString {
  readonly value: string
  readonly start: number
  readonly end: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Finds a string member of the outermost object without parsing the text, so that a body of megabytes can be forwarded
 * as it came. Strings are jumped over natively; only what lies between them is walked. Undefined when the member is not
 * there, is not a string, or the text is not what JSON should be: a full parse then says what is wrong.
 */
export const findTopLevelString = (json: Uint8Array, name: string): FoundString | undefined => {
  let at = skipSpace(json, 0)
  if (json[at] !== openBrace) return undefined
  at = skipSpace(json, at + 1)
  while (json[at] === quote) {
    const keyEnd = endOfString(json, at)
    if (keyEnd === -1) return undefined
    const isWanted = keyEnd - at === name.length + 2 && readString(json, at, keyEnd) === name
    at = skipSpace(json, keyEnd)
    if (json[at] !== colon) return undefined
    at = skipSpace(json, at + 1)
    const end = endOfValue(json, at)
    if (end === -1) return undefined
    if (isWanted) {
      const value = json[at] === quote ? readString(json, at, end) : undefined
      return value === undefined ? undefined : { value, start: at, end }
    }
    at = skipSpace(json, end)
    if (json[at] !== comma) return undefined
    at = skipSpace(json, at + 1)
  }
  return undefined
}

/** The same text with one string put in another's place. */
export const replaceString = (
  json: Uint8Array,
  { start, end }: FoundString,
  value: string,
): Uint8Array<ArrayBuffer> => {
  const replacement = new TextEncoder().encode(JSON.stringify(value))
  const result = new Uint8Array(json.length - (end - start) + replacement.length)
  result.set(json.subarray(0, start))
  result.set(replacement, start)
  result.set(json.subarray(end), start + replacement.length)
  return result
}

const skipSpace = (json: Uint8Array, from: number): number => {
  let at = from
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++
  return at
}

/** The place behind a string's closing quote; -1 if there is none. */
const endOfString = (json: Uint8Array, start: number): number => {
  for (let at = json.indexOf(quote, start + 1); at !== -1; at = json.indexOf(quote, at + 1)) {
    let backslashes = 0
    while (json[at - 1 - backslashes] === backslash) backslashes++
    if (backslashes % 2 === 0) return at + 1
  }
  return -1
}

const endOfValue = (json: Uint8Array, start: number): number => {
  let depth = 0
  for (let at = start; at < json.length;) {
    const byte = json[at]
    if (byte === quote) {
      at = endOfString(json, at)
      if (at === -1 || depth === 0) return at
      continue
    }
    if (byte === openBrace || byte === openBracket) depth++
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return at
      depth--
      if (depth === 0) return at + 1
    } else if (byte === comma && depth === 0) return at
    at++
  }
  return -1
}

const decoder = new TextDecoder()

const readString = (json: Uint8Array, start: number, end: number): string | undefined => {
  try {
    const value: unknown = JSON.parse(decoder.decode(json.subarray(start, end)))
    return typeof value === "string" ? value : undefined
  } catch {
    return undefined
  }
}
