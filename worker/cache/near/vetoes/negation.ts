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

/** A negation on one side only, be it a word, a prefix ("unavailable") or an ending ("tax-free"). */
export const negation: Veto = ({ asked, stored, onlyAsked, onlyStored }) => {
  const inAsked = negationsIn(asked.lowerWords)
  const inStored = negationsIn(stored.lowerWords)
  const [onlyInAsked, onlyInStored] = [missingFrom(inStored, inAsked), missingFrom(inAsked, inStored)]
  if (onlyInAsked.length + onlyInStored.length > 0) return against(onlyInAsked, onlyInStored)
  for (const one of onlyAsked) {
    for (const other of onlyStored) {
      if (negates(one.lower, other.lower) || negates(other.lower, one.lower)) return against([one.text], [other.text])
    }
  }
  return undefined
}

/** "Why or why not?" asks for reasons; it denies nothing. */
const negationsIn = (list: readonly string[]): readonly string[] =>
  list.filter((word, index) => negations.has(word) && !(word === "not" && list[index - 1] === "why")).map(asOne)

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
