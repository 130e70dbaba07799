import { antonyms } from "./antonyms.ts"
import { entities } from "./entities.ts"
import { freshness } from "./freshness.ts"
import { negation } from "./negation.ts"
import { numbers } from "./numbers.ts"
import { pictureIndex } from "./picture-index.ts"
import { placeAndOrder } from "./place-and-order.ts"
import { questionWord } from "./question-word.ts"
import { substitution } from "./substitution.ts"
import type { Veto } from "./veto.ts"
import { wordOrder } from "./word-order.ts"

export type VetoName =
  | "numbers"
  | "negation"
  | "antonyms"
  | "entities"
  | "question_word"
  | "place_and_order"
  | "picture_index"
  | "word_order"
  | "substitution"
  | "freshness"

/** In the order in which they are asked; the first that finds something refuses. */
export const vetoes: readonly (readonly [VetoName, Veto])[] = [
  ["numbers", numbers],
  ["negation", negation],
  ["antonyms", antonyms],
  ["entities", entities],
  ["question_word", questionWord],
  ["place_and_order", placeAndOrder],
  ["picture_index", pictureIndex],
  ["word_order", wordOrder],
  ["substitution", substitution],
  ["freshness", freshness],
]
