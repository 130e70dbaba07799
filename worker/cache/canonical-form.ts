/** Goes up with every change of the rules below; part of every cache key. */
export const canonicalFormVersion = 1

const contractions: Readonly<Record<string, string>> = {
  "what's": "what is",
  "where's": "where is",
  "who's": "who is",
  "how's": "how is",
  "that's": "that is",
  "there's": "there is",
  "it's": "it is",
  "isn't": "is not",
  "aren't": "are not",
  "wasn't": "was not",
  "weren't": "were not",
  "doesn't": "does not",
  "don't": "do not",
  "didn't": "did not",
  "hasn't": "has not",
  "haven't": "have not",
  "can't": "can not",
  cannot: "can not",
  "couldn't": "could not",
  "won't": "will not",
  "wouldn't": "would not",
  "shouldn't": "should not",
}

/** The numbers from 0 to 20 in words, but "one", which is a pronoun too ("which one"). */
const numberWords: ReadonlyMap<string, string> = new Map(
  "zero (one) two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
    .split(" ")
    .map((word, value) => [word, String(value)]),
)

/** Words that mark a text as English. Without one, dropping "an" could drop a word that means something. */
const english = /\b(?:what|which|where|who|how|when|why|is|are|does|do|the|this|that|these|there)\b/i

/** "a" is an article after these words and at the start; elsewhere it may be a name, as in "phase a". */
const beforeArticle = new Set(
  "is are was were be there of in on at with for from to by as has have see show shows this that it what which and or not like such".split(
    " ",
  ),
)

const politeness = new Set(["please", "kindly"])
const greeting = /^(?:hi|hello|hey)(?: there)?[,!.]\s+/i
const thanks = /[\s,.!?]+(?:thanks|thank you)[.!]*$/i
/** Matched when articles are gone already: "in picture", "in this picture". */
const onePictureTail = / (?:in|on)(?: this)? (?:picture|image|photo|photograph)$/

/**
 * The form in which two wordings of one question are the same text. It only does what cannot change an answer: Unicode
 * compatibility forms (NFKC), case of ordinary words, contractions, number words, articles, politeness, and a tail such
 * as "in the picture" where there is but one. Everything else stays, in order: prepositions, modals, negation, symbols,
 * units and identifiers with their case ("10 mW" is not "10 MW").
 */
export const canonicalForm = (question: string, imageCount: number): string => {
  const text = question.normalize("NFKC").replace(/[‘’]/g, "'").replace(/\s+/g, " ").trim()
  if (!english.test(text)) return text
  const bare = text
    .replace(greeting, "")
    .replace(thanks, "")
    .replace(/[\s.?!]+$/, "")
  const words = bare.split(" ").map(plainCase).flatMap(expand)
  const form = words
    .filter((word, index) => !isArticle(words, word, index) && !politeness.has(bareWord(word)))
    .join(" ")
  return imageCount === 1 ? form.replace(onePictureTail, "") : form
}

/** Lower case for ordinary words ("Which"); what mixes cases or holds digits may be a unit or a name, and stays. */
const plainCase = (word: string): string => (/^\p{Lu}?[\p{Ll}']+[,;:]?$/u.test(word) ? word.toLowerCase() : word)

const expand = (word: string): readonly string[] => (numberWords.get(word) ?? contractions[word] ?? word).split(" ")

const bareWord = (word: string): string => word.replace(/,$/, "")

const isArticle = (words: readonly string[], word: string, index: number): boolean => {
  if (word === "the" || word === "an") return true
  if (index === 0) return word === "A" || word === "a"
  return word === "a" && beforeArticle.has(words[index - 1] ?? "")
}
