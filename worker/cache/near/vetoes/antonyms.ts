import { antonymGroups } from "./antonym-groups.ts"
import { against } from "./veto.ts"
import type { Veto } from "./veto.ts"

interface Place {
  readonly set: number
  readonly side: number
}

const placesOf: ReadonlyMap<string, readonly Place[]> = (() => {
  const map = new Map<string, Place[]>()
  for (const [set, line] of antonymGroups.trim().split("\n").entries()) {
    for (const [side, words] of line.split("/").entries()) {
      for (const word of words.trim().split(" ")) map.set(word, [...(map.get(word) ?? []), { set, side }])
    }
  }
  return map
})()

/** A word on one side where the other has its opposite, or another member of its set. */
export const antonyms: Veto = ({ asked, stored }) => {
  const [inAsked, inStored] = [new Set(asked.lowerWords), new Set(stored.lowerWords)]
  const only = (words: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
    [...words].filter((word) => !others.has(word) && placesOf.has(word))
  const onlyInStored = only(inStored, inAsked)
  for (const one of only(inAsked, inStored)) {
    const other = onlyInStored.find((word) => excludeEachOther(one, word))
    if (other !== undefined) return against([one], [other])
  }
  return undefined
}

const excludeEachOther = (one: string, other: string): boolean =>
  (placesOf.get(one) ?? []).some(({ set, side }) =>
    (placesOf.get(other) ?? []).some((place) => place.set === set && place.side !== side),
  )
