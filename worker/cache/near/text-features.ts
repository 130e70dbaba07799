import type { Comparison } from "./compare-questions.ts"
import { questionClasses } from "./question-classes.ts"

/** What two wordings that no veto parts may still differ in; each is bounded, so that no single one decides. */
export const textFeatureNames = [
  "all content shared",
  "content on both sides",
  "content on one side",
  "content shared",
  "words shared",
  "another question class",
  "names on one side",
  "difference in length",
] as const

export const textFeatures = ({ asked, stored, shared, onlyAsked, onlyStored }: Comparison): readonly number[] => {
  const [few, many] = [onlyAsked.length, onlyStored.length].toSorted((one, other) => one - other)
  const [words, others] = [new Set(asked.lowerWords), new Set(stored.lowerWords)]
  const common = [...words].filter((word) => others.has(word)).length
  const names = [...onlyAsked, ...onlyStored].filter(({ name }) => name).length
  const classes = [asked, stored].map((question) => questionClasses(question).join())
  const lengths = [asked.tokens.length, stored.tokens.length]
  return [
    onlyAsked.length + onlyStored.length === 0 ? 1 : 0,
    Math.min(few ?? 0, 6),
    Math.min(many ?? 0, 6),
    Math.log1p(shared),
    common / Math.max(1, words.size + others.size - common),
    classes[0] === classes[1] ? 0 : 1,
    Math.min(names, 3),
    1 - Math.min(...lengths) / Math.max(1, ...lengths),
  ]
}
