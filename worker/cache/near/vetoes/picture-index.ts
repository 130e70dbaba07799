import { words } from "../word-lists.ts"
import { against } from "./veto.ts"
import type { Veto } from "./veto.ts"

const pictures = words(
  "picture pictures image images photo photos photograph photographs pic drawing drawings diagram diagrams page pages sheet sheets",
)
const pointers = words(
  "this that these those both each other another first second third last every all either neither two three",
)

/** With several pictures, the words that say which one is meant must be the same: "this picture", "both photos". */
export const pictureIndex: Veto = ({ asked, stored }, imageCount) => {
  if (imageCount < 2) return undefined
  const [inAsked, inStored] = [pointersIn(asked.lowerWords), pointersIn(stored.lowerWords)]
  return inAsked.join(" ") === inStored.join(" ") ? undefined : against(inAsked, inStored)
}

const pointersIn = (list: readonly string[]): readonly string[] =>
  list.flatMap((word, index) => {
    if (!pictures.has(word)) return []
    const before = list.slice(Math.max(0, index - 2), index).filter((near) => pointers.has(near))
    const after = list[index + 1] ?? ""
    return [[...before, word.replace(/s$/, ""), ...(/^[0-9a-z]$/.test(after) ? [after] : [])].join(" ")]
  })
