import type { FinishReason } from "../../contract/analyze.ts"

/** Only a whole answer is worth keeping: never a truncated, refused or tool-using one, and never an empty one. */
export const mayBeCached = (answer: { readonly answer: string; readonly finishReason: FinishReason }): boolean =>
  answer.finishReason === "stop" && answer.answer.trim() !== ""
