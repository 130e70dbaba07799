import type { FinishReason } from "../../contract/analyze.ts"

interface WholeAnswer {
  readonly answer: string
  readonly finishReason: FinishReason
  /** Of a consensus: whether most said the same. */
  readonly agreed?: boolean | undefined
}

/**
 * Only a whole answer is worth keeping: never a truncated, refused or tool-using one, and never an empty one. Where
 * candidates disagree, asking again may well say something else.
 */
export const mayBeCached = ({ answer, finishReason, agreed }: WholeAnswer): boolean =>
  finishReason === "stop" && answer.trim() !== "" && agreed !== false
