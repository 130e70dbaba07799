import { words } from "../word-lists.ts"
import { against, missingFrom } from "./veto.ts"
import type { Veto } from "./veto.ts"

const placesAndOrders = words(`
  left right top bottom upper lower middle corner front rear behind above below under underneath beneath beside between
  inside outside nearest adjacent opposite farthest furthest closest foreground background leftmost rightmost
  first second third fourth fifth sixth seventh eighth ninth tenth last 1st 2nd 3rd 4th 5th only both
`)

/** Words of place and of order must be the same on both sides: they say which one is meant. */
export const placeAndOrder: Veto = ({ asked, stored }) => {
  const of = (list: readonly string[]): readonly string[] => list.filter((word) => placesAndOrders.has(word))
  const [inAsked, inStored] = [of(asked.lowerWords), of(stored.lowerWords)]
  const [onlyInAsked, onlyInStored] = [missingFrom(inStored, inAsked), missingFrom(inAsked, inStored)]
  return onlyInAsked.length + onlyInStored.length === 0 ? undefined : against(onlyInAsked, onlyInStored)
}
