import type { ReadQuestion, Token } from "./read-question.ts"
import { words } from "./word-lists.ts"

const questionWords = words("what which who whom whose where when why how")
const measures = words("many much long old far tall big high wide deep often fast heavy large hot cold hard")
const commands = words("list show tell describe give find name explain identify read summarize write state")
const facts = words("is are was were am be do does did has have had")
const abilities = words("can could may might")
const duties = words("should must ought shall")
const futures = words("will would")
const states = words("is are was were am")
const ways = words("way ways method methods tips steps procedure")
const joining = words("and or")

/** One class for each clause that asks, in order: "how many", "where", "can", … */
export const questionClasses = ({ tokens }: ReadQuestion): readonly string[] => {
  const classes: string[] = []
  for (const [index, token] of tokens.entries()) {
    if (questionWords.has(token.lower)) {
      if (token.lower === "why" && isAddition(tokens, index)) continue
      if (classes.length > 0 && !token.startsSentence && !opensAnother(tokens, index)) continue
      classes.push(classOf(tokens, index))
    } else if (token.startsSentence) {
      const starting = startingClass(tokens, index)
      if (starting !== undefined) classes.push(starting)
    }
  }
  return classes
}

/** "… and why?", "Why or why not?" at the end ask for reasons with the answer, not for another one. */
const isAddition = (tokens: readonly Token[], index: number): boolean =>
  index > 0 && tokens.slice(index).every(({ lower }) => lower === "why" || lower === "or" || lower === "not")

/** "and how many": a second question in the sentence; "the breaker which feeds": none. */
const opensAnother = (tokens: readonly Token[], index: number): boolean =>
  joining.has(tokens[index - 1]?.lower ?? "") && tokens[index]?.lower !== "which"

const startingClass = (tokens: readonly Token[], index: number): string | undefined => {
  const word = tokens[index]?.lower ?? ""
  if (begins(tokens, index, "is it possible")) return "can"
  if (facts.has(word)) return "is"
  if (abilities.has(word)) return "can"
  if (duties.has(word)) return "should"
  if (futures.has(word)) return "will"
  if (word === "count") return "how many"
  return commands.has(word) ? "what" : undefined
}

const classOf = (tokens: readonly Token[], index: number): string => {
  const word = tokens[index]?.lower ?? ""
  const next = tokens[index + 1]?.lower ?? ""
  const duty = tokens.slice(index + 1, index + 4).some(({ lower }) => duties.has(lower)) ? " should" : ""
  if (word === "how") return measures.has(next) ? `how ${next}` : states.has(next) ? "how is" : `how${duty}`
  if (word === "which" || word === "what") {
    if (begins(tokens, index, "what is the number of")) return "how many"
    if (next === "time") return "when"
    return `${asksForWay(tokens, index) ? "how" : "what"}${duty}`
  }
  return word === "whom" ? "who" : `${word}${duty}`
}

/** "What is the best way to …", "what can I do to …": how. */
const asksForWay = (tokens: readonly Token[], index: number): boolean => {
  const near = tokens.slice(index + 1, index + 7).map(({ lower }) => lower)
  const way = near.findIndex((word) => ways.has(word))
  if (way >= 0) return ["to", "of", "for"].includes(near[way + 1] ?? "")
  return begins(tokens, index, "what can i do to") || begins(tokens, index, "what should i do to")
}

const begins = (tokens: readonly Token[], index: number, phrase: string): boolean =>
  phrase.split(" ").every((word, offset) => tokens[index + offset]?.lower === word)
