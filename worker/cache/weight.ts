import type { CachedAnswer } from "../ports/answer-cache.ts"

/** Keys, numbers, and what an engine adds for each object. */
const overheadBytes = 1_000

/** About how much memory an answer takes: engines keep texts with two bytes a character at most. */
export const weightBytes = ({ question, answer }: CachedAnswer, vector?: Int8Array): number =>
  overheadBytes + 2 * (question.length + answer.length) + (vector?.length ?? 0)
