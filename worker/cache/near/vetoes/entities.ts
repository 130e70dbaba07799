import { against, textsOf } from "./veto.ts"
import type { Veto } from "./veto.ts"

/** Names (words with a capital where grammar asks for none) that differ: each question has one that the other lacks. */
export const entities: Veto = ({ onlyAsked, onlyStored }) => {
  const [asked, stored] = [onlyAsked.filter(({ name }) => name), onlyStored.filter(({ name }) => name)]
  return asked.length > 0 && stored.length > 0 ? against(textsOf(asked), textsOf(stored)) : undefined
}
