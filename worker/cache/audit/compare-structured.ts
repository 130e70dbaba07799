import { stableJson } from "../cache-key.ts"
import type { AnswerComparison } from "./compare-answers.ts"

type Leaf = string | number | boolean | null

/** A text this long explains; its words are the model's own and differ each time. */
const longestName = 40
const same = 0.95
const different = 0.8

/** Compares two JSON answers leaf by leaf; undefined where either is no JSON object or list. */
export const compareStructured = (
  one: string,
  other: string,
): Pick<AnswerComparison, "verdict" | "weight"> | undefined => {
  const [left, right] = [parse(one), parse(other)]
  if (left === undefined || right === undefined) return undefined
  const [leaves, others] = [decisiveLeaves(left), decisiveLeaves(right)]
  const most = Math.max(leaves.length, others.length)
  if (most === 0) return { verdict: "unclear", weight: 0 }
  const left2 = [...others]
  const matched = leaves.filter((leaf) => {
    const at = left2.indexOf(leaf)
    if (at >= 0) left2.splice(at, 1)
    return at >= 0
  }).length
  const agreement = matched / most
  // One field may be equal by chance; five are not.
  const weight = 1 - 0.5 ** Math.min(most, 5)
  if (agreement >= same) return { verdict: "same", weight }
  return agreement <= different ? { verdict: "different", weight } : { verdict: "unclear", weight: 0 }
}

const parse = (text: string): object | undefined => {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const mostLeaves = 2_000

/** Each leaf with its path, list places left out: the same rows in another order are the same table. */
const decisiveLeaves = (value: object): readonly string[] => {
  const leaves: string[] = []
  const walk = (part: unknown, path: string): void => {
    if (leaves.length >= mostLeaves) return
    if (Array.isArray(part)) for (const item of part) walk(item, `${path}[]`)
    else if (typeof part === "object" && part !== null) {
      for (const [key, item] of Object.entries(part)) walk(item, `${path}.${key}`)
    } else if (isLeaf(part) && isDecisive(part)) leaves.push(`${path}=${stableJson(plain(part))}`)
  }
  walk(value, "")
  return leaves
}

const isLeaf = (part: unknown): part is Leaf =>
  part === null || typeof part === "string" || typeof part === "number" || typeof part === "boolean"
const isDecisive = (leaf: Leaf): boolean => typeof leaf !== "string" || leaf.length <= longestName
const plain = (leaf: Leaf): Leaf =>
  typeof leaf === "string"
    ? leaf
        .normalize("NFKC")
        .toLowerCase()
        .replace(/[\s.]+/g, " ")
        .trim()
    : leaf
