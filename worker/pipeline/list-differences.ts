import { stableJson } from "../cache/cache-key.ts"

const mostShown = 8
const mostCharacters = 300

/** What one answer says that another does not: field by field where both are JSON, else how it begins. */
export const listDifferences = (answer: string, other: string): readonly string[] => {
  const [left, right] = [fieldsOf(answer), fieldsOf(other)]
  if (left === undefined || right === undefined) return [shorten(answer)]
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path))
  const shown = paths
    .slice(0, mostShown)
    .map((path) => shorten(`${path}: ${left.get(path) ?? "absent"}, not ${right.get(path) ?? "absent"}`))
  return paths.length > mostShown ? [...shown, `and ${paths.length - mostShown} more`] : shown
}

/** Each value under its path, e.g. `components[2].rating`. */
const fieldsOf = (text: string): ReadonlyMap<string, string> | undefined => {
  const value = parseJson(text)
  if (value === undefined) return undefined
  const fields = new Map<string, string>()
  const walk = (part: unknown, path: string): void => {
    if (Array.isArray(part)) part.forEach((item, index) => walk(item, `${path}[${index}]`))
    else if (typeof part === "object" && part !== null) {
      for (const [key, item] of Object.entries(part)) walk(item, path === "" ? key : `${path}.${key}`)
    } else fields.set(path, stableJson(part))
  }
  walk(value, "")
  return fields
}

const parseJson = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const shorten = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text
