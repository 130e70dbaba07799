import { numberWords } from "../number-words.ts"
import { stem } from "../near/stem.ts"
import { functionWords } from "../near/word-lists.ts"

/** Answers are read this far; what decides stands at the beginning. */
const mostChars = 4_000

export const leadingYesNo = (answer: string): "yes" | "no" | undefined => {
  const [, word] = /^[\s"'*]{0,8}(yes|no)\b(?! (?:one|longer|more|idea)\b)/i.exec(answer) ?? []
  return word === undefined ? undefined : word.toLowerCase() === "yes" ? "yes" : "no"
}

/** "Cannot be read", "unknown", "nothing": an answer that fits any question about what is not there. */
export const tellsNothing = (answer: string): boolean =>
  /\b(?:unknown|unclear|none|nothing|n\/a|illegible|unreadable|(?:cannot|can't|can not|could not|couldn't|not) (?:\w+ )?(?:be |determine|tell|see|seen|read|say|identify|visible|shown|legible|available|specified|provided|possible|clear|sure)|no (?:answer|information|such|visible|text|label))\b/i.test(
    answer.slice(0, 400),
  )

/** Numbers and identifiers with digits, with the unit that follows, in a form that compares ("16 A" is "16A", "1,000" is "1000"). */
export const readQuantities = (answer: string): readonly string[] => {
  const tokens =
    answer
      .slice(0, mostChars)
      .normalize("NFKC")
      .match(/[\p{L}\p{N}]+(?:[.,:/_-][\p{L}\p{N}]+)*|[%°Ω]/gu) ?? []
  return tokens
    .flatMap((token, index) => {
      const value = numberWords.get(token.toLowerCase()) ?? token
      if (!/\p{N}/u.test(value)) return []
      const next = tokens[index + 1] ?? ""
      const number = /^[\d.,]+$/.test(value) ? String(Number(value.replaceAll(",", ""))) : value
      return [/^[\d.,]+$/.test(value) && isUnit(next) ? number + next : number]
    })
    .toSorted()
}

const isUnit = (word: string): boolean =>
  /^(?:[kMmµnGp]?(?:V|A|W|VA|Hz|F|H|Ω|m|g|s|Pa|bar|l|var)|mm2|mm²|°?C|K|%|°|rpm|kWh|Wh|Ah|min|h|x)$/.test(word)

export const contentWords = (answer: string): readonly string[] =>
  (
    answer
      .slice(0, mostChars)
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:[.:_-][\p{L}\p{N}]+)*/gu) ?? []
  )
    .filter((word) => !functionWords.has(word) || word === "not" || word === "no")
    .map((word) => numberWords.get(word) ?? stem(word))
