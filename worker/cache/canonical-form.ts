import { contractions } from "./contractions.ts"
import { numberWords } from "./number-words.ts"
import { oneWayToAsk } from "./one-way-to-ask.ts"

/** Goes up with every change of the rules below; part of every cache key. */
export const canonicalFormVersion = 2

/** Words that mark a text as English. Without one, dropping "an" could drop a word that means something. */
const english =
  /\b(?:what|whats|which|where|who|how|when|why|is|are|does|do|can|could|will|the|this|that|these|there|read|list|count|describe|name)\b/i

/** "a" is an article after these words and at the start; elsewhere it may be a name, as in "phase a". */
const beforeArticle = new Set(
  "is are was were be been being there of in on at with for from to by as has have see show shows this that it what which and or not like such".split(
    " ",
  ),
)

/** One spelling for the words that English and American write differently. */
const spellings: ReadonlyMap<string, string> = new Map(
  "colour color colours colors grey gray centre center metre meter metres meters litre liter litres liters aluminium aluminum tyre tire tyres tires analogue analog catalogue catalog neutralise neutralize labelled labeled"
    .split(" ")
    .flatMap((word, index, all) => (index % 2 === 0 ? [[word, all[index + 1] ?? word] as const] : [])),
)

const politeness = new Set(["please", "kindly"])
const greeting = /^(?:hi|hello|hey)(?: there)?[,!.]\s+/i
const thanks = /[\s,.!?](?:thanks|thank you)$/i

/**
 * The form in which two wordings of one question are the same text. It only does what cannot change an answer: Unicode
 * compatibility forms (NFKC), case of ordinary words, contractions, number words, one spelling, articles, politeness, and
 * the ways of asking in `one-way-to-ask.ts`. Everything else stays, in order: prepositions, modals, negation, symbols,
 * units and identifiers with their case ("10 mW" is not "10 MW").
 */
export const canonicalForm = (question: string, imageCount: number): string => {
  const text = question.normalize("NFKC").replace(/[‘’]/g, "'").replace(/\s+/g, " ").trim()
  if (!english.test(text)) return text
  const bare = withoutEnd(withoutEnd(text).replace(greeting, "").replace(thanks, ""))
  const words = bare.split(" ").map(plainCase).flatMap(expand)
  const form = words
    .filter((word, index) => !isArticle(words, word, index) && !politeness.has(bareWord(word)))
    .join(" ")
  return oneWayToAsk(form, imageCount)
}

/** Without closing marks. A loop, because a regular expression that ends in `+$` takes quadratic time on a run of dots. */
const withoutEnd = (text: string): string => {
  let end = text.length
  while (end > 0 && " .?!,;".includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** Lower case for ordinary words ("Which"); what mixes cases or holds digits may be a unit or a name, and stays. */
const plainCase = (word: string): string => (/^\p{Lu}?[\p{Ll}']+[,;:]?$/u.test(word) ? word.toLowerCase() : word)

const expand = (word: string): readonly string[] =>
  (numberWords.get(word) ?? contractions.get(word) ?? spellings.get(word) ?? word).split(" ")

const bareWord = (word: string): string => word.replace(/,$/, "")

const isArticle = (words: readonly string[], word: string, index: number): boolean => {
  if (word === "the" || word === "an") return true
  if (index === 0) return word === "A" || word === "a"
  return word === "a" && beforeArticle.has(words[index - 1] ?? "")
}
