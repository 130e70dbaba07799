import { questionClasses } from "../question-classes.ts"
import { words } from "../word-lists.ts"
import { against, missingFrom } from "./veto.ts"
import type { Veto } from "./veto.ts"

/** Classes that people use for one another: "how can I" for "what can I do to", "can I" for "is it". Then other signs decide. */
const loose = [words("how what"), words("how can"), words("is will"), words("is can")]

/**
 * What is asked for must be the same: a place is no time, a reason no manner, a number no yes or no. Where one question
 * only asks something in addition, or the classes are near, the confidence takes it into account instead.
 */
export const questionWord: Veto = ({ asked, stored }) => {
  const [ofAsked, ofStored] = [questionClasses(asked), questionClasses(stored)]
  const [onlyInAsked, onlyInStored] = [missingFrom(ofStored, ofAsked), missingFrom(ofAsked, ofStored)]
  const clash = onlyInAsked.some((one) => onlyInStored.some((other) => !mayMeanTheSame(one, other)))
  return clash ? against(onlyInAsked, onlyInStored) : undefined
}

const mayMeanTheSame = (one: string, other: string): boolean => {
  const [a, b] = [one.replace(" should", ""), other.replace(" should", "")]
  return a === b || loose.some((pair) => pair.has(a) && pair.has(b))
}
