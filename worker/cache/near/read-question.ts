import { contractions } from "../contractions.ts"
import { numberWords } from "../number-words.ts"
import { stem } from "./stem.ts"
import { synonymOf } from "./synonyms.ts"
import { functionWords, words } from "./word-lists.ts"

export interface Token {
  /** As written, in Unicode's compatibility form. */
  readonly text: string
  readonly lower: string
  /** What is compared: the stem, or the word that stands for all its synonyms. */
  readonly stem: string
  /** Holds digits, or is a single letter: a number, a unit with one, or an identifier. Compared as written. */
  readonly exact: boolean
  /** Written with a capital where grammar asks for none. */
  readonly name: boolean
  readonly content: boolean
  readonly startsSentence: boolean
}

/** A question, taken apart once for all comparisons. */
export interface ReadQuestion {
  readonly tokens: readonly Token[]
  /** The tokens that carry the matter: all but function words. */
  readonly content: readonly Token[]
  readonly lowerWords: readonly string[]
}

/** Words with inner marks ("401(k)" gives "401" and "k"; "WT-44219", "X2:4", "0.5" stay whole), and signs that compare. */
const tokenPattern = /[\p{L}\p{N}]+(?:['.,:/_-][\p{L}\p{N}]+)*|[<>=≤≥±%+#]|[.?!;]/gu

export const readQuestion = (question: string): ReadQuestion => {
  const raw = withUnits(question.normalize("NFKC").replace(/[‘’]/g, "'").match(tokenPattern) ?? [])
  const shouting = mostlyCapitals(raw)
  const tokens: Token[] = []
  let atStart = true
  for (const text of raw) {
    if (/^[.?!;]$/.test(text)) {
      atStart = true
      continue
    }
    const expanded = contractions.get(text.toLowerCase())?.split(" ") ?? [withoutPossessive(text)]
    for (const part of expanded) {
      tokens.push(readToken(part, atStart, shouting))
      atStart = false
    }
  }
  return {
    tokens,
    content: tokens.filter((token) => token.content),
    lowerWords: tokens.map((token) => token.lower),
  }
}

const readToken = (text: string, startsSentence: boolean, shouting: boolean): Token => {
  const lower = text.toLowerCase()
  const number = numberWords.get(lower)
  const exact =
    number !== undefined ||
    /\p{N}/u.test(text) ||
    (text.length === 1 && /[b-hj-z]/i.test(text)) ||
    /^[^\p{L}]$/u.test(text)
  const isFunction = functionWords.has(lower) && !isAcronym(text)
  return {
    text,
    lower,
    stem: exact ? (number ?? text) : (synonymOf(lower) ?? synonymOf(stem(lower)) ?? stem(lower)),
    exact,
    name: !startsSentence && !shouting && !exact && !isFunction && /^\p{Lu}/u.test(text),
    content: !isFunction,
    startsSentence,
  }
}

/** "F3's rating" is of F3. */
const withoutPossessive = (text: string): string => (/\p{N}'s$/u.test(text) ? text.slice(0, -2) : text)

/** "10 kg" is "10kg": a number and its unit are one thing. Units keep their case, because "mW" is not "MW". */
const withUnits = (raw: readonly string[]): readonly string[] =>
  raw.flatMap((text, index) => {
    const [previous = "", next = ""] = [raw[index - 1], raw[index + 1]]
    if (units.has(text) && isNumber(previous)) return []
    return isNumber(text) && units.has(next) ? [text + next] : [text]
  })

const isNumber = (text: string): boolean => /^\d[\d.,]*$/.test(text)
const units = words(
  "kg g mg lb lbs oz t m cm mm km ft s ms h min V kV mV A mA kA W kW MW mW VA kVA MVA Hz kHz MHz GHz Ω kΩ MΩ F µF nF pF H mH K k °C C bar Pa kPa l ml GB MB TB px rpm Nm mm² %",
)

/** "IT", "US": capitals that make a name of what would be a function word. */
const isAcronym = (text: string): boolean => text.length > 1 && /^\p{Lu}+$/u.test(text) && text !== "I"

/** In titles and shouted text capitals say nothing. */
const mostlyCapitals = (raw: readonly string[]): boolean => {
  const longer = raw.filter((text) => /^\p{L}{2,}/u.test(text))
  return longer.length > 2 && longer.filter((text) => /^\p{Lu}/u.test(text)).length > longer.length * 0.6
}
