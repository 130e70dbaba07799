import type { ReadQuestion, Token } from "../read-question.ts"
import { words } from "../word-lists.ts"
import { against, missingFrom } from "./veto.ts"
import type { Veto } from "./veto.ts"

const negations = words(
  "not no never none nothing nobody nowhere neither nor without except excluding unless lack lacks lacking missing absent hardly barely",
)
/** One negation may be said in several ways: "without pain", "with no pain". */
const asOne = (word: string): string => (word === "without" || word === "none" ? "no" : word)
const prefixes = ["un", "in", "im", "ir", "il", "non", "dis", "mis", "de"]
const suffixes = ["less", "free", "proof"]

/**
 * A negation on one side only, be it a word, a prefix ("unavailable") or an ending ("tax-free"). Not one that stands within
 * a whole clause that only one question has: it denies that clause, and so much more text is for the confidence to weigh.
 */
export const negation: Veto = ({ asked, stored, onlyAsked, onlyStored }) => {
  const inAsked = negationsIn(asked, new Set(onlyAsked))
  const inStored = negationsIn(stored, new Set(onlyStored))
  const [onlyInAsked, onlyInStored] = [missingFrom(inStored, inAsked), missingFrom(inAsked, inStored)]
  if (onlyInAsked.length + onlyInStored.length > 0) return against(onlyInAsked, onlyInStored)
  for (const one of onlyAsked) {
    for (const other of onlyStored) {
      if (negates(one.lower, other.lower) || negates(other.lower, one.lower)) return against([one.text], [other.text])
    }
  }
  return undefined
}

/** As many content words around a negation that only one question has make a clause of its own. */
const clauseWords = 2

const negationsIn = ({ tokens }: ReadQuestion, alone: ReadonlySet<Token>): readonly string[] =>
  tokens.flatMap(({ lower }, index) => {
    // "Why or why not?" asks for reasons; it denies nothing.
    if (!negations.has(lower) || (lower === "not" && tokens[index - 1]?.lower === "why")) return []
    return isInOwnClause(tokens, index, alone) ? [] : [asOne(lower)]
  })

/** Whether the nearest content words on both sides are the question's own. */
const isInOwnClause = (tokens: readonly Token[], index: number, alone: ReadonlySet<Token>): boolean => {
  const content = (list: readonly Token[]): readonly Token[] => list.filter((token) => token.content)
  const behind = content(tokens.slice(index + 1)).slice(0, clauseWords)
  const before = content(tokens.slice(0, index)).slice(-1)
  return behind.length === clauseWords && [...before, ...behind].every((token) => alone.has(token))
}

/** Whether a word is another with a negating prefix or ending; the first letters are enough, because endings vary. */
const negates = (longer: string, shorter: string): boolean => {
  const bare = longer.replace("-", "")
  const root = shorter.slice(0, Math.max(4, shorter.length - 2))
  if (root.length < 4) return false
  return (
    prefixes.some((prefix) => bare.startsWith(prefix) && bare.startsWith(root, prefix.length)) ||
    suffixes.some((suffix) => {
      const base = bare.slice(0, -suffix.length)
      return bare.endsWith(suffix) && base.length >= 3 && shorter.startsWith(base.slice(0, 5))
    })
  )
}
