import type { Token } from "../read-question.ts"
import { functionWords, words } from "../word-lists.ts"
import { against } from "./veto.ts"
import type { Veto } from "./veto.ts"

/** Words that judge rather than name may stand before or after what they judge: "Which is the best sport", "which sport is best". */
const judging = words("best good better most least worst great nice top early much well favorite")

/**
 * The words that both questions share must stand in the same order, wherever the questions have few words beside them:
 * "Does K1 switch K2?" is not "Does K2 switch K1?", and no bag of words can tell. Three moves are harmless: of a judging
 * word, of two words joined by "and" or "or", and of a noun behind its "of" or "for" ("project ideas", "ideas for a project").
 */
export const wordOrder: Veto = ({ asked, stored, onlyAsked, onlyStored }) => {
  if (onlyAsked.length + onlyStored.length > 1) return undefined
  const one = sharedInOrder(asked.tokens, onlyAsked)
  const placeOf = occurrences(sharedInOrder(stored.tokens, onlyStored))
  const seen = new Map<string, number>()
  let [before, placeBefore]: [Token | undefined, number] = [undefined, -1]
  for (const token of one) {
    const count = seen.get(token.stem) ?? 0
    seen.set(token.stem, count + 1)
    const place = placeOf.get(token.stem)?.[count] ?? placeBefore
    if (before !== undefined && place < placeBefore && !isHarmless(before, token, asked.tokens, stored.tokens)) {
      return against([before.text, token.text], [token.text, before.text])
    }
    ;[before, placeBefore] = [token, place]
  }
  return undefined
}

/** Where each stem stands, occurrence by occurrence. */
const occurrences = (tokens: readonly Token[]): ReadonlyMap<string, readonly number[]> => {
  const places = new Map<string, number[]>()
  for (const [place, { stem }] of tokens.entries()) {
    const known = places.get(stem)
    if (known === undefined) places.set(stem, [place])
    else known.push(place)
  }
  return places
}

const sharedInOrder = (tokens: readonly Token[], alone: readonly Token[]): readonly Token[] =>
  tokens.filter((token) => token.content && !alone.includes(token) && !judging.has(token.lower))

const isHarmless = (before: Token, after: Token, asked: readonly Token[], stored: readonly Token[]): boolean =>
  (joined(before, after, asked) && joined(after, before, stored)) ||
  (compound(before, after, asked) && linked(after, before, stored)) ||
  (linked(before, after, asked) && compound(after, before, stored))

const between = (first: Token, second: Token, tokens: readonly Token[]): readonly string[] | undefined => {
  const from = tokens.findIndex(({ stem }) => stem === first.stem)
  const to = tokens.findIndex(({ stem }, index) => index > from && stem === second.stem)
  return from < 0 || to < 0 || to - from > 4 ? undefined : tokens.slice(from + 1, to).map(({ lower }) => lower)
}

const skipped = words("a an the my your our")
const links = words("of for")
const joined = (first: Token, second: Token, tokens: readonly Token[]): boolean => {
  const inner = between(first, second, tokens)?.filter((word) => !skipped.has(word))
  return inner?.length === 1 && (inner[0] === "and" || inner[0] === "or")
}
/** "ideas for a project", "institutes for GMAT": the second word depends on the first by "of" or "for". */
const linked = (first: Token, second: Token, tokens: readonly Token[]): boolean =>
  links.has(
    between(first, second, tokens)
      ?.filter((word) => !skipped.has(word) && !judging.has(word))
      .at(-1) ?? "",
  )
/** "senior project ideas": nothing but nouns from the first to the second. */
const compound = (first: Token, second: Token, tokens: readonly Token[]): boolean =>
  between(first, second, tokens)?.every((word) => !functionWords.has(word)) ?? false
